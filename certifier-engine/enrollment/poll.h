#ifndef CERTIFIER_ENGINE_ENROLLMENT_POLL_H
#define CERTIFIER_ENGINE_ENROLLMENT_POLL_H

#include <string_view>

#include "authority/directory.h"
#include "enrollment/answer.h"
#include "service/worker_pool.h"
#include "store/enrollment_store.h"

namespace engine::enrollment {

// PollMessage is one CertPoll. It borrows everything until Poll returns.
struct PollMessage {
  std::string_view ca;
  pki::ByteView transaction_id;
  pki::ByteView signer_certificate;
  std::string_view source_address;
};

// Poller answers CertPolls by transactionID and requester key alone (requirements P-41, P-42): undecided is pending,
// issued is the certificate, rejected is badRequest, unknown or expired or over or another's is badCertId.
class Poller {
 public:
  // References must outlive every poll.
  struct Parts {
    const authority::Directory& directory;
    store::EnrollmentStore& store;
    store::DecisionJournal& journal;
    service::WorkerPool& workers;
    Clock clock;
    std::chrono::seconds retention;  // How long an outcome is repeated where the CA's options do not say.
  };
  explicit Poller(const Parts& parts) : parts_(parts) {}

  // Poll answers exactly once, from any thread; failures as Submitter::Submit.
  void Poll(const PollMessage& message, AnswerCallback done) const;

 private:
  const Parts parts_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_POLL_H
