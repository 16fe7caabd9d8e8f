#ifndef CERTIFIER_ENGINE_POLICY_EVALUATION_H
#define CERTIFIER_ENGINE_POLICY_EVALUATION_H

#include <optional>
#include <string>
#include <vector>

#include "issuance/authorization.h"
#include "policy/policy.h"

namespace engine::policy {

// Evaluation is what the chains of a policy came to.
struct Evaluation {
  Verdict verdict = Verdict::kDeny;  // kAccept, kHold or kDeny.
  std::string reason;                // "MODULE: why", for the record.
  std::vector<Step> steps;
  issuance::CertificateTemplate certificate;  // As the chains left it; what an operator is shown of a held request.
  ApprovalTerms terms;                        // What the chains asked of operators, whether they have it or not.
  // Of kAccept: the leave to issue, and what to revoke as superseded with it.
  std::optional<issuance::Authorization> authorization;
  std::vector<std::int64_t> revokes;
};

// Held is what a chain left of a request that waits.
struct Held {
  issuance::CertificateTemplate certificate;
  ApprovalTerms terms = {};
};

// Evaluator runs chains. It is the only maker of an issuance::Authorization: by what arrives, from the chains'
// acceptance; by what was held, from the acceptance and the approvals that the chains asked for.
class Evaluator {
 public:
  // Receive runs receive_request over what is requested, and where that accepts, accept_request.
  static Evaluation Receive(const Policy& policy, const Facts& facts);
  // Accept runs accept_request over the template of a request that was held and that the operators in
  // `facts.approvals` approve. Denies where there is none, and holds, without running anything, until they fulfil what
  // it was held for.
  static Evaluation Accept(const Policy& policy, const Facts& facts, Held held);
  // View and Update run the chains of these names, without leave to issue. Without such a chain View accepts the
  // template as it stands, and Update denies.
  static Evaluation View(const Policy& policy, const Facts& facts, issuance::CertificateTemplate certificate);
  static Evaluation Update(const Policy& policy, const Facts& facts, issuance::CertificateTemplate certificate);

  // Requested is the template that a request begins as: its names and its key.
  static issuance::CertificateTemplate Requested(const pki::CertificateRequest& request);

 private:
  // Conclude runs accept_request over `draft`, which the chains and operators before it have let through; they asked
  // for `terms`.
  static Evaluation Conclude(const Policy& policy, const Facts& facts, Draft draft, std::vector<Step> steps,
                             std::vector<std::int64_t> revokes, const ApprovalTerms& terms);
};

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_EVALUATION_H
