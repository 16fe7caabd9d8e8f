#include "enrollment/policy_trial.h"

#include <future>
#include <memory>

#include "enrollment/pre_shared_key.h"
#include "enrollment/requester.h"
#include "pki/digest.h"
#include "policy/document.h"
#include "policy/served.h"
#include "service/log.h"

namespace engine::enrollment {

namespace {

using certifier::v1::DecisionRecord;
using certifier::v1::TestPolicyRequest;
using result::Reason;

// Of a test: no device can send it, so it is nobody's.
constexpr std::string_view kTransactionId = "policy test";
constexpr std::string_view kReferenceNumber = "(a new key)";

DecisionRecord RecordOf(const Proposal& proposal) {
  DecisionRecord record;
  auto& message = *record.mutable_message();
  message.set_ca(proposal.ca->name);
  message.set_message_type(proposal.type == RequestType::kRenewalReq ? 17 : 19);
  message.set_request_sha256(pki::HexLower(proposal.identity.csr_sha256));
  message.set_is_signer_self_issued(proposal.is_signer_self_issued);
  Summarise(proposal.request, message);
  message.set_has_challenge(proposal.has_challenge);
  return record;
}

// What Submitter refuses before it looks anything up.
std::optional<std::string_view> FaultOf(const Proposal& proposal, const TestPolicyRequest& request) {
  if (!proposal.is_signer_self_issued) return std::nullopt;
  if (proposal.type == RequestType::kRenewalReq) return "renewal_signer_is_self_issued";
  if (request.signer_certificate().empty()) return std::nullopt;
  return SelfSignedFault({proposal.signer, proposal.identity.requester_key}, proposal.request, proposal.ca->options);
}

result::Result<std::optional<policy::PolicyVersion>> ReadDocument(const TestPolicyRequest& request) {
  std::optional<policy::PolicyVersion> version;
  if (!request.has_policy()) return version;
  version.emplace();
  ASSIGN_OR_RETURN(version->policy, policy::FromProto(request.policy()));
  return version;
}

}  // namespace

result::Result<Proposal> PolicyTrial::ReadProposal(const TestPolicyRequest& request) const {
  auto snapshot = parts_.directory.snapshot();
  auto ca = snapshot->FindCa(request.ca());
  if (!ca) return result::Fail(Reason::kNotFound, "no CA of this name is active on this engine");
  auto csr = pki::CertificateRequest::Parse(request.certification_request());
  if (!csr) return result::Wrap("certification_request", std::move(csr).error());
  // The certificate of a device without one is not looked at: the CA's stands for it.
  const bool has_signer = !request.signer_certificate().empty();
  auto requester = ReadRequester(has_signer ? pki::ByteView(request.signer_certificate()) : ca->certificate.der());
  if (!requester) return result::Wrap("signer_certificate", std::move(requester).error());
  const bool is_self_issued = !has_signer || requester->certificate.is_self_issued();
  const bool is_same_key = !has_signer || IsSameKey(*requester, *csr);
  const store::RequestIdentity identity = {ca->ca_id, pki::Bytes(kTransactionId), requester->key_sha256,
                                           pki::Digest(pki::DigestAlgorithm::kSha256, csr->der())};
  const bool has_challenge =
      !csr->challenge().empty() || !request.reference_number().empty() || !request.entity().empty();
  auto subject = csr->subject().ToString();
  return Proposal{request.is_renewal_req() ? RequestType::kRenewalReq : RequestType::kPkcsReq,
                  std::move(snapshot),
                  ca,
                  ca->ca_generation_id,
                  std::move(requester->certificate),
                  is_self_issued,
                  is_same_key,
                  *std::move(csr),
                  std::move(subject),
                  identity,
                  "",
                  parts_.clock(),
                  has_challenge};
}

result::Result<store::KeyRecord> PolicyTrial::NewKeyOf(const std::string& entity, const Proposal& proposal) const {
  store::KeyRecord key;
  ASSIGN_OR_RETURN(key.entity, parts_.store.FindEntityStanding(entity));
  key.reference_number = kReferenceNumber;
  key.ca_id = proposal.ca->ca_id;
  key.use_limit = 1;
  key.not_before = proposal.received_at;
  key.expires_at = proposal.received_at + std::chrono::hours(1);
  return key;
}

result::Result<store::EnrollmentFacts> PolicyTrial::FindFacts(const TestPolicyRequest& request,
                                                              const Proposal& proposal, const Tester& tester) const {
  store::EnrollmentQuery query;
  query.identity = proposal.identity;
  query.subject = proposal.subject;
  const pki::Secret& challenge = proposal.request.challenge();
  const bool is_challenged = request.reference_number().empty() && request.entity().empty() && !challenge.empty();
  const ChallengeGuard::Attempt attempt = {tester.operator_id, tester.source};
  if (!request.reference_number().empty()) {
    ASSIGN_OR_RETURN(query.key_digest, parts_.store.FindKeyDigest(request.reference_number()));
  } else if (is_challenged) {
    RETURN_IF_ERROR(CheckDelay(parts_.guesses.DelayFor(attempt, parts_.clock()), "too many wrong pre-shared keys"));
    query.key_digest = PreSharedKeyDigest(parts_.key_index, challenge.Reveal());
  }
  if (!proposal.is_signer_self_issued) {
    query.signer = store::SignerCertificate{pki::Bytes(proposal.signer.serial_number()), proposal.signer.der()};
  }
  const pki::Bytes query_digest = query.key_digest;
  // The callback owns it too: it may still be at its end when the answer is taken.
  const auto found = std::make_shared<std::promise<result::Result<store::EnrollmentFacts>>>();
  parts_.requests.Find(std::move(query),
                       [found](result::Result<store::EnrollmentFacts> facts) { found->set_value(std::move(facts)); });
  ASSIGN_OR_RETURN(auto facts, found->get_future().get());
  facts.identical.reset();
  facts.open.reset();
  if (facts.key && facts.key->ca_id != proposal.ca->ca_id && tester.keys == Keys::kOfItsCa) {
    facts.key.reset();
  }
  if (is_challenged && !facts.key) NoteWrong(tester, attempt, proposal.ca->name, query_digest);
  if (request.reference_number().empty() && !request.entity().empty()) {
    ASSIGN_OR_RETURN(facts.key, NewKeyOf(request.entity(), proposal));
  }
  return facts;
}

// A policy is tried with one request again and again: the same key is no further guess.
void PolicyTrial::NoteWrong(const Tester& tester, const ChallengeGuard::Attempt& attempt, const std::string& ca,
                            const pki::Bytes& key_digest) const {
  if (!parts_.lately_wrong.IsNew(std::to_string(tester.operator_id) + " " + key_digest)) return;
  if (parts_.guesses.NoteWrong(attempt, parts_.clock()).empty()) return;
  service::LogError("challenge_guessed", {{"operator", tester.login}, {"source", tester.source}, {"ca", ca}});
}

result::Result<DecisionRecord> PolicyTrial::Run(const TestPolicyRequest& request, const Tester& tester) const {
  const auto begun = std::chrono::steady_clock::now();
  if (request.calls_webhooks() && parts_.webhooks == nullptr) {
    return result::Fail(Reason::kMalformed, "this engine calls no webhooks");
  }
  ASSIGN_OR_RETURN(const auto document, ReadDocument(request));
  ASSIGN_OR_RETURN(auto proposal, ReadProposal(request));
  if (document) proposal.policy_on_trial = &*document;
  DecisionRecord record = RecordOf(proposal);
  Trial trial;
  trial.basis.classification = certifier::v1::CLASSIFICATION_TEST;
  if (const auto fault = FaultOf(proposal, request)) {
    trial.reason = *fault;
  } else {
    ASSIGN_OR_RETURN(const auto facts, FindFacts(request, proposal, tester));
    ASSIGN_OR_RETURN(trial, parts_.decider.Try(proposal, facts,
                                               {parts_.store, request.calls_webhooks() ? parts_.webhooks : nullptr}));
  }
  Explain(trial.basis, record);
  Conclude(proposal.identity, {trial.outcome, trial.reason, parts_.clock(), std::chrono::steady_clock::now() - begun},
           record);
  record.clear_decision_id();
  return record;
}

}  // namespace engine::enrollment
