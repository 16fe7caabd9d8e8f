#include <algorithm>

#include "pki/secret.h"
#include "policy/modules.h"
#include "policy/text.h"

namespace engine::policy {

namespace {

constexpr std::uint32_t kMostDays = 3650, kMostHours = 23, kMostBackdateMinutes = 1440, kMostJitterPercent = 50;

struct Validity {
  std::chrono::seconds length{0};
  std::optional<std::chrono::minutes> backdate;
  unsigned jitter_percent = 0;
};

// A random part of the most that the jitter may take.
std::chrono::seconds DrawJitter(const Validity& validity) {
  const auto most = validity.length / 100 * static_cast<int>(validity.jitter_percent);
  const auto octets = pki::RandomBytes(sizeof(std::uint32_t));
  if (most.count() == 0 || !octets) return std::chrono::seconds(0);
  std::uint64_t drawn = 0;
  for (const char octet : *octets) drawn = drawn << 8 | static_cast<std::uint8_t>(octet);
  return std::chrono::seconds(static_cast<std::int64_t>(drawn % (static_cast<std::uint64_t>(most.count()) + 1)));
}

class SetValidity final : public Module {
 public:
  explicit SetValidity(const Validity& validity) : validity_(validity) {}

  Finding Judge(const Facts& facts, Draft& draft) const override {
    if (facts.ca_not_after <= facts.now) return Deny("the CA's certificate has ended");
    const TimePoint wanted = facts.now + validity_.length - DrawJitter(validity_);
    const TimePoint not_after = std::min(wanted, facts.ca_not_after);
    draft.certificate.not_after = not_after;
    Finding finding = Changed(wanted > facts.ca_not_after ? "the CA ends before" : "the CA lasts longer",
                              "not_after: " + TimeText(not_after));
    if (validity_.backdate) {
      draft.certificate.not_before = facts.now - *validity_.backdate;
      finding.changes.push_back("not_before: " + TimeText(*draft.certificate.not_before));
    }
    return finding;
  }

 private:
  const Validity validity_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::SetValidity& parameters, Faults& faults) {
  faults.Require(parameters.days() <= kMostDays, "days is above 3650");
  faults.Require(parameters.hours() <= kMostHours, "hours is above 23");
  faults.Require(parameters.days() != 0 || parameters.hours() != 0, "days and hours are both 0");
  faults.Require(parameters.backdate_minutes() <= kMostBackdateMinutes, "backdate_minutes is above 1440");
  faults.Require(parameters.jitter_percent() <= kMostJitterPercent, "jitter_percent is above 50");
  Validity validity;
  validity.length = std::chrono::hours(24) * parameters.days() + std::chrono::hours(parameters.hours());
  if (parameters.has_backdate_minutes()) validity.backdate = std::chrono::minutes(parameters.backdate_minutes());
  validity.jitter_percent = parameters.jitter_percent();
  return std::make_unique<SetValidity>(validity);
}

}  // namespace engine::policy
