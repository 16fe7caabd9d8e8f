#include "enrollment/poll.h"

#include <memory>
#include <optional>
#include <utility>

#include "enrollment/answer_once.h"
#include "enrollment/prior.h"
#include "enrollment/requester.h"
#include "enrollment/transaction_id.h"
#include "timestamp.h"

namespace engine::enrollment {

namespace {

using result::Reason;

constexpr std::uint32_t kCertPoll = 20;  // RFC 8894 section 3.2.1.2.

struct Verdict {
  Answer answer;
  std::string_view reason;
};

Verdict VerdictOn(std::optional<store::PriorRequest> request, TimePoint now, std::chrono::seconds retention) {
  const auto refuse = [](FailInfo fail_info, std::string_view reason) { return Verdict{Rejected{fail_info}, reason}; };
  if (!request) return refuse(FailInfo::kBadCertId, "unknown_transaction");
  switch (request->state) {
    case store::RequestState::kPending:
    case store::RequestState::kPostponed:
    case store::RequestState::kApproved:
      return {Pending{request->request_id}, "waits"};
    case store::RequestState::kIssued:
      if (request->is_revoked) return refuse(FailInfo::kBadRequest, "certificate_is_revoked");
      if (IsOver(*request, now, retention)) return refuse(FailInfo::kBadCertId, "retention_is_over");
      return {Issued{std::move(request->certificate)}, "issued"};
    case store::RequestState::kRejected:
      return refuse(FailInfo::kBadRequest, "rejected_by_operator");
    case store::RequestState::kExpired:
      return refuse(FailInfo::kBadCertId, "nobody_decided_in_time");
  }
  return refuse(FailInfo::kBadCertId, "unknown_transaction");
}

// Question is one poll on its way to the store and back.
struct Question : AnswerOnce {
  using AnswerOnce::AnswerOnce;
  store::DecisionJournal* journal = nullptr;
  TimePoint now;
  std::chrono::seconds retention{0};
  result::Result<std::optional<store::PriorRequest>> found;

  void Conclude() {
    if (!found) return Finish(tl::unexpected<result::Error>(found.error()));
    if (*found) trace.request_id = (*found)->request_id;
    auto [answer, reason] = VerdictOn(*std::move(found), now, retention);
    trace.reason = reason;
    Tell(*journal, now, std::move(answer));
  }
};

result::Result<std::shared_ptr<const authority::CertificationAuthority>> CaOf(const PollMessage& message,
                                                                              const authority::Directory& directory) {
  if (message.transaction_id.empty() || message.transaction_id.size() > kMostTransactionIdOctets) {
    return result::Fail(Reason::kMalformed, "a transactionID has 1 to 255 octets");
  }
  const auto snapshot = directory.snapshot();
  if (snapshot->version == 0) return result::Fail(Reason::kUnavailable, "the CAs are not loaded yet");
  auto ca = snapshot->FindCa(message.ca);
  if (!ca) return UnknownCa();
  return ca;
}

void NoteMessage(const PollMessage& message, Question& question) {
  question.trace.operation = "poll";
  question.trace.ca = std::string(message.ca);
  question.trace.transaction_id = PrintableTransactionId(message.transaction_id);
  question.trace.source_address = std::string(message.source_address);
  question.record.set_classification(certifier::v1::CLASSIFICATION_POLL);
  auto& summary = *question.record.mutable_message();
  summary.set_ca(question.trace.ca);
  summary.set_transaction_id(question.trace.transaction_id);
  summary.set_message_type(kCertPoll);
  summary.set_source_address(question.trace.source_address);
}

}  // namespace

void Poller::Poll(const PollMessage& message, AnswerCallback done) const {
  auto question = std::make_shared<Question>(std::move(done));
  NoteMessage(message, *question);
  question->journal = &parts_.journal;
  question->now = parts_.clock();
  *question->record.mutable_message()->mutable_received_at() = ToTimestamp(question->now);
  const auto ca = CaOf(message, parts_.directory);
  if (!ca) return question->Finish(tl::unexpected<result::Error>(ca.error()));
  question->retention = RetentionOf((*ca)->options, parts_.retention);
  question->identity.ca_id = (*ca)->ca_id;
  question->identity.transaction_id = pki::Bytes(message.transaction_id);
  auto requester = ReadRequester(message.signer_certificate);
  if (!requester) {
    question->trace.reason = "signer_certificate: " + requester.error().detail;
    return question->Tell(parts_.journal, question->now, Rejected{FailInfo::kBadCertId});
  }
  question->identity.requester_key = std::move(requester->key_sha256);
  question->record.mutable_message()->set_requester_key_sha256(pki::HexLower(question->identity.requester_key));
  parts_.store.FindForPoll(question->identity, [question, &workers = parts_.workers](auto found) {
    question->found = std::move(found);
    workers.Run([question] { question->Run([&] { question->Conclude(); }); });
  });
}

}  // namespace engine::enrollment
