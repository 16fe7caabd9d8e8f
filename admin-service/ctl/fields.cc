#include "ctl/fields.h"

namespace ctl {

namespace {

void AppendFingerprint(Details& details, const std::string& label, const certifier::v1::Fingerprint& fingerprint) {
  details.emplace_back(label, fingerprint.grouped());
  details.emplace_back("", fingerprint.colon());
  details.emplace_back("", fingerprint.upper());
  details.emplace_back("", fingerprint.lower());
}

}  // namespace

std::vector<std::string> ExtensionTexts(
    const google::protobuf::RepeatedPtrField<certifier::v1::Extension>& extensions) {
  std::vector<std::string> texts;
  for (const auto& extension : extensions) {
    std::string text = extension.name() + (extension.is_critical() ? " (critical): " : ": ");
    for (const char character : extension.text()) text += character == '\n' ? ' ' : character;
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

std::string PolicyText(const std::string& policy, std::uint32_t version) {
  if (policy.empty() || version == 0) return policy;
  return policy + " (version " + std::to_string(version) + ")";
}

std::string TimeText(bool has_time, const google::protobuf::Timestamp& timestamp) {
  return has_time ? FormatTime(ToTime(timestamp)) : "";
}

std::string TimeAndDistance(bool has_time, const google::protobuf::Timestamp& timestamp, Time now) {
  if (!has_time) return "";
  const Time time = ToTime(timestamp);
  return FormatTime(time) + " (" + FormatAgo(time, now) + ")";
}

void ShowFingerprints(Output& output, const std::string& what, const certifier::v1::Fingerprints& fingerprints) {
  Details details;
  AppendFingerprint(details, "  SHA-256", fingerprints.sha256());
  AppendFingerprint(details, "  SHA-1", fingerprints.sha1());
  AppendFingerprint(details, "  MD5 (identification only)", fingerprints.md5());
  output.Text("\nFingerprints, " + what + ":");
  output.Values(details);
}

}  // namespace ctl
