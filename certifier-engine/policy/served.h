#ifndef CERTIFIER_ENGINE_POLICY_SERVED_H
#define CERTIFIER_ENGINE_POLICY_SERVED_H

#include "certifier/v1/policy_document.pb.h"
#include "policy/policy.h"
#include "policy/webhook_caller.h"

namespace engine::policy {

// CheckServed says what of a valid policy this engine cannot serve, as it is set up. Malformed.
// `webhooks` calls what modules ask, or is null: nobody does. A URL or secret that an attribute takes the place of is
// not looked at beforehand.
result::Result<void> CheckServed(const certifier::v1::Policy& document, const WebhookCaller* webhooks);

// CheckReplayed says what of a policy cannot be run for requests of long ago: modules that count what was then, which
// nobody knows. Malformed. A webhook is as if it had not answered, and view_request and update_request do not run at
// all.
result::Result<void> CheckReplayed(const Policy& policy);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_SERVED_H
