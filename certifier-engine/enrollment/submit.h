#ifndef CERTIFIER_ENGINE_ENROLLMENT_SUBMIT_H
#define CERTIFIER_ENGINE_ENROLLMENT_SUBMIT_H

#include <string_view>

#include "authority/directory.h"
#include "enrollment/challenge_guard.h"
#include "enrollment/decide.h"
#include "pki/secret.h"
#include "service/worker_pool.h"

namespace engine::enrollment {

// Detail of the failure of what asks a webhook and is not alone: nobody else waits for somebody else's server.
inline constexpr std::string_view kAloneOnly = "a request that asks a webhook comes in a call of its own";

// SubmitMessage is one PKIMessage as the gateway opened it. It borrows everything until it is answered.
struct SubmitMessage {
  std::string_view ca;
  pki::ByteView transaction_id;
  std::uint32_t message_type = 0;
  pki::ByteView signer_certificate;
  pki::ByteView certification_request;
  std::string_view source_address;
  TimePoint received_at;
  std::uint32_t ca_generation = 0;  // Number of the one that the envelope was addressed to; 0: the active one.
  std::string_view digest_algorithm = {}, content_encryption_algorithm = {};  // For the record.
  std::string gateway = {};                                                   // commonName of its certificate.
  bool is_alone = true;  // Whether no other message waits for the answer to this one.
};

// Submitter takes requests through: read (worker) -> find what is known (store) -> decide and sign (worker) -> record
// (store) -> answer (worker). A policy that counts what was before has the store asked once more before it decides, and
// again where others recorded meanwhile. No thread waits for the database; what asks a webhook is decided by a worker
// that may wait.
class Submitter {
 public:
  // References must outlive every request.
  struct Parts {
    const authority::Directory& directory;
    store::EnrollmentStore& store;
    store::DecisionJournal& journal;
    service::WorkerPool& workers;
    const Decider& decider;
    const pki::Secret& key_index;  // Key of the HMAC under which pre-shared keys are found.
    ChallengeGuard& challenges;
    Clock clock;
    service::WorkerPool* webhook_workers = nullptr;  // Null: no policy asks a webhook.
  };
  struct Settings {
    // A reception time further from our clock is not believed; ours is taken.
    std::chrono::seconds max_reception_skew = std::chrono::minutes(5);
    // When a device shall come back that was turned away because as much waits as may.
    std::chrono::seconds pending_delay = std::chrono::minutes(1);
    // How often one message is judged where others change meanwhile what its policy counts, at least once; then it is
    // unavailable.
    std::uint32_t max_judgements = 4;
  };

  Submitter(Parts parts, Settings settings) : parts_(std::move(parts)), settings_(settings) {}

  // Submit answers exactly once, from any thread. Malformed for a transactionID out of bounds, not found for an unknown
  // CA, unavailable where a queue is full, where a webhook is to be asked and the message is not alone or has waited
  // too long for it, the database is away or nothing was loaded yet; nothing was recorded then.
  void Submit(const SubmitMessage& message, AnswerCallback done) const;

 private:
  const Parts parts_;
  const Settings settings_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_SUBMIT_H
