#include "enrollment/submit.h"

#include <memory>
#include <utility>

#include "enrollment/answer_once.h"
#include "enrollment/challenge_alarm.h"
#include "enrollment/key_check.h"
#include "enrollment/pre_shared_key.h"
#include "enrollment/requester.h"
#include "enrollment/transaction_id.h"
#include "pki/digest.h"
#include "policy/text.h"
#include "service/log.h"
#include "service/metrics.h"
#include "timestamp.h"

namespace engine::enrollment {

namespace {

using result::Reason;

// TypeOf names the message types that may lead to a certificate; every other, known or not, may not (S-33).
std::optional<RequestType> TypeOf(std::uint32_t message_type) {
  switch (message_type) {
    case 17:
      return RequestType::kRenewalReq;
    case 19:
      return RequestType::kPkcsReq;
    default:
      return std::nullopt;
  }
}

// Names of algorithms, as a gateway gives them.
constexpr std::size_t kMostAlgorithmOctets = 64;

// Submission is one request on its way. Each step ends by handing itself to the next one or by answering.
class Submission : public std::enable_shared_from_this<Submission>, private AnswerOnce {
 public:
  Submission(const Submitter::Parts& parts, Submitter::Settings settings, const SubmitMessage& message,
             AnswerCallback done)
      : AnswerOnce(std::move(done)), parts_(parts), settings_(settings), message_(message) {
    trace.operation = "submit";
    trace.ca = std::string(message.ca);
    trace.transaction_id = PrintableTransactionId(message.transaction_id);
    trace.source_address = std::string(message.source_address);
  }

  void Begin() {
    const auto admitted = Admit();
    if (!admitted) return Finish(tl::unexpected<result::Error>(admitted.error()));
    NoteMessage();
    if (!TypeOf(message_.message_type)) return Refuse("message_type");
    if (!parts_.workers.TryRun(Step(&Submission::Read))) {
      Finish(result::Fail(Reason::kUnavailable, "the queue of requests is full"));
    }
  }

 private:
  result::Result<void> Admit() {
    const auto length = message_.transaction_id.size();
    if (length == 0 || length > kMostTransactionIdOctets) {
      return result::Fail(Reason::kMalformed, "a transactionID has 1 to 255 octets");
    }
    snapshot_ = parts_.directory.snapshot();
    if (snapshot_->version == 0) return result::Fail(Reason::kUnavailable, "the CAs are not loaded yet");
    ca_ = snapshot_->FindCa(message_.ca);
    if (!ca_) return UnknownCa();
    return ChooseGeneration();
  }

  void NoteMessage() {
    identity.ca_id = ca_->ca_id;
    identity.transaction_id = pki::Bytes(message_.transaction_id);
    auto& message = *record.mutable_message();
    message.set_ca(trace.ca);
    message.set_transaction_id(trace.transaction_id);
    message.set_message_type(message_.message_type);
    message.set_source_address(trace.source_address);
    message.set_gateway(message_.gateway);
    *message.mutable_received_at() = ToTimestamp(ReceivedAt());
    message.set_digest_algorithm(policy::Excerpt(message_.digest_algorithm, kMostAlgorithmOctets));
    message.set_content_encryption_algorithm(
        policy::Excerpt(message_.content_encryption_algorithm, kMostAlgorithmOctets));
    record.set_classification(certifier::v1::CLASSIFICATION_UNREADABLE);
  }

  // What was read of the requester and the PKCS#10.
  void NoteRequest(const Requester& requester, const pki::CertificateRequest& request) {
    identity.requester_key = requester.key_sha256;
    identity.csr_sha256 = pki::Digest(pki::DigestAlgorithm::kSha256, request.der());
    auto& message = *record.mutable_message();
    message.set_requester_key_sha256(pki::HexLower(identity.requester_key));
    message.set_request_sha256(pki::HexLower(identity.csr_sha256));
    message.set_is_signer_self_issued(requester.certificate.is_self_issued());
    Summarise(request, message);
    record.set_classification(*TypeOf(message_.message_type) == RequestType::kRenewalReq
                                  ? certifier::v1::CLASSIFICATION_RENEWAL
                                  : certifier::v1::CLASSIFICATION_INITIAL);
  }

  // The next generation issues for who addressed it; for those before it, the active one does (requirements N-03).
  result::Result<void> ChooseGeneration() {
    const auto addressed = snapshot_->FindGeneration(message_.ca, message_.ca_generation);
    if (!addressed) return result::Fail(Reason::kUnavailable, "the CA's generation is not known to this engine yet");
    addressed_generation_id_ = addressed->ca_generation_id;
    if (addressed->state == store::GenerationState::kNext) ca_ = addressed;
    return {};
  }

  // Step wraps a member for a worker.
  std::function<void()> Step(void (Submission::*step)()) {
    return [self = shared_from_this(), step] { self->Run([&] { ((*self).*step)(); }); };
  }

  void Read() {
    auto requester = ReadRequester(message_.signer_certificate);
    if (!requester) return Refuse("signer_certificate: " + requester.error().detail);
    auto request = pki::CertificateRequest::Parse(message_.certification_request);
    if (!request) return Refuse("certification_request: " + request.error().detail);
    NoteRequest(*requester, *request);
    const RequestType type = *TypeOf(message_.message_type);
    const bool is_same_key = IsSameKey(*requester, *request);
    const bool is_self_issued = requester->certificate.is_self_issued();
    // What a throw-away certificate cannot ask for costs no look-up.
    if (is_self_issued && type == RequestType::kRenewalReq) return Refuse("renewal_signer_is_self_issued");
    if (is_self_issued) {
      if (const auto fault = SelfSignedFault(*requester, *request, ca_->options)) return Refuse(std::string(*fault));
    }
    // Before the key is looked up, so that waiting tells nothing of it.
    if (!request->challenge().empty()) {
      const auto delay = parts_.challenges.DelayFor(Attempt(), parts_.clock());
      if (delay > std::chrono::milliseconds(0)) return Delay(delay);
    }

    store::EnrollmentQuery query;
    query.identity = identity;
    if (!request->challenge().empty()) {
      query.key_digest = PreSharedKeyDigest(parts_.key_index, request->challenge().Reveal());
    }
    if (!is_self_issued) {
      query.signer =
          store::SignerCertificate{pki::Bytes(requester->certificate.serial_number()), requester->certificate.der()};
    }
    auto subject = request->subject().ToString();
    query.subject = subject;
    const bool has_challenge = !request->challenge().empty();
    proposal_ = std::make_unique<Proposal>(Proposal{
        type, snapshot_, ca_, addressed_generation_id_, std::move(requester->certificate), is_self_issued, is_same_key,
        *std::move(request), std::move(subject), query.identity, trace.source_address, ReceivedAt(), has_challenge});
    proposal_->gateway = message_.gateway;
    query_ = std::move(query);
    Find();
  }

  void Find() {
    activity_.reset();
    parts_.store.Find(query_, [self = shared_from_this()](result::Result<store::EnrollmentFacts> facts) {
      self->facts_ = std::move(facts);
      self->parts_.workers.Run(self->Step(&Submission::Decide));
    });
  }

  void Ask(store::ActivityQuery question) {
    parts_.store.FindActivity(std::move(question), [self = shared_from_this()](result::Result<store::Activity> found) {
      if (found) {
        self->activity_ = *std::move(found);
      } else {
        self->facts_ = tl::unexpected<result::Error>(std::move(found).error());
      }
      self->parts_.workers.Run(self->Step(&Submission::Decide));
    });
  }

  void Decide() {
    if (!facts_) return Finish(tl::unexpected<result::Error>(std::move(facts_).error()));
    if (parts_.webhook_workers == nullptr || !parts_.decider.AsksWebhook(*proposal_, *facts_)) return Judge();
    if (!message_.is_alone) return Finish(result::Fail(Reason::kUnavailable, std::string(kAloneOnly)));
    if (!parts_.webhook_workers->TryRun(Step(&Submission::Judge), Step(&Submission::EndWait))) {
      Finish(result::Fail(Reason::kUnavailable, "the queue of requests that ask a webhook is full"));
    }
  }

  // Whoever sent it has most likely given up by now, and its next attempt is as good.
  void EndWait() { Finish(result::Fail(Reason::kUnavailable, "no thread was free in time to ask a webhook")); }

  void Judge() {
    auto decision = parts_.decider.Decide(*proposal_, *facts_, activity_);
    if (!decision) return Finish(tl::unexpected<result::Error>(std::move(decision).error()));
    if (decision->asks) return Ask(*std::move(decision->asks));
    judgements_++;
    record.clear_steps();
    trace.reason = std::move(decision->reason);
    Explain(decision->basis, record);
    trace.request_id = decision->basis.request_id;
    trace.reference_number = std::move(decision->basis.reference_number);
    if (decision->is_key_wrong) NoteWrongKey(trace.reason == kKeyUsedUp);
    if (decision->answer) return Tell(*std::move(decision->answer));
    if (decision->record->certificate) certificate_ = decision->record->certificate->certificate;
    if (decision->record->renewal) renewed_certificate_id_ = decision->record->renewal->certificate_id;
    superseded_ = decision->record->revokes.size();
    decision->record->decision = Completed(*decision->record);
    parts_.store.Record(*std::move(decision->record),
                        [self = shared_from_this()](result::Result<store::RecordOutcome> outcome) {
                          self->outcome_ = std::move(outcome);
                          self->parts_.workers.Run(self->Step(&Submission::Conclude));
                        });
  }

  void Conclude() {
    if (!outcome_) return Finish(tl::unexpected<result::Error>(std::move(outcome_).error()));
    switch (outcome_->kind) {
      case store::RecordOutcome::Kind::kRecorded:
        trace.request_id = outcome_->request_id;
        trace.decision_id = record.decision_id();
        NoteSuperseded();
        if (certificate_.empty()) return Finish(Pending{outcome_->request_id});
        return Finish(Issued{std::move(certificate_)});
      case store::RecordOutcome::Kind::kPrior:
        return ConcludeFromPrior();
      case store::RecordOutcome::Kind::kCollision:
        return Refuse("transaction_id_collision");
      case store::RecordOutcome::Kind::kTooMuch:
        return TurnAway();
      case store::RecordOutcome::Kind::kExhausted:
        if (renewed_certificate_id_) return Refuse("renewed_too_often");
        NoteWrongKey(true);
        return Refuse(std::string(kKeyUsedUp));
      case store::RecordOutcome::Kind::kMoved:
        return ComeAgain();
      case store::RecordOutcome::Kind::kChanged:
        return JudgeAgain();
    }
    Finish(result::Fail(Reason::kInternal, "an unknown outcome"));
  }

  void ConcludeFromPrior() {
    trace.reason = "repeated";
    record.set_classification(certifier::v1::CLASSIFICATION_REPLAY);
    trace.request_id = outcome_->request_id;
    std::optional<Answer> answer;
    if (outcome_->prior) {
      answer = parts_.decider.AnswerByPrior(*proposal_, *outcome_->prior, renewed_certificate_id_);
    }
    if (answer) return Tell(*std::move(answer));
    ComeAgain();
  }

  // Others took what was judged to be free. Nothing was recorded.
  void JudgeAgain() {
    if (judgements_ >= settings_.max_judgements) {
      return Finish(result::Fail(Reason::kUnavailable, "what the policy counts changed with every judgement"));
    }
    certificate_.clear();
    renewed_certificate_id_.reset();
    Find();
  }

  void NoteSuperseded() {
    if (superseded_ == 0) return;
    service::LogInfo("certificates_superseded", {{"request_id", outcome_->request_id},
                                                 {"ca", trace.ca},
                                                 {"count", static_cast<std::int64_t>(superseded_)},
                                                 {"revoked_by", "policy"}});
  }

  // What stood in the way changed its state meanwhile; the device's next attempt finds the new one.
  void ComeAgain() {
    Finish(result::Fail(Reason::kUnavailable, "an earlier request of this transaction changed meanwhile"));
  }

  TimePoint ReceivedAt() const {
    const TimePoint now = parts_.clock();
    const auto skew = message_.received_at < now ? now - message_.received_at : message_.received_at - now;
    return skew > settings_.max_reception_skew ? now : message_.received_at;
  }

  // The device is not refused: it may come back when some of what waits was decided.
  void TurnAway() {
    static auto& counter = service::CounterFor("certifier_pending_turned_away_total",
                                               "Requests that were not stored because as much waits as may.", {});
    counter.Add();
    trace.reason = "too_much_is_pending";
    Tell(Delayed{settings_.pending_delay});
  }

  ChallengeGuard::Attempt Attempt() const { return {ca_->ca_id, trace.source_address}; }

  void NoteWrongKey(bool is_used_up) {
    CountWrongChallenge();
    RaiseAlarms(is_used_up ? parts_.challenges.NoteUsedUp(Attempt(), trace.reference_number, parts_.clock())
                           : parts_.challenges.NoteWrong(Attempt(), parts_.clock()),
                trace);
  }

  void Delay(std::chrono::milliseconds delay) {
    CountDelayedChallenge();
    trace.reason = "too_many_wrong_keys";
    Tell(Delayed{delay});
  }

  void Refuse(std::string reason) {
    trace.reason = std::move(reason);
    Tell(Rejected{FailInfo::kBadRequest});
  }

  // The end of what wrote no row of its own.
  void Tell(Answer answer) { AnswerOnce::Tell(parts_.journal, parts_.clock(), std::move(answer)); }

  // The record of what is about to be written, with its row.
  pki::Bytes Completed(const store::NewRequest& request) {
    const auto outcome = request.state == store::RequestState::kIssued ? certifier::v1::DECISION_OUTCOME_ISSUED
                                                                       : certifier::v1::DECISION_OUTCOME_PENDING;
    enrollment::Conclude(
        identity, {outcome, trace.reason, parts_.clock(), std::chrono::steady_clock::now() - trace.begun}, record);
    return record.SerializeAsString();
  }

  const Submitter::Parts& parts_;
  const Submitter::Settings settings_;
  const SubmitMessage message_;
  std::shared_ptr<const authority::Snapshot> snapshot_;
  std::shared_ptr<const authority::CertificationAuthority> ca_;
  std::int64_t addressed_generation_id_ = 0;
  std::unique_ptr<Proposal> proposal_;
  store::EnrollmentQuery query_;
  result::Result<store::EnrollmentFacts> facts_;
  std::optional<store::Activity> activity_;  // Where the policy asked.
  result::Result<store::RecordOutcome> outcome_;
  std::uint32_t judgements_ = 0;
  std::size_t superseded_ = 0;  // Certificates that are revoked with the issue.
  pki::Bytes certificate_;
  std::optional<std::int64_t> renewed_certificate_id_;
};

}  // namespace

void Submitter::Submit(const SubmitMessage& message, AnswerCallback done) const {
  std::make_shared<Submission>(parts_, settings_, message, std::move(done))->Begin();
}

}  // namespace engine::enrollment
