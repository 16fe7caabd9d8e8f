#include <fstream>

#include "certifier/v1/request.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/http_client.h"
#include "ctl/report_view.h"
#include "ctl/terminal_text.h"
#include "ctl/times.h"
#include "doctor/doctor.h"

namespace ctl {

namespace v1 = certifier::v1;

namespace {

using result::Fail;
using result::Reason;

// Octets of a challenge (requirements P-12), and of a line end behind it.
constexpr std::size_t kMaxChallenge = 255, kMaxLineEnd = 2;

// ReadChallenge reads the one line of a file; nothing is left of it but the Secret.
result::Result<pki::Secret> ReadChallenge(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  pki::Bytes text(kMaxChallenge + kMaxLineEnd + 1, '\0');
  const bool is_read = file && file.read(text.data(), static_cast<std::streamsize>(text.size())).eof();
  text.resize(static_cast<std::size_t>(file.gcount()));
  text.erase(text.find_last_not_of("\r\n") + 1);
  pki::Secret challenge(std::move(text));
  if (!is_read) return Fail(Reason::kMalformed, "cannot read a challenge of at most 255 octets from " + path);
  const pki::ByteView octets = challenge.Reveal();
  if (octets.empty() || octets.find_first_of("\r\n") != pki::ByteView::npos) {
    return Fail(Reason::kMalformed, path + " must hold one line, the challenge");
  }
  return challenge;
}

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
  ASSIGN_OR_RETURN(const doctor::Settings settings, SettingsFor(command));
  HttpClient client(std::move(url), timeout);
  ASSIGN_OR_RETURN(const doctor::Report report, doctor::Examine(client, settings));
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
