#include "policy/modules.h"

namespace engine::policy {

namespace {

constexpr int kMostPatterns = 64;
constexpr std::size_t kMostPatternOctets = 255;

}  // namespace

Verdict VerdictOr(certifier::v1::Verdict verdict, Verdict otherwise, std::string_view parameter, Faults& faults) {
  if (verdict == certifier::v1::VERDICT_UNSPECIFIED) return otherwise;
  if (verdict == certifier::v1::VERDICT_PASS) return Verdict::kPass;
  if (verdict == certifier::v1::VERDICT_ACCEPT) return Verdict::kAccept;
  if (verdict == certifier::v1::VERDICT_HOLD) return Verdict::kHold;
  faults.Require(verdict == certifier::v1::VERDICT_DENY, std::string(parameter) + " is no verdict");
  return Verdict::kDeny;
}

std::vector<std::string> ReadPatterns(const google::protobuf::RepeatedPtrField<std::string>& patterns,
                                      std::string_view parameter, Faults& faults) {
  const std::string name(parameter);
  faults.Require(patterns.size() <= kMostPatterns, name + " has more than 64 entries");
  std::vector<std::string> read;
  for (const auto& pattern : patterns) {
    faults.Require(!pattern.empty() && pattern.size() <= kMostPatternOctets, name + ": an entry has 1 to 255 octets");
    read.push_back(pattern);
  }
  return read;
}

}  // namespace engine::policy
