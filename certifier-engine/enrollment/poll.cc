#include "enrollment/poll.h"

#include <memory>
#include <optional>

#include "enrollment/requester.h"
#include "enrollment/trace.h"
#include "enrollment/transaction_id.h"

namespace engine::enrollment {

namespace {

using result::Reason;

Answer AnswerFor(std::optional<store::PriorRequest> request) {
  if (!request) return Rejected{FailInfo::kBadCertId};
  switch (request->state) {
    case store::RequestState::kPending:
    case store::RequestState::kPostponed:
    case store::RequestState::kApproved:
      return Pending{request->request_id};
    case store::RequestState::kIssued:
      if (request->is_revoked) return Rejected{FailInfo::kBadRequest};
      return Issued{std::move(request->certificate)};
    case store::RequestState::kRejected:
      return Rejected{FailInfo::kBadRequest};
    case store::RequestState::kExpired:
      return Rejected{FailInfo::kBadCertId};
  }
  return Rejected{FailInfo::kBadCertId};
}

// Question is one poll on its way to the store and back.
struct Question {
  Trace trace;
  AnswerCallback done;
  result::Result<std::optional<store::PriorRequest>> found;

  void Finish(const result::Result<Answer>& answer) {
    WriteTrace(trace, answer);
    done(answer);
  }
  void Conclude() {
    if (!found) return Finish(tl::unexpected<result::Error>(found.error()));
    if (*found) trace.request_id = (*found)->request_id;
    Finish(AnswerFor(*std::move(found)));
  }
};

result::Result<store::RequestIdentity> IdentityOf(const PollMessage& message, const authority::Directory& directory) {
  if (message.transaction_id.empty() || message.transaction_id.size() > kMostTransactionIdOctets) {
    return result::Fail(Reason::kMalformed, "a transactionID has 1 to 255 octets");
  }
  const auto snapshot = directory.snapshot();
  if (snapshot->version == 0) return result::Fail(Reason::kUnavailable, "the CAs are not loaded yet");
  const auto ca = snapshot->FindCa(message.ca);
  if (!ca) return UnknownCa();
  store::RequestIdentity identity;
  identity.ca_id = ca->ca_id;
  identity.transaction_id = pki::Bytes(message.transaction_id);
  return identity;
}

}  // namespace

void Poller::Poll(const PollMessage& message, AnswerCallback done) const {
  auto question = std::make_shared<Question>();
  question->trace.operation = "poll";
  question->trace.ca = std::string(message.ca);
  question->trace.transaction_id = PrintableTransactionId(message.transaction_id);
  question->trace.source_address = std::string(message.source_address);
  question->done = std::move(done);
  auto identity = IdentityOf(message, parts_.directory);
  if (!identity) return question->Finish(tl::unexpected<result::Error>(std::move(identity).error()));
  auto requester = ReadRequester(message.signer_certificate);
  if (!requester) {
    question->trace.reason = "signer_certificate: " + requester.error().detail;
    return question->Finish(Answer(Rejected{FailInfo::kBadCertId}));
  }
  identity->requester_key = std::move(requester->key_sha256);
  parts_.store.FindForPoll(*std::move(identity), [question, &workers = parts_.workers](auto found) {
    question->found = std::move(found);
    workers.Run([question] { question->Conclude(); });
  });
}

}  // namespace engine::enrollment
