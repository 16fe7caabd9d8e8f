#ifndef CERTIFIER_ENGINE_ENROLLMENT_DECIDE_H
#define CERTIFIER_ENGINE_ENROLLMENT_DECIDE_H

#include <memory>
#include <optional>
#include <string>

#include "authority/snapshot.h"
#include "enrollment/answer.h"
#include "issuance/certificate_issuer.h"
#include "keys/sealer.h"
#include "pki/certificate_request.h"
#include "policy/book.h"
#include "policy/chain.h"
#include "store/enrollment_store.h"

namespace engine::enrollment {

// Proposal is a PKCSReq that was read and whose proof of possession holds.
struct Proposal {
  std::shared_ptr<const authority::Snapshot> snapshot;
  std::shared_ptr<const authority::CertificationAuthority> ca;
  pki::CertificateRequest request;
  std::string subject;  // Of the request, RFC 4514.
  store::RequestIdentity identity;
  std::string source_address;
  TimePoint received_at;  // A key's expiry is judged at this moment.
};

// Decision is what becomes of a proposal: an answer at once, or a row to record first.
struct Decision {
  std::optional<Answer> answer;
  std::optional<store::NewRequest> record;  // Set where `answer` is not.
  std::string reason;                       // For the log.
  std::string reference_number;             // Of the key that was brought, if it is one of ours.
};

// Decider judges proposals. Immutable; safe from any thread. It signs where it accepts, so it takes as long as that.
class Decider {
 public:
  // References must outlive it.
  Decider(const issuance::CertificateIssuer& issuer, const keys::Sealer& requests, Clock clock);

  // Decide follows requirements P-30, then the key, then the policy by the key or the CA. Unavailable if this engine
  // does not know the policy (yet); failures of signing as they are.
  result::Result<Decision> Decide(const Proposal& proposal, const store::EnrollmentFacts& facts) const;

 private:
  result::Result<store::NewRequest> Record(const Proposal& proposal, std::optional<std::int64_t> key_id,
                                           std::int64_t policy_version_id) const;
  result::Result<void> Apply(const Proposal& proposal, policy::Verdict verdict, store::NewRequest& record) const;

  const issuance::CertificateIssuer& issuer_;
  const keys::Sealer& requests_;
  const Clock clock_;
  const policy::Chain chain_ = policy::Chain::Standard();
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_DECIDE_H
