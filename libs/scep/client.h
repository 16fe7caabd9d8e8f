#ifndef CERTIFIER_SCEP_CLIENT_H
#define CERTIFIER_SCEP_CLIENT_H

#include <string>

#include "pki/certificate_request.h"
#include "scep/message.h"

namespace scep {

// Client is the device's side of one enrolment: its key, its throw-away certificate and the RA it talks to. It makes
// and reads messages; the caller moves the octets. Used by the launcher's first enrolment, by certifierctl doctor, by
// tests and by the load generator.
class Client {
 public:
  struct Options {
    pki::DigestAlgorithm digest = pki::DigestAlgorithm::kSha256;
    pki::ContentCipher cipher = pki::ContentCipher::kAes256Cbc;
    pki::KeyTransport transport = pki::KeyTransport::kPkcs1;
  };

  // Create makes a self-signed certificate with the subject given, good for a week. The transactionID is the
  // hexadecimal SHA-256 of the public key. `registration_authority` comes from GetCACert.
  static result::Result<Client> Create(std::shared_ptr<const pki::PrivateKey> key, const pki::Name& subject,
                                       pki::Certificate registration_authority, Options options);
  static result::Result<Client> Create(std::shared_ptr<const pki::PrivateKey> key, const pki::Name& subject,
                                       pki::Certificate registration_authority) {
    return Create(std::move(key), subject, std::move(registration_authority), Options());
  }

  const TransactionId& transaction_id() const { return transaction_id_; }
  void set_transaction_id(TransactionId id) { transaction_id_ = std::move(id); }
  const pki::Certificate& certificate() const { return certificate_; }
  // Adopt takes an issued certificate of the same key, to sign with it instead of the throw-away one (RFC 8894 section
  // 2.3): for a renewal or a GetCert.
  void Adopt(pki::Certificate certificate) { certificate_ = std::move(certificate); }
  // The senderNonce of the last message made.
  const Nonce& last_nonce() const { return last_nonce_; }

  // MakePkcsReq wraps a PKCS#10 (DER); MakeCertPoll asks after it. Each call draws a new senderNonce.
  result::Result<pki::Bytes> MakePkcsReq(pki::ByteView certification_request);
  result::Result<pki::Bytes> MakeCertPoll(const pki::Name& ca_subject);
  // MakeRenewalReq wraps a PKCS#10 (DER) for the key that follows; Adopt first.
  result::Result<pki::Bytes> MakeRenewalReq(pki::ByteView certification_request);
  result::Result<pki::Bytes> MakeGetCert(const IssuerAndSerialNumber& wanted);
  // MakeMessage signs any messageType text around `content` enveloped to the RA; for tests of refusals.
  result::Result<pki::Bytes> MakeMessage(std::string_view message_type, pki::ByteView content);

  struct Reply {
    PkiStatus status = PkiStatus::kFailure;
    std::optional<FailInfo> fail_info;
    TransactionId transaction_id;
    Nonce sender_nonce;
    Nonce recipient_nonce;
    std::vector<pki::Certificate> certificates;  // SUCCESS only.
  };
  // ReadReply checks the signature by the RA, the transactionID and the nonce of the last message made, and opens a
  // SUCCESS. Malformed or bad message check.
  result::Result<Reply> ReadReply(pki::ByteView message) const;
  // OpenContent decrypts the content of a SUCCESS, whoever signed it. Malformed.
  result::Result<std::vector<pki::Certificate>> OpenContent(pki::ByteView content) const;

 private:
  Client() = default;
  std::shared_ptr<const pki::PrivateKey> key_;
  pki::Certificate certificate_;
  pki::Certificate registration_authority_;
  Options options_;
  TransactionId transaction_id_;
  Nonce last_nonce_;
};

}  // namespace scep

#endif  // CERTIFIER_SCEP_CLIENT_H
