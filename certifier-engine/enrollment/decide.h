#ifndef CERTIFIER_ENGINE_ENROLLMENT_DECIDE_H
#define CERTIFIER_ENGINE_ENROLLMENT_DECIDE_H

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "authority/snapshot.h"
#include "enrollment/answer.h"
#include "enrollment/decision_record.h"
#include "issuance/certificate_issuer.h"
#include "keys/sealer.h"
#include "pki/certificate_request.h"
#include "policy/book.h"
#include "policy/evaluation.h"
#include "store/administration_store.h"

namespace engine::enrollment {

// Requirements part 5.4: what may lead to a certificate.
enum class RequestType { kPkcsReq, kRenewalReq };

// Proposal is a PKCSReq or RenewalReq that was read and whose proof of possession holds.
struct Proposal {
  RequestType type = RequestType::kPkcsReq;
  std::shared_ptr<const authority::Snapshot> snapshot;
  std::shared_ptr<const authority::CertificationAuthority> ca;  // The generation that issues for it,
  std::int64_t addressed_generation_id = 0;                     // and the one that the envelope was addressed to.
  pki::Certificate signer;
  bool is_signer_self_issued = true;
  bool is_signer_key_requested = true;  // Whether the signer's key is the request's.
  pki::CertificateRequest request;
  std::string subject;  // Of the request, RFC 4514.
  store::RequestIdentity identity;
  std::string source_address;
  TimePoint received_at;       // A key's expiry is judged at this moment.
  bool has_challenge = false;  // Of the request; of a trial also a key that is only named.
  // Of a trial: what decides in place of the policy of the certificate, the key or the CA. Null: that one does.
  const policy::PolicyVersion* policy_on_trial = nullptr;
  std::string gateway = {};  // commonName of the certificate of the one that brought it; empty for a trial.
};

// Trial is what a proposal would come to. Nothing is issued or stored for it.
struct Trial {
  certifier::v1::DecisionOutcome outcome = certifier::v1::DECISION_OUTCOME_REJECTED;
  std::string reason;
  Basis basis;
};

// Decision is what becomes of a proposal: an answer at once, or a row to record first; or a question, without whose
// answer the policy cannot be asked.
struct Decision {
  std::optional<store::ActivityQuery> asks;  // Where set, nothing else is.
  std::optional<Answer> answer;
  std::optional<store::NewRequest> record;  // Set where `answer` is not.
  std::string reason;                       // For the log and the decision record.
  Basis basis;
  bool is_key_wrong = false;  // The challenge was judged and vouches for nothing; `reason` says why.
};

// Decider judges proposals. Immutable; safe from any thread. It signs where it accepts, so it takes as long as that.
class Decider {
 public:
  // References must outlive it. `retention` is how long an outcome is repeated where the CA's options do not say.
  // `webhooks` makes the calls of policies; null: none is made.
  Decider(const issuance::CertificateIssuer& issuer, const keys::Sealer& requests, Clock clock,
          std::chrono::seconds retention, policy::WebhookCaller* webhooks = nullptr);

  // Decide follows requirements P-30; then the signer's certificate, if it is one of ours (P-17), or the key; then the
  // policy by the certificate, the key or the CA. Unavailable if this engine
  // does not know the policy (yet); failures of signing as they are. `activity` answers what the decision without it
  // asked; a policy that needs none never asks.
  result::Result<Decision> Decide(const Proposal& proposal, const store::EnrollmentFacts& facts,
                                  const std::optional<store::Activity>& activity) const;
  // TrialParts are whom a trial asks. `webhooks` may be null; then none is called.
  struct TrialParts {
    store::AdministrationStore& store;
    policy::WebhookCaller* webhooks = nullptr;
  };
  // Try says what Decide would, on the same grounds, but for what an earlier request answers: of that `facts` must hold
  // nothing. It blocks on the database where the policy counts what was before.
  result::Result<Trial> Try(const Proposal& proposal, const store::EnrollmentFacts& facts,
                            const TrialParts& parts) const;
  // AsksWebhook tells whether Decide may wait for somebody else's server.
  bool AsksWebhook(const Proposal& proposal, const store::EnrollmentFacts& facts) const;
  // AnswerByPrior is AnswerFromPrior for a proposal, which renews that certificate.
  std::optional<Answer> AnswerByPrior(const Proposal& proposal, const store::PriorRequest& prior,
                                      std::optional<std::int64_t> renewed_certificate_id) const;

 private:
  // Grounds are what a request is judged on: who vouches for the device, for whom it is, and by which policy.
  struct Grounds {
    const policy::PolicyVersion* version = nullptr;
    std::optional<policy::KeyFacts> key;
    std::optional<std::int64_t> pre_shared_key_id;
    // Whether the key's last use is the one that the requester's own waiting request reserved: this is a further name
    // of it, and an operator decides, whatever the policy has come to say.
    bool is_further_name = false;
    const store::RenewableCertificate* signer = nullptr;
    std::optional<store::NewRenewal> renewal;
    bool is_entitled = false;  // Whether a rule of the policy lets the signer renew.
    std::optional<policy::EntityFacts> entity;
    std::optional<std::int64_t> entity_id;
    store::KeyUse key_use = store::KeyUse::kNobody;
    std::optional<store::JudgedActivity> judged_on;
  };
  struct NoGrounds {
    std::string reason;
    bool is_key_wrong = false;
  };
  using Judgement = tl::expected<Grounds, NoGrounds>;
  static tl::expected<policy::EntityFacts, NoGrounds> EntityFor(const store::EntityStanding& entity,
                                                                const pki::CertificateRequest& request);
  Judgement RenewalGrounds(const Proposal& proposal, const store::RenewableCertificate& record) const;
  Judgement InitialGrounds(const Proposal& proposal, const store::EnrollmentFacts& facts) const;
  std::optional<Decision> DecideByPrior(const Proposal& proposal, const store::EnrollmentFacts& facts,
                                        std::optional<std::int64_t> renewed_certificate_id) const;
  // GroundsOrAnswer is where an earlier request answers, what it answers.
  std::variant<Judgement, Decision> GroundsOrAnswer(const Proposal& proposal,
                                                    const store::EnrollmentFacts& facts) const;
  // Inform gives the grounds what was asked.
  static void Inform(store::ActivityQuery query, const store::Activity& activity, Grounds& grounds);
  std::optional<store::ActivityQuery> QuestionOf(const Proposal& proposal, const Grounds& grounds) const;
  static const policy::PolicyVersion* PolicyFor(const Proposal& proposal, std::int64_t policy_id);
  policy::Evaluation Evaluate(const Proposal& proposal, const Grounds& grounds, policy::WebhookCaller* webhooks) const;
  // Describe writes what a judgement stood on.
  static void Describe(const Proposal& proposal, const store::EnrollmentFacts& facts, const Judgement& judgement,
                       Basis& basis);
  result::Result<Decision> Judge(const Proposal& proposal, const Grounds& grounds) const;
  result::Result<store::NewRequest> Record(const Proposal& proposal, const Grounds& grounds) const;
  result::Result<void> Apply(const Proposal& proposal, policy::Evaluation evaluation, store::NewRequest& record) const;

  const issuance::CertificateIssuer& issuer_;
  const keys::Sealer& requests_;
  const Clock clock_;
  const std::chrono::seconds retention_;
  policy::WebhookCaller* const webhooks_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_DECIDE_H
