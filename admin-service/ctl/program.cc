#include "ctl/program.h"

#include "ctl/command_line.h"
#include "ctl/commands.h"
#include "ctl/completion.h"
#include "ctl/context_commands.h"
#include "ctl/output.h"
#include "ctl/session.h"

namespace ctl {

namespace {

// Executor carries out the one command that it is given.
struct Executor {
  const GlobalArguments& global;
  Output& output;

  template <class Chosen>
  result::Result<ExitCode> operator()(const Chosen& command) const {
    if constexpr (requires { Run(global, output, command); }) {
      RETURN_IF_ERROR(Run(global, output, command));
    } else {
      ASSIGN_OR_RETURN(const auto known, WithContext(global));
      ASSIGN_OR_RETURN(Session session, Session::Open(known));
      RETURN_IF_ERROR(Run(session, output, command));
    }
    return ExitCode::kOk;
  }
  result::Result<ExitCode> operator()(const PolicyDiff& command) const {
    ASSIGN_OR_RETURN(const auto known, WithContext(global));
    ASSIGN_OR_RETURN(Session session, Session::Open(known));
    return Compare(session, output, command);
  }
  result::Result<ExitCode> operator()(const AuditVerify& command) const { return Verify(output, command); }
  result::Result<ExitCode> operator()(const Doctor& command) const {
    ASSIGN_OR_RETURN(const auto known, WithContext(global));
    return Diagnose(known, output, command);
  }
  result::Result<ExitCode> operator()(const Completion& command) const {
    ASSIGN_OR_RETURN(const auto script, CompletionScript(command.shell));
    output.Text(script);
    return ExitCode::kOk;
  }
  result::Result<ExitCode> operator()(const Complete& command) const {
    for (const auto& candidate : Candidates(command.words)) output.Text(candidate);
    return ExitCode::kOk;
  }
};

}  // namespace

ExitCode RunProgram(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
                    std::size_t width) {
  const auto parsed = ParseCommandLine(arguments, out, err);
  if (const ExitCode* code = std::get_if<ExitCode>(&parsed)) return *code;
  const auto& invocation = std::get<Invocation>(parsed);
  const Time now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  Output output(out, err, {.is_json = invocation.global.is_json, .width = width, .now = now});
  const auto done = std::visit(Executor{invocation.global, output}, invocation.command);
  if (!done) return output.Failure(done.error(), NextStep(invocation.command, done.error()));
  return *done;
}

}  // namespace ctl
