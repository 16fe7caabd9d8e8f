#ifndef CERTIFIER_ENGINE_POLICY_RENEWAL_H
#define CERTIFIER_ENGINE_POLICY_RENEWAL_H

#include <optional>
#include <string_view>

#include "certifier/v1/policy_module.pb.h"
#include "policy/facts.h"
#include "policy/faults.h"
#include "policy/policy.h"

namespace engine::policy {

// StandingFault says why a certificate of ours entitles its holder to nothing at `ca_id`, whatever a policy says:
// another CA's, revoked or suspended, or of an inactive entity. Nothing: it may.
std::optional<std::string_view> StandingFault(const store::RenewableCertificate& record, std::int64_t ca_id);

// RenewalFault is the rest of the renewal predicate (requirements part 6.2): it says, for the record, why the signer
// does not entitle its device to another certificate by `rule`. Nothing: it does. That the signer's certificate is ours
// octet for octet, and that the message's signature is by its key, was established before. The device is told the same
// for each.
std::optional<std::string_view> RenewalFault(const SignerFacts& signer, const pki::CertificateRequest& request,
                                             TimePoint now, const RenewalRule& rule);

// ReadRenewalRule reads the bounds of a require_signer module.
RenewalRule ReadRenewalRule(const certifier::v1::RequireSigner& parameters, Faults& faults);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_RENEWAL_H
