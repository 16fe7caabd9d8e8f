#ifndef CERTIFIER_ENGINE_ENROLLMENT_RENEWAL_H
#define CERTIFIER_ENGINE_ENROLLMENT_RENEWAL_H

#include <optional>
#include <string_view>

#include "clock.h"
#include "pki/certificate.h"
#include "pki/certificate_request.h"
#include "policy/policy.h"
#include "store/enrollment_store.h"

namespace engine::enrollment {

// RenewalClaim is a request whose message was signed with a certificate of ours.
struct RenewalClaim {
  const pki::Certificate& certificate;
  const store::RenewableCertificate& record;
  const pki::CertificateRequest& request;
  std::int64_t ca_id = 0;  // Of the CA that was asked.
  TimePoint now;
};

// RenewalFault is the renewal predicate (requirements part 6.2): it says, for the log, why `claim` does not entitle its
// device to another certificate. Nothing: it does. That the signer's certificate is ours octet for octet, and that the
// message's signature is by its key, was established before. The device is told the same for each.
std::optional<std::string_view> RenewalFault(const RenewalClaim& claim, const policy::RenewalRule& rule);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_RENEWAL_H
