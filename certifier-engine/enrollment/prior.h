#ifndef CERTIFIER_ENGINE_ENROLLMENT_PRIOR_H
#define CERTIFIER_ENGINE_ENROLLMENT_PRIOR_H

#include <optional>
#include <string_view>

#include "certifier/v1/ca_options.pb.h"
#include "enrollment/answer.h"
#include "store/enrollment_store.h"

namespace engine::enrollment {

using store::TimePoint;

// Repetition is a message that an earlier request may answer. It borrows.
struct Repetition {
  pki::ByteView csr_sha256;
  std::string_view subject;
  std::optional<std::int64_t> renewed_certificate_id;  // Of a renewal: the certificate that signed it.
  std::int64_t ca_generation_id = 0;                   // The generation that issues for it now,
  std::int64_t addressed_generation_id = 0;            // and the one that it was addressed to.
  TimePoint now;
  std::chrono::seconds retention{0};
};

// RetentionOf is how long a CA's outcomes are repeated; `otherwise` where its options do not say.
std::chrono::seconds RetentionOf(const certifier::v1::CaOptions& options, std::chrono::seconds otherwise);

// IsOver tells whether an issued request is repeated no more: `retention` after the issue, and at the certificate's
// end.
bool IsOver(const store::PriorRequest& prior, TimePoint now, std::chrono::seconds retention);

// AnswerFromPrior is the table of requirements P-30: what an earlier request of the same transaction and key answers to
// this one. Nothing: it answers nothing, this one is judged anew. An issued one does not answer a renewal of another
// certificate, its own included, or a message to a generation that did not issue it (N-03).
std::optional<Answer> AnswerFromPrior(const store::PriorRequest& prior, const Repetition& message);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_PRIOR_H
