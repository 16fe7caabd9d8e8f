#ifndef CERTIFIER_SCEP_GATEWAY_SCEP_ANSWER_H
#define CERTIFIER_SCEP_GATEWAY_SCEP_ANSWER_H

#include <functional>
#include <string>

#include "http_message.h"
#include "pki/bytes.h"
#include "scep_query.h"

namespace gateway {

// ScepCall is one request in SCEP's terms, free of HTTP.
struct ScepCall {
  Operation operation = Operation::kGetCaCaps;
  std::string profile;     // Path segment that may name a CA.
  std::string identifier;  // CA identifier; empty for PKIOperation.
  pki::Bytes message;      // PKIOperation: the PKIMessage, decoded.
  std::string peer;        // Numeric address.
};

// ScepOutcome is what became of a call, for logs and metrics.
enum class ScepOutcome {
  kServed,   // Capabilities or certificates.
  kSuccess,  // CertRep by status.
  kPending,
  kFailure,
  kRefused,      // No CertRep: 4xx.
  kUnavailable,  // No CertRep: 503.
  kBroken,       // A bug: 500.
};
inline constexpr std::size_t kScepOutcomes = 7;
std::string_view ToString(ScepOutcome outcome);

// ScepAnswer is the response and what the log says of it; no part of it is content.
struct ScepAnswer {
  HttpResponse response;
  ScepOutcome outcome = ScepOutcome::kServed;
  std::string ca;
  std::string message_type;
  std::string transaction_id;  // Printable.
  std::string digest;          // That the CertRep is signed with: the request's, unless it was refused.
  std::string cipher;          // Of the request's envelope; empty where it was not accepted.
  std::string fail_info;       // FAILURE only.
  std::string incident;        // Id under which the reason of a FAILURE is kept; its failInfoText, where it has one.
  std::string reason;          // Internal; never sent.
};

using ScepDone = std::function<void(ScepAnswer)>;

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_SCEP_ANSWER_H
