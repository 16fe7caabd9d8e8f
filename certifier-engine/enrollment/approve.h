#ifndef CERTIFIER_ENGINE_ENROLLMENT_APPROVE_H
#define CERTIFIER_ENGINE_ENROLLMENT_APPROVE_H

#include <string>

#include "enrollment/held_request.h"
#include "issuance/certificate_issuer.h"
#include "store/administration_store.h"

namespace engine::enrollment {

// OperatorApproval is the operators' decision on a pending request: their word, and the accept_request chain.
// Immutable; blocks on the database and on signing.
class OperatorApproval {
 public:
  // References must outlive it.
  struct Parts {
    store::AdministrationStore& store;
    store::DecisionJournal& journal;
    const HeldRequests& held;
    const issuance::CertificateIssuer& issuer;
    Clock clock;
  };
  explicit OperatorApproval(Parts parts) : parts_(std::move(parts)) {}

  // Approve records that `by` approves a pending request with the template of this version, and issues it once enough
  // operators have. 0 is the template that nobody has edited. Not found; conflict if it is not pending, its template is
  // another one, or it or what the policy counts changed in between; policy refused if `fingerprint` is not the
  // request's, or the policy, as it is by now, denies it. Each changes nothing.
  result::Result<void> Approve(std::int64_t request_id, std::string_view fingerprint, const Operator& by,
                               std::uint32_t template_version = 0) const;
  // Reject ends a pending request. `reason` has 1 to 1000 characters; malformed, not found or conflict.
  result::Result<void> Reject(std::int64_t request_id, const std::string& reason, const std::string& decided_by) const;
  // Postpone puts a pending request aside, and Resume makes a postponed one pending. `reason` has at most 1000 octets;
  // malformed, not found or conflict.
  result::Result<void> Postpone(std::int64_t request_id, const std::string& reason) const;
  result::Result<void> Resume(std::int64_t request_id, const std::string& reason) const;

 private:
  // Decide issues, or adds the approval to those that there are and gives the request as it stands then.
  result::Result<store::RequestRecord> Decide(const store::RequestRecord& record,
                                              const store::Approval& approval) const;
  result::Result<store::RequestRecord> Wait(const store::RequestRecord& record, const HeldRequests::Judged& judged,
                                            const store::Approval& approval) const;
  result::Result<void> Issue(const store::RequestRecord& record, HeldRequests::Judged judged,
                             const store::Approval& approval) const;

  const Parts parts_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_APPROVE_H
