#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_CORRESPONDENCE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_CORRESPONDENCE_H

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "doctor/examination.h"
#include "doctor/reply.h"
#include "scep/client.h"

namespace doctor {

// Device is a client that the doctor plays: a key and a self-signed certificate. Every Result of it is internal where
// it fails: the server has no part in it.
class Device {
 public:
  static result::Result<Device> Make(std::shared_ptr<const pki::PrivateKey> key, const Authority& authority,
                                     const pki::Name& subject, scep::Client::Options options);
  // With is a device of the same key and transactionID that writes with other algorithms.
  result::Result<Device> With(const Authority& authority, scep::Client::Options options) const;

  // Csr is a PKCS#10 for the device's key and subject; without a challenge where it is empty.
  result::Result<pki::Bytes> Csr(pki::ByteView challenge) const;
  // Write makes a message of a type, whatever it is, around `content`.
  result::Result<Letter> Write(std::string_view message_type, pki::ByteView content);
  // WritePoll is a CertPoll for the device's transaction.
  result::Result<Letter> WritePoll(const Authority& authority);

  const pki::PublicKey& public_key() const { return key_->public_key(); }
  scep::Client& client() { return client_; }
  const scep::Client& client() const { return client_; }

 private:
  Device(std::shared_ptr<const pki::PrivateKey> key, pki::Name subject, scep::Client::Options options,
         scep::Client client);
  Letter LetterOf(pki::Bytes message) const;

  std::shared_ptr<const pki::PrivateKey> key_;
  pki::Name subject_;
  scep::Client::Options options_;
  scep::Client client_;
};

enum class Method { kPost, kGet };

// Outcome is what became of one PKIOperation.
struct Outcome {
  // The first three are CertReps. kRefused: HTTP 4xx. kPutOff: 429 or 503, ask later. kBroken: any other answer.
  // kSilent: none.
  enum class Kind { kSuccess, kPending, kFailure, kRefused, kPutOff, kBroken, kSilent };

  bool is_cert_rep() const { return reply.has_value(); }

  Kind kind = Kind::kSilent;
  std::string seen;          // "FAILURE badRequest", "HTTP 500, text/plain, 12 octets".
  std::string content_type;  // As it came.
  std::optional<Reply> reply;
};

// Correspondence carries letters to one CA, and holds every CertRep that comes back to its form.
class Correspondence {
 public:
  // Longer queries are not let through by every server and proxy.
  static constexpr std::size_t kMaxQuery = 8000;

  Correspondence(const Examination& examination, const Capabilities& capabilities, const Authority& authority);

  // NewDevice has a fresh key, and writes with what the server offers.
  result::Result<Device> NewDevice(const pki::Name& subject) const;
  result::Result<Device> NewDevice() const { return NewDevice(examination_.settings.subject); }

  Outcome Send(const Letter& letter, Method method);
  // Send uses the method that the server offers.
  Outcome Send(const Letter& letter) { return Send(letter, preferred()); }
  // Post sends what is no message at all.
  Outcome Post(pki::Bytes body);
  static bool FitsGet(const Letter& letter);
  Method preferred() const { return capabilities_.has_post() ? Method::kPost : Method::kGet; }

  const Examination& examination() const { return examination_; }
  const Capabilities& capabilities() const { return capabilities_; }
  const Authority& authority() const { return authority_; }
  // FormFindings is for each of kFormChecks the worst that any CertRep had; skipped where none came.
  std::vector<Finding> FormFindings() const;

 private:
  void KeepWorst(std::vector<Finding> form);
  Outcome Receive(const result::Result<Answer>& answer) const;

  const Examination& examination_;
  const Capabilities& capabilities_;
  const Authority& authority_;
  std::vector<Finding> form_;
};

// Setback is the finding where an outcome is no judgement of the message: kPutOff, kBroken and kSilent. Nothing else.
std::optional<Finding> Setback(const std::string& check, const Outcome& outcome);

}  // namespace doctor

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_CORRESPONDENCE_H
