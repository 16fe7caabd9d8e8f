#ifndef CERTIFIER_ENGINE_ENROLLMENT_HELD_REQUEST_H
#define CERTIFIER_ENGINE_ENROLLMENT_HELD_REQUEST_H

#include <memory>
#include <string>
#include <vector>

#include "authority/directory.h"
#include "certifier/v1/policy_document.pb.h"
#include "enrollment/decision_record.h"
#include "keys/sealer.h"
#include "policy/book.h"
#include "policy/evaluation.h"
#include "store/administration_store.h"

namespace engine::enrollment {

// Operator is who decides.
struct Operator {
  std::string login;
  std::vector<std::string> groups = {};
};

// HeldRequests runs chains over requests that wait. Immutable; blocks on the database, and on servers that a policy
// asks.
class HeldRequests {
 public:
  // References must outlive it.
  struct Parts {
    store::AdministrationStore& store;
    const authority::Directory& directory;
    const keys::Sealer& requests;
    Clock clock;
    std::chrono::seconds approval_ttl;          // How long an approval counts.
    policy::WebhookCaller* webhooks = nullptr;  // Null: none is called.
  };
  explicit HeldRequests(Parts parts) : parts_(std::move(parts)) {}

  enum class Chain { kAccept, kView, kUpdate };
  // Judged is what a chain of the policy, as it is by now, came to.
  struct Judged {
    std::shared_ptr<const authority::CertificationAuthority> ca;
    std::string policy;
    std::uint32_t policy_version = 0;
    std::int64_t policy_version_id = 0;
    policy::Evaluation evaluation;
    std::optional<store::JudgedActivity> on;  // Where the policy asked what was before.
  };
  // Run runs a chain over the request's template, or over `edited` in its place; `approvals` is who has said yes.
  // Unavailable where the CA or the policy is not known here, malformed for a template or attributes that cannot be
  // read, bad message check or conflict where the stored PKCS#10 is not the one that came.
  result::Result<Judged> Run(Chain chain, const store::RequestRecord& record, std::vector<policy::Approval> approvals,
                             const certifier::v1::CertificateTemplate* edited = nullptr) const;

  // Open is the stored PKCS#10. Bad message check or conflict where it is not the one that came.
  result::Result<pki::CertificateRequest> Open(const store::RequestRecord& record) const;

  // ApprovalsSince is when an approval must have been given to count.
  TimePoint ApprovalsSince() const { return parts_.clock() - parts_.approval_ttl; }
  // IsStanding tells whether one of a request's approvals counts.
  bool IsStanding(const store::RequestRecord& record, const store::Approval& approval) const;
  // Standing is who has approved the request as it is.
  std::vector<policy::Approval> Standing(const store::RequestRecord& record) const;
  // Missing says in words what keeps a request that waits from being approved; empty: nothing.
  std::string Missing(const store::RequestRecord& record) const;
  // Explained is what an operator's decision leaves behind.
  store::NewDecision Explained(const store::RequestRecord& record, const Judged& judged,
                               certifier::v1::Classification classification, certifier::v1::DecisionOutcome outcome,
                               const std::string& decided_by) const;
  // MayAskWebhook tells whether Run may wait for somebody else's server.
  bool MayAskWebhook() const;

 private:
  const Parts parts_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_HELD_REQUEST_H
