#include "scep/client.h"

#include <chrono>
#include <utility>

#include "pki/digest.h"
#include "scep/attributes.h"

namespace scep {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kNonceLength = 16;
constexpr std::chrono::hours kCertificateLifetime{7 * 24};
// The RA's clock may be behind.
constexpr std::chrono::minutes kClockSkew{5};

result::Result<pki::Certificate> SelfSigned(const pki::PrivateKey& key, const pki::Name& subject,
                                            pki::DigestAlgorithm digest) {
  const pki::TimePoint now = std::chrono::system_clock::now();
  ASSIGN_OR_RETURN(pki::SerialNumber serial_number, pki::RandomSerialNumber());
  const pki::TbsCertificate tbs{std::move(serial_number),
                                subject.der(),
                                subject.der(),
                                now - kClockSkew,
                                now + kCertificateLifetime,
                                key.public_key().spki(),
                                {pki::KeyUsageExtension(pki::kDigitalSignature | pki::kKeyEncipherment)}};
  ASSIGN_OR_RETURN(const pki::Bytes der, pki::SignCertificate(tbs, key, digest));
  return pki::Certificate::Parse(der);
}

// Required is a value that every CertRep has.
result::Result<pki::ByteView> Required(const SignedAttributes& attributes, std::string_view oid) {
  ASSIGN_OR_RETURN(const auto text, ReadText(attributes, oid));
  if (!text.has_value()) return Fail(Reason::kMalformed, "reply without attribute " + std::string(oid));
  return *text;
}

result::Result<PkiStatus> ReadStatus(const SignedAttributes& attributes) {
  ASSIGN_OR_RETURN(const pki::ByteView text, Required(attributes, kPkiStatusOid));
  if (text == "0") return PkiStatus::kSuccess;
  if (text == "2") return PkiStatus::kFailure;
  if (text == "3") return PkiStatus::kPending;
  return Fail(Reason::kMalformed, "unknown pkiStatus");
}

result::Result<FailInfo> ReadFailInfo(const SignedAttributes& attributes) {
  ASSIGN_OR_RETURN(const pki::ByteView text, Required(attributes, kFailInfoOid));
  for (const FailInfo fail_info : {FailInfo::kBadAlg, FailInfo::kBadMessageCheck, FailInfo::kBadRequest,
                                   FailInfo::kBadTime, FailInfo::kBadCertId}) {
    if (text == std::to_string(static_cast<int>(fail_info))) return fail_info;
  }
  return Fail(Reason::kMalformed, "unknown failInfo");
}

}  // namespace

result::Result<Client> Client::Create(std::shared_ptr<const pki::PrivateKey> key, const pki::Name& subject,
                                      pki::Certificate registration_authority, Options options) {
  Client client;
  client.key_ = std::move(key);
  client.registration_authority_ = std::move(registration_authority);
  client.options_ = options;
  ASSIGN_OR_RETURN(client.certificate_, SelfSigned(*client.key_, subject, options.digest));
  const pki::Bytes fingerprint = pki::Digest(pki::DigestAlgorithm::kSha256, client.key_->public_key().spki());
  client.transaction_id_ = TransactionId(pki::HexLower(fingerprint));
  return client;
}

result::Result<pki::Bytes> Client::MakePkcsReq(pki::ByteView certification_request) {
  return MakeMessage("19", certification_request);
}

result::Result<pki::Bytes> Client::MakeCertPoll(const pki::Name& ca_subject) {
  return MakeMessage("20", pki::der::Encode(pki::der::kSequence, {ca_subject.der(), certificate_.subject()}));
}

result::Result<pki::Bytes> Client::MakeRenewalReq(pki::ByteView certification_request) {
  return MakeMessage("17", certification_request);
}

result::Result<pki::Bytes> Client::MakeGetCert(const IssuerAndSerialNumber& wanted) {
  const pki::Bytes serial_number = pki::der::Encode(pki::der::kInteger, wanted.serial_number);
  return MakeMessage("21", pki::der::Encode(pki::der::kSequence, {wanted.issuer, serial_number}));
}

result::Result<pki::Bytes> Client::MakeMessage(std::string_view message_type, pki::ByteView content) {
  ASSIGN_OR_RETURN(pki::Bytes nonce, pki::RandomBytes(kNonceLength));
  last_nonce_ = Nonce(std::move(nonce));
  ASSIGN_OR_RETURN(const pki::Bytes envelope,
                   pki::EnvelopFor(content, registration_authority_, options_.cipher, options_.transport));
  const std::vector<pki::AttributeToSign> attributes = {TextAttribute(kMessageTypeOid, message_type),
                                                        TextAttribute(kTransactionIdOid, transaction_id_.octets()),
                                                        OctetsAttribute(kSenderNonceOid, last_nonce_.octets())};
  return pki::SignContent(envelope, attributes, certificate_, *key_, options_.digest, std::chrono::system_clock::now());
}

result::Result<Client::Reply> Client::ReadReply(pki::ByteView message) const {
  ASSIGN_OR_RETURN(const pki::SignedData signed_data, pki::ParseSignedData(message));
  RETURN_IF_ERROR(pki::VerifySigner(signed_data));
  if (signed_data.signer->certificate.der() != registration_authority_.der()) {
    return Fail(Reason::kBadMessageCheck, "the reply is not signed by the RA");
  }
  const SignedAttributes& attributes = signed_data.attributes;
  Reply reply;
  ASSIGN_OR_RETURN(const pki::ByteView type, Required(attributes, kMessageTypeOid));
  ASSIGN_OR_RETURN(reply.status, ReadStatus(attributes));
  ASSIGN_OR_RETURN(reply.transaction_id, ReadTransactionId(attributes));
  ASSIGN_OR_RETURN(const auto sender_nonce, ReadNonce(attributes, kSenderNonceOid));
  ASSIGN_OR_RETURN(const auto recipient_nonce, ReadNonce(attributes, kRecipientNonceOid));
  if (type != "3" || !sender_nonce.has_value()) return Fail(Reason::kMalformed, "the message is no CertRep");
  if (reply.transaction_id != transaction_id_ || recipient_nonce != last_nonce_) {
    return Fail(Reason::kBadMessageCheck, "the reply belongs to another request");
  }
  reply.sender_nonce = *sender_nonce;
  reply.recipient_nonce = *recipient_nonce;
  if (reply.status == PkiStatus::kFailure) {
    ASSIGN_OR_RETURN(reply.fail_info, ReadFailInfo(attributes));
  }
  if (reply.status == PkiStatus::kSuccess) {
    const pki::ByteView content = signed_data.content.value_or(pki::ByteView());
    ASSIGN_OR_RETURN(reply.certificates, OpenContent(content));
  }
  return reply;
}

result::Result<std::vector<pki::Certificate>> Client::OpenContent(pki::ByteView content) const {
  ASSIGN_OR_RETURN(const pki::EnvelopedData envelope, pki::ParseEnvelopedData(content));
  for (const auto& recipient : envelope.recipients) {
    if (!pki::MatchesRecipient(recipient, certificate_)) continue;
    ASSIGN_OR_RETURN(const pki::Secret certs_only, pki::DecryptContent(envelope, recipient, *key_));
    return pki::ParseCertsOnly(certs_only.Reveal());
  }
  return Fail(Reason::kMalformed, "the reply is not addressed to this client");
}

}  // namespace scep
