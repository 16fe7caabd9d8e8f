#include "enrollment/decide.h"

#include "enrollment/key_check.h"
#include "enrollment/prior.h"
#include "enrollment/request_fingerprints.h"

namespace engine::enrollment {

namespace {

Decision AnswerAtOnce(Answer answer, std::string reason) {
  Decision decision;
  decision.answer = std::move(answer);
  decision.reason = std::move(reason);
  return decision;
}

Decision Refuse(std::string reason) {
  return AnswerAtOnce(Rejected{FailInfo::kBadRequest}, std::move(reason));
}

std::optional<Decision> DecideByPrior(const Proposal& proposal, const store::EnrollmentFacts& facts) {
  for (const auto* prior : {&facts.identical, &facts.open}) {
    if (!*prior) continue;
    auto answer = AnswerFromPrior(**prior, proposal.identity.csr_sha256, proposal.subject);
    if (answer) return AnswerAtOnce(*std::move(answer), "repeated");
  }
  return std::nullopt;
}

std::optional<policy::Voucher> VoucherOf(const std::optional<store::KeyRecord>& key, bool has_challenge) {
  if (!has_challenge || !key) return std::nullopt;
  return policy::Voucher{key->entity, key->bound_subject, key->bound_alternative_names};
}

const policy::PolicyVersion* PolicyFor(const Proposal& proposal, const std::optional<policy::Voucher>& voucher,
                                       const store::EnrollmentFacts& facts) {
  if (!proposal.snapshot->policies) return nullptr;
  const bool is_bound = voucher && facts.key->policy_id;
  return proposal.snapshot->policies->Find(is_bound ? *facts.key->policy_id : proposal.ca->policy_id);
}

}  // namespace

Decider::Decider(const issuance::CertificateIssuer& issuer, const keys::Sealer& requests, Clock clock)
    : issuer_(issuer), requests_(requests), clock_(std::move(clock)) {}

result::Result<Decision> Decider::Decide(const Proposal& proposal, const store::EnrollmentFacts& facts) const {
  if (auto decision = DecideByPrior(proposal, facts)) return *std::move(decision);
  const bool has_challenge = !proposal.request.challenge().empty();
  if (has_challenge) {
    if (const auto fault = KeyFault(facts.key, proposal.ca->ca_id, {proposal.received_at, clock_()})) {
      Decision decision = Refuse(std::string(*fault));
      if (facts.key) decision.reference_number = facts.key->reference_number;
      return decision;
    }
  }
  const auto voucher = VoucherOf(facts.key, has_challenge);
  const policy::PolicyVersion* version = PolicyFor(proposal, voucher, facts);
  if (version == nullptr) {
    return result::Fail(result::Reason::kUnavailable, "the policy is not known to this engine yet");
  }
  policy::Verdict verdict = chain_.Evaluate(
      version->policy, {proposal.request, voucher, proposal.ca->ca_id, proposal.ca->not_after, clock_()});
  Decision decision = Refuse(verdict.reason);
  if (voucher) decision.reference_number = facts.key->reference_number;
  if (verdict.kind == policy::Verdict::Kind::kRefuse) return decision;

  const auto key_id = voucher ? std::optional(facts.key->pre_shared_key_id) : std::nullopt;
  ASSIGN_OR_RETURN(auto record, Record(proposal, key_id, version->policy_version_id));
  RETURN_IF_ERROR(Apply(proposal, std::move(verdict), record));
  decision.answer.reset();
  decision.record = std::move(record);
  return decision;
}

result::Result<store::NewRequest> Decider::Record(const Proposal& proposal, std::optional<std::int64_t> key_id,
                                                  std::int64_t policy_version_id) const {
  store::NewRequest record;
  record.identity = proposal.identity;
  record.subject = proposal.subject;
  for (const auto& name : proposal.request.alternative_names()) {
    record.subject_alternative_names.push_back(pki::ToString(name));
  }
  record.key_algorithm = proposal.request.public_key().ToString();
  record.source_address = proposal.source_address;
  record.received_at = proposal.received_at;
  record.has_challenge = !proposal.request.challenge().empty();
  record.pre_shared_key_id = key_id;
  record.policy_version_id = policy_version_id;
  ASSIGN_OR_RETURN(record.sealed_csr, requests_.Seal(proposal.identity.csr_sha256, proposal.request.der()));
  return record;
}

result::Result<void> Decider::Apply(const Proposal& proposal, policy::Verdict verdict,
                                    store::NewRequest& record) const {
  if (verdict.authorization) {
    ASSIGN_OR_RETURN(record.certificate, issuer_.Issue(*proposal.ca, *std::move(verdict.authorization), clock_()));
    record.state = store::RequestState::kIssued;
    return {};
  }
  record.state = store::RequestState::kPending;
  record.fingerprints = PackFingerprints(pki::FingerprintsOf(proposal.request.der()));
  record.unsigned_fingerprints = PackFingerprints(pki::FingerprintsOf(proposal.request.info()));
  return {};
}

}  // namespace engine::enrollment
