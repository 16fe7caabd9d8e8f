#include "enrollment/poll.h"

#include <memory>
#include <optional>
#include <utility>

#include "enrollment/answer_once.h"
#include "enrollment/prior.h"
#include "enrollment/requester.h"
#include "enrollment/transaction_id.h"

namespace engine::enrollment {

namespace {

using result::Reason;

Answer AnswerFor(std::optional<store::PriorRequest> request, TimePoint now, std::chrono::seconds retention) {
  if (!request) return Rejected{FailInfo::kBadCertId};
  switch (request->state) {
    case store::RequestState::kPending:
    case store::RequestState::kPostponed:
    case store::RequestState::kApproved:
      return Pending{request->request_id};
    case store::RequestState::kIssued:
      if (request->is_revoked) return Rejected{FailInfo::kBadRequest};
      if (IsOver(*request, now, retention)) return Rejected{FailInfo::kBadCertId};
      return Issued{std::move(request->certificate)};
    case store::RequestState::kRejected:
      return Rejected{FailInfo::kBadRequest};
    case store::RequestState::kExpired:
      return Rejected{FailInfo::kBadCertId};
  }
  return Rejected{FailInfo::kBadCertId};
}

// Question is one poll on its way to the store and back.
struct Question : AnswerOnce {
  using AnswerOnce::AnswerOnce;
  TimePoint now;
  std::chrono::seconds retention{0};
  result::Result<std::optional<store::PriorRequest>> found;

  void Conclude() {
    if (!found) return Finish(tl::unexpected<result::Error>(found.error()));
    if (*found) trace.request_id = (*found)->request_id;
    Finish(AnswerFor(*std::move(found), now, retention));
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

}  // namespace

void Poller::Poll(const PollMessage& message, AnswerCallback done) const {
  auto question = std::make_shared<Question>(std::move(done));
  question->trace.operation = "poll";
  question->trace.ca = std::string(message.ca);
  question->trace.transaction_id = PrintableTransactionId(message.transaction_id);
  question->trace.source_address = std::string(message.source_address);
  question->now = parts_.clock();
  const auto ca = CaOf(message, parts_.directory);
  if (!ca) return question->Finish(tl::unexpected<result::Error>(ca.error()));
  question->retention = RetentionOf((*ca)->options, parts_.retention);
  auto requester = ReadRequester(message.signer_certificate);
  if (!requester) {
    question->trace.reason = "signer_certificate: " + requester.error().detail;
    return question->Finish(Answer(Rejected{FailInfo::kBadCertId}));
  }
  store::RequestIdentity identity{
      (*ca)->ca_id, pki::Bytes(message.transaction_id), std::move(requester->key_sha256), {}};
  parts_.store.FindForPoll(std::move(identity), [question, &workers = parts_.workers](auto found) {
    question->found = std::move(found);
    workers.Run([question] { question->Run([&] { question->Conclude(); }); });
  });
}

}  // namespace engine::enrollment
