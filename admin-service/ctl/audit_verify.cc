#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "ctl/audit_export.h"
#include "ctl/commands.h"
#include "ctl/policy_file.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace {

using result::Fail;
using result::Reason;
using transparency::Finding;
using transparency::VerifierKey;

std::string WithoutLineEnd(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

result::Result<VerifierKey> ReadKey(const std::string& key) {
  std::string text = key;
  if (std::ifstream(key)) {
    ASSIGN_OR_RETURN(text, ReadText(key));
  }
  auto parsed = VerifierKey::Parse(WithoutLineEnd(std::move(text)));
  if (!parsed) return result::Wrap("--key", std::move(parsed).error());
  return parsed;
}

result::Result<Trust> ReadTrust(const AuditVerify& command) {
  ASSIGN_OR_RETURN(auto key, ReadKey(command.key));
  Trust trust{std::move(key)};
  if (command.remembered.empty()) return trust;
  ASSIGN_OR_RETURN(const std::string note, ReadText(command.remembered));
  auto checkpoint = transparency::OpenCheckpoint(note, trust.key.name(), {&trust.key, 1});
  if (!checkpoint) return result::Wrap("--remembered", std::move(checkpoint).error());
  trust.remembered = checkpoint->head;
  return trust;
}

bool IsSound(Finding finding) {
  return finding == Finding::kOk || finding == Finding::kUnsealed;
}

std::string SentenceFor(const Verification& verification) {
  const auto& verdict = verification.verdict;
  const std::string place = std::to_string(verdict.index);
  switch (verdict.finding) {
    case Finding::kOk:
      return "All " + place + " sealed events are there, as they were sealed.";
    case Finding::kUnsealed:
      return "All " + place +
             " sealed events are there, as they were sealed. Behind them are some that are not sealed.";
    case Finding::kChanged:
      return "Event " + place + " was changed.";
    case Finding::kMissing:
      return "Event " + place + " is missing.";
    case Finding::kInserted:
      return "In the place of event " + place + " stands one that was never sealed.";
    case Finding::kReordered:
      return "In the place of event " + place + " stands another one of the log.";
    case Finding::kTruncated:
      return "The log breaks off before event " + place + ".";
    case Finding::kBadCheckpoint:
      return "The seal of the events from " + place + " on is not the log's.";
  }
  return "";
}

std::string JsonOf(const Verification& verification) {
  const auto& verdict = verification.verdict;
  return nlohmann::ordered_json{{"finding", transparency::ToString(verdict.finding)},
                                {"index", verdict.index},
                                {"detail", verdict.detail},
                                {"event", verification.event},
                                {"events", verification.events}}
      .dump(2, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

result::Result<ExitCode> Verify(Output& output, const AuditVerify& command) {
  ASSIGN_OR_RETURN(const Trust trust, ReadTrust(command));
  std::ifstream file(command.file, std::ios::binary);
  if (!file) return Fail(Reason::kNotFound, command.file + " cannot be read");
  std::error_code unknown;
  const auto size = std::filesystem::file_size(command.file, unknown);
  constexpr std::uint64_t kWhole = 100;
  auto verified = VerifyExport(file, trust, [&](std::uint64_t events, std::uint64_t octets) {
    const std::string share =
        unknown || size == 0 ? "" : ", " + std::to_string(kWhole * octets / size) + "% of the file";
    output.Progress(std::to_string(events) + " events verified" + share);
  });
  output.Progress("");
  if (!verified) return result::Wrap(command.file, std::move(verified).error());
  if (output.is_json()) {
    output.Text(JsonOf(*verified));
  } else {
    output.Text(SentenceFor(*verified));
    if (!verified->verdict.detail.empty()) output.Text("  " + TerminalText(verified->verdict.detail));
    if (!verified->event.empty()) output.Text("  What stands there: " + TerminalText(verified->event));
  }
  return IsSound(verified->verdict.finding) ? ExitCode::kOk : ExitCode::kChecksFailed;
}

}  // namespace ctl
