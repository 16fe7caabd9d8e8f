#ifndef CERTIFIER_ENGINE_ENROLLMENT_RETRIEVE_H
#define CERTIFIER_ENGINE_ENROLLMENT_RETRIEVE_H

#include <string_view>

#include "authority/directory.h"
#include "enrollment/answer.h"
#include "service/worker_pool.h"
#include "store/enrollment_store.h"

namespace engine::enrollment {

// RetrieveMessage is one GetCert. It borrows everything until Retrieve returns.
struct RetrieveMessage {
  std::string_view ca;
  pki::ByteView signer_certificate;
  pki::ByteView issuer;         // Name DER.
  pki::ByteView serial_number;  // Contents octets.
  std::string_view source_address;
};

// Retriever answers GetCerts (RFC 8894 section 3.3.4): the one certificate of that issuer and serial number; badCertId
// where there is none; badRequest where the CA's options do not serve it, or let only holders ask and the signer does
// not hold a certificate of ours that is in date and neither revoked nor suspended. It keeps nothing.
class Retriever {
 public:
  // References must outlive every call.
  struct Parts {
    const authority::Directory& directory;
    store::EnrollmentStore& store;
    service::WorkerPool& workers;
    Clock clock;
  };
  explicit Retriever(const Parts& parts) : parts_(parts) {}

  // Retrieve answers exactly once, from any thread; failures as Submitter::Submit.
  void Retrieve(const RetrieveMessage& message, AnswerCallback done) const;

 private:
  const Parts parts_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_RETRIEVE_H
