#include "certifier/v1/request.grpc.pb.h"
#include "ctl/challenge_file.h"
#include "ctl/commands.h"
#include "ctl/http_client.h"
#include "ctl/report_view.h"
#include "ctl/terminal_text.h"
#include "ctl/times.h"
#include "doctor/doctor.h"

namespace ctl {

namespace v1 = certifier::v1;

namespace {

// A subject of its own for each run: some servers issue once for a name.
result::Result<pki::Name> DrawSubject() {
  constexpr std::size_t kOctets = 4;
  ASSIGN_OR_RETURN(const pki::Bytes number, pki::RandomBytes(kOctets));
  return pki::Name::FromString("CN=certifierctl-doctor-" + pki::HexLower(number));
}

result::Result<doctor::Settings> SettingsFor(const Doctor& command) {
  doctor::Settings settings;
  settings.ca = command.ca;
  settings.now = [] { return std::chrono::system_clock::now(); };
  settings.make_key = [] { return pki::PrivateKey::Generate("rsa-2048"); };
  auto subject = command.subject.empty() ? DrawSubject() : pki::Name::FromString(command.subject);
  if (!subject.has_value()) return result::Wrap("--subject", std::move(subject).error());
  settings.subject = *std::move(subject);
  if (!command.challenge_file.empty()) {
    ASSIGN_OR_RETURN(settings.challenge, ReadChallenge(command.challenge_file));
  }
  if (!command.fingerprint.empty()) {
    auto fingerprint = pki::ParseFingerprint(command.fingerprint);
    if (!fingerprint.has_value()) return result::Wrap("--fingerprint", std::move(fingerprint).error());
    settings.fingerprint = *std::move(fingerprint);
  }
  return settings;
}

result::Result<ExitCode> DiagnoseServer(const GlobalArguments& global, Output& output, const Doctor& command) {
  ASSIGN_OR_RETURN(const std::chrono::milliseconds timeout, ParseTimeout(global.timeout));
  ASSIGN_OR_RETURN(Url url, Url::Parse(command.target));
  ASSIGN_OR_RETURN(doctor::Settings settings, SettingsFor(command));
  settings.heard = [&output, count = 0](const doctor::Finding& finding) mutable {
    ++count;
    output.Progress(std::to_string(count) + (count == 1 ? " check" : " checks") + " made, the last one " +
                    finding.check);
  };
  HttpClient client(std::move(url), timeout);
  output.Progress("Asking " + TerminalText(command.target));
  auto examined = doctor::Examine(client, settings);
  output.Progress("");
  ASSIGN_OR_RETURN(const doctor::Report report, std::move(examined));
  if (output.is_json()) {
    output.Text(ReportJson(command.target, report));
  } else {
    output.Rows(ReportTable(report));
    output.Note("\n" + ReportCounts(report));
  }
  return report.Count(doctor::Verdict::kFail) == 0 ? ExitCode::kOk : ExitCode::kChecksFailed;
}

result::Result<ExitCode> DiagnoseTransaction(const GlobalArguments& global, Output& output, const Doctor& command) {
  ASSIGN_OR_RETURN(Session session, Session::Open(global));
  v1::ExplainRequestRequest request;
  request.set_query(command.target);
  ASSIGN_OR_RETURN(const v1::ExplainRequestResponse response,
                   session.Call(&v1::RequestService::Stub::ExplainRequest, request));
  if (output.is_json()) {
    output.Text(AdviceJson(response));
    return ExitCode::kOk;
  }
  output.Rows(AdviceTable(response, output.now()));
  output.Note("\nEach in full: certifierctl request explain '" + TerminalText(command.target) + "'");
  return ExitCode::kOk;
}

}  // namespace

result::Result<ExitCode> Diagnose(const GlobalArguments& global, Output& output, const Doctor& command) {
  const bool is_url = command.target.find("://") != std::string::npos;
  return is_url ? DiagnoseServer(global, output, command) : DiagnoseTransaction(global, output, command);
}

}  // namespace ctl
