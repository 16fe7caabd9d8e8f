#include <algorithm>

#include "policy/document.h"
#include "policy/modules.h"

namespace engine::policy {

namespace {

constexpr std::uint32_t kMostMinutes = 43'200, kDefaultMinutes = 60;

class RequestRateLimit final : public Module {
 public:
  RequestRateLimit(std::uint32_t max, std::chrono::minutes period, Verdict exceeded)
      : max_(max), period_(period), exceeded_(exceeded) {}

  Finding Judge(const Facts& facts, Draft&) const override {
    if (facts.entity == nullptr) return Pass("the request is for no entity");
    const auto is_recent = [&](TimePoint at) { return at > facts.now - period_; };
    const auto count = std::ranges::count_if(facts.entity->recent_requests, is_recent);
    std::string saw = "entity " + facts.entity->name + " made " + std::to_string(count) + " of " +
                      std::to_string(max_) + " requests in " + std::to_string(period_.count()) + " minutes";
    return Say(static_cast<std::uint64_t>(count) < max_ ? Verdict::kPass : exceeded_, std::move(saw));
  }

 private:
  const std::uint32_t max_;
  const std::chrono::minutes period_;
  const Verdict exceeded_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::RequestRateLimit& parameters, Faults& faults) {
  faults.Require(parameters.max() >= 1 && parameters.max() <= kMostRecentRequests, "max is not 1 to 10000");
  faults.Require(parameters.period_minutes() <= kMostMinutes, "period_minutes is above 43200");
  const auto minutes = parameters.period_minutes() == 0 ? kDefaultMinutes : parameters.period_minutes();
  const Verdict exceeded = VerdictOr(parameters.exceeded(), Verdict::kDeny, "exceeded", faults);
  faults.Require(exceeded == Verdict::kHold || exceeded == Verdict::kDeny, "exceeded is neither hold nor deny");
  return std::make_unique<RequestRateLimit>(parameters.max(), std::chrono::minutes(minutes), exceeded);
}

}  // namespace engine::policy
