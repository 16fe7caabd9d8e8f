#include "ctl/program.h"

#include "ctl/command_line.h"
#include "ctl/commands.h"
#include "ctl/output.h"
#include "ctl/session.h"

namespace ctl {

namespace {

result::Result<void> Execute(const Invocation& invocation, Output& output) {
  ASSIGN_OR_RETURN(Session session, Session::Open(invocation.global));
  return std::visit([&](const auto& command) { return Run(session, output, command); }, invocation.command);
}

}  // namespace

ExitCode RunProgram(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
                    std::size_t width) {
  const auto parsed = ParseCommandLine(arguments, out, err);
  if (const ExitCode* code = std::get_if<ExitCode>(&parsed)) return *code;
  const auto& invocation = std::get<Invocation>(parsed);
  const Time now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  Output output(out, err, {.is_json = invocation.global.is_json, .width = width, .now = now});
  if (const auto done = Execute(invocation, output); !done) {
    return output.Failure(done.error(), NextStep(invocation.command, done.error()));
  }
  return ExitCode::kOk;
}

}  // namespace ctl
