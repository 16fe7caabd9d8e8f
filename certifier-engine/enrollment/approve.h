#ifndef CERTIFIER_ENGINE_ENROLLMENT_APPROVE_H
#define CERTIFIER_ENGINE_ENROLLMENT_APPROVE_H

#include <string>

#include "authority/directory.h"
#include "issuance/certificate_issuer.h"
#include "keys/sealer.h"
#include "policy/book.h"
#include "policy/evaluation.h"
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
    const authority::Directory& directory;
    const keys::Sealer& requests;
    const issuance::CertificateIssuer& issuer;
    Clock clock;
    policy::WebhookCaller* webhooks = nullptr;  // Null: none is called.
  };
  explicit OperatorApproval(Parts parts) : parts_(std::move(parts)) {}

  // MayAskWebhook tells whether Approve may wait for somebody else's server.
  bool MayAskWebhook() const;
  // Approve issues a pending request. Not found; conflict if it is not pending, or it or what the policy counts changed
  // in between; policy refused
  // if `fingerprint` is not the request's, or the policy, as it is by now, does not accept it. Each changes nothing.
  result::Result<void> Approve(std::int64_t request_id, std::string_view fingerprint,
                               const std::string& decided_by) const;
  // Reject ends a pending request. `reason` has 1 to 1000 characters; malformed, not found or conflict.
  result::Result<void> Reject(std::int64_t request_id, const std::string& reason, const std::string& decided_by) const;

 private:
  struct Approved {
    store::NewCertificate certificate;
    std::int64_t policy_version_id = 0;  // Of the policy that accepted it.
    store::NewDecision decision;
    std::optional<store::JudgedActivity> judged_on;
    std::vector<std::int64_t> revokes;
  };
  result::Result<Approved> Issue(const store::RequestRecord& request, const std::string& decided_by) const;
  // Judged is what the policy's chain says once `facts` has what the policy asks of earlier requests.
  struct Judged {
    policy::Evaluation evaluation;
    std::optional<store::JudgedActivity> on;
  };
  result::Result<Judged> Judge(const store::RequestRecord& request, const policy::Policy& policy, policy::Facts facts,
                               std::optional<policy::EntityFacts> entity) const;
  store::NewDecision Explained(const store::RequestRecord& request, const policy::PolicyVersion& version,
                               const policy::Evaluation& evaluation, const std::string& decided_by) const;

  const Parts parts_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_APPROVE_H
