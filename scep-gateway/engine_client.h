#ifndef CERTIFIER_SCEP_GATEWAY_ENGINE_CLIENT_H
#define CERTIFIER_SCEP_GATEWAY_ENGINE_CLIENT_H

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "failure_report.h"
#include "pki/certificate.h"
#include "pki/secret.h"
#include "scep/message.h"

namespace gateway {

// Submission is one decoded PKCSReq (requirements A-01).
struct Submission {
  std::string ca;
  scep::TransactionId transaction_id;
  scep::MessageType message_type = scep::MessageType::kPkcsReq;
  pki::Bytes signer_certificate;      // DER.
  pki::Secret certification_request;  // DER exactly as decrypted; may hold a challenge.
  pki::DigestAlgorithm digest = pki::DigestAlgorithm::kSha256;
  pki::ContentCipher cipher = pki::ContentCipher::kAes128Cbc;
  std::string source_address;
  pki::TimePoint received_at;
  std::uint32_t ca_generation = 0;  // Number of the one that the envelope was addressed to.
};

// Inquiry is one CertPoll.
struct Inquiry {
  std::string ca;
  scep::TransactionId transaction_id;
  pki::Bytes signer_certificate;  // DER.
  std::string source_address;
};

// Retrieval is one GetCert.
struct Retrieval {
  std::string ca;
  pki::Bytes signer_certificate;  // DER.
  scep::IssuerAndSerialNumber wanted;
  std::string source_address;
};

// What the engine decided and recorded.
struct Issued {
  pki::Bytes certificate;  // DER.
};
struct Pending {
  std::string request_id;
};
struct Rejected {
  scep::FailInfo fail_info = scep::FailInfo::kBadRequest;
  std::string decision_id = {};  // Under which the engine keeps the reason; empty where it keeps none.
};
// Delayed: the device brought too many wrong challenges, or as much waits for an operator as may; nothing was recorded.
struct Delayed {
  std::chrono::seconds retry_after{1};
};
using Decision = std::variant<Issued, Pending, Rejected, Delayed>;

// EngineClient is what the gateway asks of the engine. Safe from any thread. Each call answers exactly once, from any
// thread, also when it fails at once. Unavailable: nothing is known to be recorded, the device may try again.
class EngineClient {
 public:
  using Answer = std::function<void(result::Result<Decision>)>;
  virtual ~EngineClient() = default;
  virtual void Submit(Submission submission, Answer answer) = 0;
  virtual void Poll(Inquiry inquiry, Answer answer) = 0;
  // Retrieve is never pending.
  virtual void Retrieve(Retrieval retrieval, Answer answer) = 0;
  // Report has the engine keep why this gateway answered FAILURE by itself. Nobody waits for it, and where too many are
  // on their way it is dropped: the log has it too.
  virtual void Report(FailureReport report) = 0;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_ENGINE_CLIENT_H
