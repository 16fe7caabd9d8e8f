#include "policy/modules.h"

namespace engine::policy {

namespace {

using Parameters = certifier::v1::ActiveCertificateLimit;
constexpr std::uint32_t kMost = 1000;

class ActiveCertificateLimit final : public Module {
 public:
  ActiveCertificateLimit(std::uint32_t max, Parameters::Exceeded exceeded) : max_(max), exceeded_(exceeded) {}

  Finding Judge(const Facts& facts, Draft&) const override {
    if (facts.entity == nullptr) return Pass("the request is for no entity");
    const auto& active = facts.entity->active_certificates;
    std::string saw = "entity " + facts.entity->name + " has " + std::to_string(active.size()) + " of " +
                      std::to_string(max_) + " active certificates";
    if (active.size() < max_) return Pass(std::move(saw));
    if (exceeded_ == Parameters::EXCEEDED_HOLD) return Say(Verdict::kHold, std::move(saw));
    if (exceeded_ != Parameters::EXCEEDED_REVOKE_OLDEST) return Deny(std::move(saw));
    // Room for the new one.
    const auto excess = static_cast<std::ptrdiff_t>(active.size() - max_ + 1);
    Finding finding = Pass(saw + "; the oldest is to be revoked");
    finding.revokes.assign(active.begin(), active.begin() + excess);
    return finding;
  }

 private:
  const std::uint32_t max_;
  const Parameters::Exceeded exceeded_;
};

}  // namespace

ModulePtr MakeModule(const Parameters& parameters, Faults& faults) {
  faults.Require(parameters.max() >= 1 && parameters.max() <= kMost, "max is not 1 to 1000");
  faults.Require(Parameters::Exceeded_IsValid(parameters.exceeded()), "exceeded is none of its values");
  return std::make_unique<ActiveCertificateLimit>(parameters.max(), parameters.exceeded());
}

}  // namespace engine::policy
