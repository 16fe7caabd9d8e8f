#ifndef CERTIFIER_ENGINE_ENROLLMENT_PRIOR_H
#define CERTIFIER_ENGINE_ENROLLMENT_PRIOR_H

#include <optional>
#include <string_view>

#include "enrollment/answer.h"
#include "store/enrollment_store.h"

namespace engine::enrollment {

// AnswerFromPrior is the table of requirements P-30: what an earlier request of the same transaction and key answers to
// this one, which has digest `csr_sha256` and `subject`. Nothing: it answers nothing, this one is judged anew.
std::optional<Answer> AnswerFromPrior(const store::PriorRequest& prior, pki::ByteView csr_sha256,
                                      std::string_view subject);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_PRIOR_H
