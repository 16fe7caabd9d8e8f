#ifndef CERTIFIER_ENGINE_ENROLLMENT_ANSWER_H
#define CERTIFIER_ENGINE_ENROLLMENT_ANSWER_H

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "pki/bytes.h"
#include "result/result.h"

namespace engine::enrollment {

// FailInfo is RFC 8894 section 3.2.1.4.
enum class FailInfo { kBadAlg, kBadMessageCheck, kBadRequest, kBadTime, kBadCertId };

struct Issued {
  pki::Bytes certificate;  // DER.
};
struct Pending {
  std::int64_t request_id = 0;
};
struct Rejected {
  FailInfo fail_info = FailInfo::kBadRequest;
  std::string decision_id = {};  // Of the record that says why; empty where there is none.
};
// Delayed: the request was not looked at, because its source brought too many wrong keys, or not stored, because as
// much waits for an operator as may. Nothing was recorded.
struct Delayed {
  std::chrono::milliseconds retry_after{0};
};

// Answer is what the device gets. A failed Result beside it means that nothing was recorded and no CertRep is due.
using Answer = std::variant<Issued, Pending, Rejected, Delayed>;
// UnknownCa is for a CA that this engine does not know, or cannot use: another one may. Nobody is told for good.
inline auto UnknownCa() {
  return result::Fail(result::Reason::kUnavailable, "the CA is not known to this engine");
}

using AnswerCallback = std::function<void(result::Result<Answer>)>;

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_ANSWER_H
