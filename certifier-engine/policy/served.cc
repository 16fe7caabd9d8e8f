#include "policy/served.h"

namespace engine::policy {

namespace {

using result::Reason;

result::Result<void> CheckCalled(const certifier::v1::Module& module, const WebhookCaller* webhooks) {
  if (!module.has_webhook()) return {};
  const auto check = [&]() -> result::Result<void> {
    if (webhooks == nullptr)
      return result::Fail(Reason::kNotFound, "this engine calls none: --webhook-hosts is not set");
    if (!module.from_attributes().contains("url")) RETURN_IF_ERROR(webhooks->CheckUrl(module.webhook().url()));
    if (module.from_attributes().contains("secret")) return {};
    return webhooks->CheckSecret(module.webhook().secret());
  };
  const auto checked = check();
  if (checked) return {};
  return result::Fail(Reason::kMalformed, "webhook: " + checked.error().detail);
}

}  // namespace

result::Result<void> CheckReplayed(const Policy& policy) {
  if (policy.needs == Needs{}) return {};
  return result::Fail(
      Reason::kMalformed,
      "active_certificate_limit, request_rate_limit and unique_key cannot be replayed: what they counted "
      "when a request arrived is not kept");
}

result::Result<void> CheckServed(const certifier::v1::Policy& document, const WebhookCaller* webhooks) {
  for (const auto* chain : {&document.receive_request(), &document.accept_request(), &document.view_request(),
                            &document.update_request()}) {
    for (const auto& module : chain->modules()) RETURN_IF_ERROR(CheckCalled(module, webhooks));
  }
  return {};
}

}  // namespace engine::policy
