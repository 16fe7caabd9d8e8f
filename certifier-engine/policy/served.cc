#include "policy/served.h"

#include <algorithm>

namespace engine::policy {

namespace {

using result::Reason;

// More than one approval by any operator.
bool AsksForMore(const certifier::v1::Module& module) {
  const auto& approval = module.require_approval();
  return module.has_require_approval() &&
         (approval.approvals() > 1 || !approval.groups().empty() || !module.from_attributes().empty());
}

}  // namespace

result::Result<void> CheckTried(const Policy& policy) {
  if (policy.needs == Needs{}) return {};
  return result::Fail(Reason::kMalformed,
                      "active_certificate_limit, request_rate_limit and unique_key are not served by this engine: it "
                      "does not look up yet what they judge");
}

result::Result<void> CheckServed(const certifier::v1::Policy& document, const Policy& policy) {
  RETURN_IF_ERROR(CheckTried(policy));
  if (policy.asks_webhook) return result::Fail(Reason::kMalformed, "this engine calls no webhooks yet");
  if (document.has_view_request()) {
    return result::Fail(Reason::kMalformed, "view_request: this engine does not run it yet");
  }
  for (const auto* chain : {&document.receive_request(), &document.accept_request(), &document.update_request()}) {
    if (std::ranges::any_of(chain->modules(), AsksForMore)) {
      return result::Fail(Reason::kMalformed,
                          "require_approval: this engine serves one approval by any operator, no more yet");
    }
  }
  return {};
}

}  // namespace engine::policy
