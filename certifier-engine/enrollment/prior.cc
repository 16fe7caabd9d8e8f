#include "enrollment/prior.h"

namespace engine::enrollment {

namespace {

std::optional<Answer> AnswerFromIssued(const store::PriorRequest& prior, const Repetition& message) {
  if (prior.csr_sha256 != message.csr_sha256) return std::nullopt;
  const auto& renewed = message.renewed_certificate_id;
  if (renewed && renewed != prior.renewed_certificate_id) return std::nullopt;
  if (prior.is_revoked) return Rejected{FailInfo::kBadRequest};
  const bool is_by_this_generation =
      prior.ca_generation_id == message.ca_generation_id || prior.ca_generation_id == message.addressed_generation_id;
  if (!is_by_this_generation || IsOver(prior, message.now, message.retention)) return std::nullopt;
  return Issued{prior.certificate};
}

}  // namespace

std::chrono::seconds RetentionOf(const certifier::v1::CaOptions& options, std::chrono::seconds otherwise) {
  if (options.retention_days() == 0) return otherwise;
  return std::chrono::hours(24) * options.retention_days();
}

bool IsOver(const store::PriorRequest& prior, TimePoint now, std::chrono::seconds retention) {
  return now >= prior.not_after || now - prior.issued_at >= retention;
}

std::optional<Answer> AnswerFromPrior(const store::PriorRequest& prior, const Repetition& message) {
  const bool is_identical = prior.csr_sha256 == message.csr_sha256;
  switch (prior.state) {
    case store::RequestState::kPending:
    case store::RequestState::kPostponed:
    case store::RequestState::kApproved:
      if (is_identical || prior.subject == message.subject) return Pending{prior.request_id};
      return Rejected{FailInfo::kBadRequest};
    case store::RequestState::kIssued:
      return AnswerFromIssued(prior, message);
    case store::RequestState::kRejected:
      if (is_identical) return Rejected{FailInfo::kBadRequest};
      return std::nullopt;
    case store::RequestState::kExpired:
      return std::nullopt;
  }
  return Rejected{FailInfo::kBadRequest};
}

}  // namespace engine::enrollment
