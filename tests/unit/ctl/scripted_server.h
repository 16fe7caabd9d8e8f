#ifndef CERTIFIER_TESTS_UNIT_CTL_SCRIPTED_SERVER_H
#define CERTIFIER_TESTS_UNIT_CTL_SCRIPTED_SERVER_H

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "../pki/identity.h"
#include "doctor/transport.h"
#include "scep/reply.h"

namespace doctor_test {

using doctor::Answer;
using doctor::Call;
using pki::Bytes;
using testing::Identity;

// CertificateWish is a certificate of a CA or an RA, good in every way that the test does not change.
struct CertificateWish {
  std::string name;
  std::string key = {};  // Of testing::Key; empty: the name.
  std::string algorithm = "rsa-2048";
  bool is_ca = false;
  unsigned usage = pki::kDigitalSignature | pki::kKeyEncipherment;  // 0: no keyUsage.
  std::chrono::days since{10}, until{1000};
};
// Certify makes one; without an issuer it is self-signed.
Identity Certify(const CertificateWish& wish, const Identity* issuer = nullptr);

// ScriptedServer is a SCEP server in memory, with an RA. It is sound in every way that the test does not change.
class ScriptedServer final : public doctor::Transport {
 public:
  ScriptedServer();
  result::Result<Answer> Send(const Call& call) override;

  // The script.
  Bytes capabilities = "AES\nPOSTPKIOperation\nRenewal\nSCEPStandard\nSHA-1\nSHA-256\n";
  Identity ca, ra;
  Bytes ca_answer;  // Of GetCACert; PublishAs sets it.
  std::string ca_type;
  Bytes next_ca_answer;
  std::string challenge = "correct horse";
  scep::PkiStatus without_challenge = scep::PkiStatus::kFailure;
  bool is_renewing = true, is_issuing_anew = false, is_verifying = true;
  std::set<std::string> open_types;                     // That get a certificate whoever asks.
  std::function<void(scep::ReplyContext&)> on_context;  // What a reply refers to.
  std::function<void(const Call&, result::Result<Answer>&)> on_answer;

  // PublishAs hands out these certificates as a PKCS#7.
  void Publish(const std::vector<Identity>& identities);

  // What happened.
  std::vector<Call> calls;
  std::vector<scep::ReplyContext> contexts;
  std::set<std::string> challenges;
  int issued = 0;

 private:
  Answer Operate(pki::ByteView message);
  Bytes Judge(const scep::ReplyContext& context, const std::string& type, const pki::Certificate& signer,
              pki::ByteView content);
  Bytes Enrol(const scep::ReplyContext& context, const pki::Certificate& signer, pki::ByteView csr);
  Bytes Issue(const scep::ReplyContext& context, const pki::Certificate& signer, pki::ByteView csr);
  Bytes Fail(const scep::ReplyContext& context, scep::FailInfo fail_info) const;
  scep::Recipient Signer() const;

  std::map<Bytes, Bytes> certificates_;  // PKCS#10 to certificate.
  std::set<scep::TransactionId> waiting_;
};

}  // namespace doctor_test

#endif  // CERTIFIER_TESTS_UNIT_CTL_SCRIPTED_SERVER_H
