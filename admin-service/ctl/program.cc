#include "ctl/program.h"

#include "ctl/command_line.h"
#include "ctl/commands.h"
#include "ctl/completion.h"
#include "ctl/context_commands.h"
#include "ctl/interruption.h"
#include "ctl/list_watch.h"
#include "ctl/output.h"
#include "ctl/session.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace {

Time Now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// Streams are where a command that goes on writes each time anew.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  std::size_t width;
};

// KeepListing carries out one list command again and again.
template <class List>
result::Result<ExitCode> KeepListing(Session& session, const Streams& streams, bool is_json, const List& command) {
  ASSIGN_OR_RETURN(const auto interval, ParseWatchInterval(command.watch.interval));
  const Interruption interruption;
  ListWatch watch(
      streams.out,
      {.is_json = is_json, .width = streams.width, .title = "Every " + command.watch.interval + ", until Ctrl-C"});
  return Repeat({.list =
                     [&] {
                       const Interruption::Call call;
                       Output round(streams.out, streams.err,
                                    {.is_json = is_json, .width = streams.width, .now = Now(), .watch = &watch});
                       return Run(session, round, command);
                     },
                 .show = [&] { watch.Show(); },
                 .pause = [&] { return interruption.Wait(interval); },
                 .tell =
                     [&](const result::Error* outage) {
                       if (outage == nullptr) {
                         if (!is_json) streams.err << "certifierctl: there it is again" << std::endl;
                       } else if (is_json) {
                         streams.err << PrintErrorJson(*outage) << std::flush;
                       } else {
                         streams.err << "certifierctl: " << TerminalText(outage->detail) << "; trying again each "
                                     << command.watch.interval << std::endl;
                       }
                     },
                 .is_heard = [&] { return streams.out.good(); }});
}

// Executor carries out the one command that it is given.
struct Executor {
  const GlobalArguments& global;
  Output& output;
  Streams streams;

  template <class Chosen>
  result::Result<ExitCode> operator()(const Chosen& command) const {
    if constexpr (requires { Run(global, output, command); }) {
      RETURN_IF_ERROR(Run(global, output, command));
    } else {
      ASSIGN_OR_RETURN(const auto known, WithContext(global));
      ASSIGN_OR_RETURN(Session session, Session::Open(known));
      if constexpr (requires { command.watch; }) {
        if (command.watch.is_on) return KeepListing(session, streams, global.is_json, command);
      }
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
  Output output(out, err, {.is_json = invocation.global.is_json, .width = width, .now = Now()});
  const auto done = std::visit(Executor{invocation.global, output, {out, err, width}}, invocation.command);
  if (!done) return output.Failure(done.error(), NextStep(invocation.command, done.error()));
  return *done;
}

}  // namespace ctl
