#include "enrollment/prior.h"

namespace engine::enrollment {

std::optional<Answer> AnswerFromPrior(const store::PriorRequest& prior, pki::ByteView csr_sha256,
                                      std::string_view subject) {
  const bool is_identical = prior.csr_sha256 == csr_sha256;
  switch (prior.state) {
    case store::RequestState::kPending:
    case store::RequestState::kPostponed:
    case store::RequestState::kApproved:
      if (is_identical || prior.subject == subject) return Pending{prior.request_id};
      return Rejected{FailInfo::kBadRequest};
    case store::RequestState::kIssued:
      if (!is_identical) return std::nullopt;
      if (prior.is_revoked) return Rejected{FailInfo::kBadRequest};
      return Issued{prior.certificate};
    case store::RequestState::kRejected:
      if (is_identical) return Rejected{FailInfo::kBadRequest};
      return std::nullopt;
    case store::RequestState::kExpired:
      return std::nullopt;
  }
  return Rejected{FailInfo::kBadRequest};
}

}  // namespace engine::enrollment
