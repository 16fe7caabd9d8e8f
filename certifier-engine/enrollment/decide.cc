#include "enrollment/decide.h"

#include "enrollment/binding.h"
#include "enrollment/check_steps.h"
#include "enrollment/key_check.h"
#include "enrollment/prior.h"
#include "enrollment/question.h"
#include "enrollment/request_fingerprints.h"
#include "policy/attributes.h"
#include "policy/renewal.h"
#include "policy/template_document.h"

namespace engine::enrollment {

namespace {

// Where no rule of the policy bounds them.
constexpr std::uint32_t kMostRenewals = 1000;

Decision AnswerAtOnce(Answer answer, std::string reason) {
  Decision decision;
  decision.answer = std::move(answer);
  decision.reason = std::move(reason);
  return decision;
}

Decision Refuse(std::string reason) {
  return AnswerAtOnce(Rejected{FailInfo::kBadRequest}, std::move(reason));
}

// Whether the message stands on nothing but its signature by somebody else's certificate. A throw-away certificate
// without a challenge may wait for an operator; a foreign one claims what it cannot show (requirements S-32).
bool IsForeignClaim(const Proposal& proposal) {
  return !proposal.is_signer_self_issued && !proposal.has_challenge;
}

// NoteBearer notes whose key was brought, and for whom, also where it vouches for nothing.
void NoteBearer(const Proposal& proposal, const store::EnrollmentFacts& facts, Basis& basis) {
  const bool brought_key = proposal.has_challenge && facts.key.has_value();
  if (!brought_key) return;
  basis.reference_number = facts.key->reference_number;
  if (basis.entity.empty()) basis.entity = facts.key->entity.name;
}

}  // namespace

Decider::Decider(const issuance::CertificateIssuer& issuer, const keys::Sealer& requests, Clock clock,
                 std::chrono::seconds retention, policy::WebhookCaller* webhooks)
    : issuer_(issuer), requests_(requests), clock_(std::move(clock)), retention_(retention), webhooks_(webhooks) {}

std::optional<Answer> Decider::AnswerByPrior(const Proposal& proposal, const store::PriorRequest& prior,
                                             std::optional<std::int64_t> renewed_certificate_id) const {
  return AnswerFromPrior(
      prior, {proposal.identity.csr_sha256, proposal.subject, renewed_certificate_id, proposal.ca->ca_generation_id,
              proposal.addressed_generation_id, clock_(), RetentionOf(proposal.ca->options, retention_)});
}

std::optional<Decision> Decider::DecideByPrior(const Proposal& proposal, const store::EnrollmentFacts& facts,
                                               std::optional<std::int64_t> renewed_certificate_id) const {
  for (const auto* prior : {&facts.identical, &facts.open}) {
    if (!*prior) continue;
    auto answer = AnswerByPrior(proposal, **prior, renewed_certificate_id);
    if (!answer) continue;
    Decision decision = AnswerAtOnce(*std::move(answer), "repeated");
    decision.basis.request_id = (*prior)->request_id;
    return decision;
  }
  return std::nullopt;
}

const policy::PolicyVersion* Decider::PolicyFor(const Proposal& proposal, std::int64_t policy_id) {
  if (proposal.policy_on_trial != nullptr) return proposal.policy_on_trial;
  return proposal.snapshot->policies ? proposal.snapshot->policies->Find(policy_id) : nullptr;
}

Decider::Judgement Decider::RenewalGrounds(const Proposal& proposal, const store::RenewableCertificate& record) const {
  if (const auto fault = policy::StandingFault(record, proposal.ca->ca_id)) {
    return tl::unexpected(NoGrounds{std::string(*fault)});
  }
  Grounds grounds;
  grounds.signer = &record;
  grounds.version = PolicyFor(proposal, record.policy_id);
  if (grounds.version == nullptr) return grounds;
  grounds.renewal = store::NewRenewal{record.certificate_id, kMostRenewals};
  for (const auto& rule : grounds.version->policy.renewal_rules) {
    const policy::SignerFacts signer = {proposal.signer, record};
    if (policy::RenewalFault(signer, proposal.request, clock_(), rule)) continue;
    grounds.renewal->limit = rule.max_renewals;
    grounds.is_entitled = true;
    break;
  }
  if (record.entity) {
    auto entity = EntityFor(*record.entity, proposal.request);
    if (!entity) return tl::unexpected(std::move(entity).error());
    grounds.entity = *std::move(entity);
    grounds.entity_id = record.entity->entity_id;
  }
  return grounds;
}

Decider::Judgement Decider::InitialGrounds(const Proposal& proposal, const store::EnrollmentFacts& facts) const {
  // That of a self-signed signer was looked at before.
  if (!proposal.is_signer_self_issued && !proposal.is_signer_key_requested) {
    return tl::unexpected(NoGrounds{"signer_key_is_not_request_key"});
  }
  if (IsForeignClaim(proposal)) return tl::unexpected(NoGrounds{"signer_is_not_ours"});
  Grounds grounds;
  std::int64_t policy_id = proposal.ca->policy_id;
  if (proposal.has_challenge) {
    if (const auto fault = KeyFault(facts.key, proposal.ca->ca_id, {proposal.received_at, clock_()})) {
      return tl::unexpected(NoGrounds{std::string(*fault), true});
    }
    if (!MatchesBinding(facts.key->binding, proposal.request))
      return tl::unexpected(NoGrounds{"names_are_not_the_keys"});
    auto attributes = policy::ReadAttributes(facts.key->attributes);
    if (!attributes) return tl::unexpected(NoGrounds{"key_attributes_unreadable"});
    grounds.key = policy::KeyFacts{facts.key->reference_number, *std::move(attributes)};
    grounds.pre_shared_key_id = facts.key->pre_shared_key_id;
    grounds.is_further_name = !HasUse(*facts.key);
    auto entity = EntityFor(facts.key->entity, proposal.request);
    if (!entity) return tl::unexpected(std::move(entity).error());
    grounds.entity = *std::move(entity);
    grounds.entity_id = facts.key->entity.entity_id;
    policy_id = facts.key->policy_id.value_or(policy_id);
  }
  grounds.version = PolicyFor(proposal, policy_id);
  return grounds;
}

tl::expected<policy::EntityFacts, Decider::NoGrounds> Decider::EntityFor(const store::EntityStanding& entity,
                                                                         const pki::CertificateRequest& request) {
  if (!MatchesBinding(entity.binding, request)) return tl::unexpected(NoGrounds{"names_are_not_the_entitys"});
  auto attributes = policy::ReadAttributes(entity.attributes);
  if (!attributes) return tl::unexpected(NoGrounds{"entity_attributes_unreadable"});
  return policy::EntityFacts{entity.name, *std::move(attributes), {}, {}};
}

// A PKCSReq that a certificate of ours signed is a renewal too: most clients send that. Where it may not renew, it may
// still be a new enrolment, if it brings a challenge (requirements P-17, P-19).
std::variant<Decider::Judgement, Decision> Decider::GroundsOrAnswer(const Proposal& proposal,
                                                                    const store::EnrollmentFacts& facts) const {
  const certifier::v1::CaOptions& options = proposal.ca->options;
  const bool is_renewal_req = proposal.type == RequestType::kRenewalReq;
  if (facts.renewable && options.renewal() && (is_renewal_req || options.type19_as_renewal())) {
    if (auto decision = DecideByPrior(proposal, facts, facts.renewable->certificate_id)) return *std::move(decision);
    auto renewal = RenewalGrounds(proposal, *facts.renewable);
    const bool has_other_way = !is_renewal_req && proposal.has_challenge;
    // A policy that this engine does not know yet may entitle: no key is used up for want of it.
    const bool may_renew = renewal && (renewal->is_entitled || renewal->version == nullptr);
    if (may_renew || !has_other_way) return renewal;
  }
  if (auto decision = DecideByPrior(proposal, facts, std::nullopt)) return *std::move(decision);
  if (is_renewal_req) {
    return Judgement(
        tl::unexpected(NoGrounds{options.renewal() ? "renewal_signer_is_not_ours" : "renewal_is_switched_off"}));
  }
  return InitialGrounds(proposal, facts);
}

bool Decider::AsksWebhook(const Proposal& proposal, const store::EnrollmentFacts& facts) const {
  const bool may_ask =
      webhooks_ != nullptr && proposal.snapshot->policies && proposal.snapshot->policies->asks_webhook();
  if (!may_ask) return false;
  const auto found = GroundsOrAnswer(proposal, facts);
  const auto* const grounds = std::get_if<Judgement>(&found);
  return grounds != nullptr && *grounds && (*grounds)->version != nullptr && (*grounds)->version->policy.asks_webhook;
}

void Decider::Inform(store::ActivityQuery query, const store::Activity& activity, Grounds& grounds) {
  enrollment::Apply(activity, grounds.entity ? &*grounds.entity : nullptr);
  grounds.key_use = activity.key_use;
  grounds.judged_on = store::JudgedActivity{std::move(query), activity.digest};
}

std::optional<store::ActivityQuery> Decider::QuestionOf(const Proposal& proposal, const Grounds& grounds) const {
  if (grounds.version == nullptr) return std::nullopt;
  auto query = enrollment::QuestionOf(grounds.version->policy.needs, grounds.entity_id);
  if (!query) return std::nullopt;
  query->ca_id = proposal.ca->ca_id;
  query->subject_key = SubjectKeyOf(proposal.request);
  if (grounds.renewal) query->renewed_certificate_id = grounds.renewal->certificate_id;
  query->now = clock_();
  return query;
}

result::Result<Decision> Decider::Decide(const Proposal& proposal, const store::EnrollmentFacts& facts,
                                         const std::optional<store::Activity>& activity) const {
  auto found = GroundsOrAnswer(proposal, facts);
  if (auto* const answer = std::get_if<Decision>(&found)) {
    answer->basis.classification = certifier::v1::CLASSIFICATION_REPLAY;
    NoteBearer(proposal, facts, answer->basis);
    return std::move(*answer);
  }
  auto& grounds = std::get<Judgement>(found);
  if (grounds) {
    auto question = QuestionOf(proposal, *grounds);
    if (question && !activity) {
      Decision decision;
      decision.asks = std::move(question);
      return decision;
    }
    if (question) Inform(*std::move(question), *activity, *grounds);
  }
  result::Result<Decision> decision = grounds ? Judge(proposal, *grounds) : Refuse(grounds.error().reason);
  if (!decision) return decision;
  if (!grounds) decision->is_key_wrong = grounds.error().is_key_wrong;
  Describe(proposal, facts, grounds, decision->basis);
  // It did not answer this message.
  const bool has_successor =
      decision->record && facts.identical && facts.identical->state == store::RequestState::kIssued;
  if (has_successor) decision->record->superseded_request_id = facts.identical->request_id;
  return decision;
}

// The steps of the chains are there already, where they ran.
void Decider::Describe(const Proposal& proposal, const store::EnrollmentFacts& facts, const Judgement& judgement,
                       Basis& basis) {
  if (judgement && judgement->entity) basis.entity = judgement->entity->name;
  if (judgement && judgement->version != nullptr) {
    basis.policy = judgement->version->policy.name;
    basis.policy_version = judgement->version->version;
  }
  NoteBearer(proposal, facts, basis);
  auto checks = CheckSteps(proposal.request, proposal.has_challenge, facts,
                           judgement ? std::string_view() : judgement.error().reason);
  basis.steps.insert(basis.steps.begin(), std::make_move_iterator(checks.begin()),
                     std::make_move_iterator(checks.end()));
  const bool is_renewal = proposal.type == RequestType::kRenewalReq || (judgement && judgement->signer != nullptr);
  basis.classification = is_renewal ? certifier::v1::CLASSIFICATION_RENEWAL : certifier::v1::CLASSIFICATION_INITIAL;
}

result::Result<Trial> Decider::Try(const Proposal& proposal, const store::EnrollmentFacts& facts,
                                   const TrialParts& parts) const {
  auto found = GroundsOrAnswer(proposal, facts);
  auto* const judgement = std::get_if<Judgement>(&found);
  if (judgement == nullptr) return result::Fail(result::Reason::kConflict, "an earlier request answers");
  Trial trial;
  if (!*judgement) {
    trial.reason = judgement->error().reason;
  } else if ((*judgement)->version == nullptr) {
    return result::Fail(result::Reason::kUnavailable, "the policy is not known to this engine yet");
  } else {
    if (auto question = QuestionOf(proposal, **judgement)) {
      ASSIGN_OR_RETURN(const auto activity, parts.store.FindActivity(*question));
      Inform(*std::move(question), activity, **judgement);
    }
    policy::Evaluation evaluation = Evaluate(proposal, **judgement, parts.webhooks);
    // As Judge has it.
    if ((*judgement)->is_further_name) evaluation.authorization.reset();
    if (evaluation.verdict != policy::Verdict::kDeny) trial.outcome = certifier::v1::DECISION_OUTCOME_PENDING;
    if (evaluation.authorization) trial.outcome = certifier::v1::DECISION_OUTCOME_ISSUED;
    trial.reason = std::move(evaluation.reason);
    trial.basis.steps = std::move(evaluation.steps);
  }
  Describe(proposal, facts, *judgement, trial.basis);
  trial.basis.classification = certifier::v1::CLASSIFICATION_TEST;
  return trial;
}

policy::Evaluation Decider::Evaluate(const Proposal& proposal, const Grounds& grounds,
                                     policy::WebhookCaller* webhooks) const {
  std::optional<policy::SignerFacts> signer;
  if (grounds.signer != nullptr) signer.emplace(policy::SignerFacts{proposal.signer, *grounds.signer});
  policy::Facts facts = {proposal.request, proposal.ca->ca_id, proposal.ca->not_after, clock_()};
  facts.key = grounds.key ? &*grounds.key : nullptr;
  facts.signer = signer ? &*signer : nullptr;
  facts.entity = grounds.entity ? &*grounds.entity : nullptr;
  facts.key_use = grounds.key_use;
  facts.source_address = proposal.source_address;
  facts.ca = proposal.ca->name;
  facts.webhooks = webhooks;
  return policy::Evaluator::Receive(grounds.version->policy, facts);
}

result::Result<Decision> Decider::Judge(const Proposal& proposal, const Grounds& grounds) const {
  if (grounds.version == nullptr) {
    return result::Fail(result::Reason::kUnavailable, "the policy is not known to this engine yet");
  }
  policy::Evaluation evaluation = Evaluate(proposal, grounds, webhooks_);
  Decision decision = Refuse(evaluation.reason);
  decision.basis.steps = std::move(evaluation.steps);
  if (evaluation.verdict == policy::Verdict::kDeny) return decision;

  if (grounds.is_further_name) evaluation.authorization.reset();
  ASSIGN_OR_RETURN(auto record, Record(proposal, grounds));
  RETURN_IF_ERROR(Apply(proposal, std::move(evaluation), record));
  decision.answer.reset();
  decision.record = std::move(record);
  return decision;
}

result::Result<store::NewRequest> Decider::Record(const Proposal& proposal, const Grounds& grounds) const {
  store::NewRequest record;
  record.identity = proposal.identity;
  record.subject = proposal.subject;
  for (const auto& name : proposal.request.alternative_names()) {
    record.subject_alternative_names.push_back(pki::ToString(name));
  }
  record.key_algorithm = proposal.request.public_key().ToString();
  record.source_address = proposal.source_address;
  record.gateway = proposal.gateway;
  record.received_at = proposal.received_at;
  record.has_challenge = !proposal.request.challenge().empty();
  record.pre_shared_key_id = grounds.pre_shared_key_id;
  record.releases_use = grounds.pre_shared_key_id && grounds.version->policy.rejection_releases_use;
  record.entity_id = grounds.entity_id;
  // Mostly they are one, and then the row has it once.
  auto subject_key = SubjectKeyOf(proposal.request);
  if (subject_key != proposal.identity.requester_key) record.subject_key = std::move(subject_key);
  record.judged_on = grounds.judged_on;
  record.renewal = grounds.renewal;
  record.refuses_collision = proposal.ca->options.txid_collision() == certifier::v1::TRANSACTION_ID_COLLISION_REJECT;
  if (proposal.ca->state == store::GenerationState::kNext) record.ca_generation_id = proposal.ca->ca_generation_id;
  record.policy_version_id = grounds.version->policy_version_id;
  ASSIGN_OR_RETURN(record.sealed_csr, requests_.Seal(proposal.identity.csr_sha256, proposal.request.der()));
  return record;
}

result::Result<void> Decider::Apply(const Proposal& proposal, policy::Evaluation evaluation,
                                    store::NewRequest& record) const {
  if (evaluation.authorization) {
    ASSIGN_OR_RETURN(record.certificate, issuer_.Issue(*proposal.ca, *std::move(evaluation.authorization), clock_()));
    record.state = store::RequestState::kIssued;
    record.revokes = std::move(evaluation.revokes);
    return {};
  }
  record.state = store::RequestState::kPending;
  record.held_template = policy::WriteTemplate(evaluation.certificate);
  record.terms = std::move(evaluation.terms);
  record.fingerprints = PackFingerprints(pki::FingerprintsOf(proposal.request.der()));
  record.unsigned_fingerprints = PackFingerprints(pki::FingerprintsOf(proposal.request.info()));
  return {};
}

}  // namespace engine::enrollment
