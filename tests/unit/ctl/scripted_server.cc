#include "scripted_server.h"

#include <utility>

#include "pki/certificate_request.h"
#include "scep/attributes.h"

namespace doctor_test {

using scep::FailInfo;
using scep::PkiStatus;
using testing::Must;

namespace {

pki::TimePoint Now() {
  return std::chrono::system_clock::now();
}

pki::TbsCertificate ToBeSigned(const CertificateWish& wish, const pki::PublicKey& key, const Identity* issuer) {
  pki::TbsCertificate tbs;
  tbs.serial_number = Must(pki::RandomSerialNumber());
  tbs.subject = testing::CommonName(wish.name);
  tbs.issuer = issuer == nullptr ? tbs.subject : Bytes(issuer->certificate.subject());
  tbs.not_before = Now() - wish.since;
  tbs.not_after = Now() + wish.until;
  tbs.spki = key.spki();
  const pki::PublicKey& issuing = issuer == nullptr ? key : issuer->key->public_key();
  const Bytes issuing_id = pki::Digest(pki::DigestAlgorithm::kSha1, issuing.subject_public_key());
  tbs.extensions = {pki::BasicConstraintsExtension(wish.is_ca),
                    pki::SubjectKeyIdentifierExtension(key.subject_public_key()),
                    pki::AuthorityKeyIdentifierExtension(issuing_id)};
  if (wish.usage != 0) tbs.extensions.push_back(pki::KeyUsageExtension(wish.usage));
  return tbs;
}

std::string TextOf(const scep::SignedAttributes& attributes, std::string_view oid) {
  return std::string(Must(scep::ReadText(attributes, oid)).value_or(""));
}

}  // namespace

Identity Certify(const CertificateWish& wish, const Identity* issuer) {
  const auto key = testing::Key(wish.key.empty() ? wish.name : wish.key, wish.algorithm);
  const auto& signer = issuer == nullptr ? key : issuer->key;
  const auto tbs = ToBeSigned(wish, key->public_key(), issuer);
  const Bytes der = Must(pki::SignCertificate(tbs, *signer, pki::DigestAlgorithm::kSha256));
  return {key, Must(pki::Certificate::Parse(der))};
}

ScriptedServer::ScriptedServer()
    : ca(Certify({.name = "CA", .is_ca = true, .usage = pki::kKeyCertSign | pki::kCrlSign})),
      ra(Certify({.name = "RA"}, &ca)) {
  Publish({ra, ca});
}

void ScriptedServer::Publish(const std::vector<Identity>& identities) {
  std::vector<pki::ByteView> certificates;
  for (const Identity& identity : identities) certificates.push_back(identity.certificate.der());
  ca_answer = pki::CertsOnly(certificates);
  ca_type = "application/x-x509-ca-ra-cert";
}

result::Result<Answer> ScriptedServer::Send(const Call& call) {
  calls.push_back(call);
  result::Result<Answer> answer = Answer{400, "text/plain", "", "bad request\n"};
  if (call.operation == "GetCACaps") {
    answer = Answer{200, "text/plain", "", capabilities};
  } else if (call.operation == "GetCACert") {
    answer = Answer{200, ca_type, "", ca_answer};
  } else if (call.operation == "GetNextCACert" && !next_ca_answer.empty()) {
    answer = Answer{200, "application/x-x509-next-ca-cert", "", next_ca_answer};
  } else if (call.operation == "PKIOperation") {
    answer = Operate(call.body.has_value() ? *call.body : Must(pki::FromBase64(call.message.value_or(""))));
  }
  if (on_answer) on_answer(call, answer);
  return answer;
}

Answer ScriptedServer::Operate(pki::ByteView message) {
  const auto signed_data = pki::ParseSignedData(message);
  if (!signed_data.has_value() || !signed_data->content.has_value()) return {400, "text/plain", "", "bad request\n"};
  scep::ReplyContext context;
  context.transaction_id = Must(scep::ReadTransactionId(signed_data->attributes));
  context.sender_nonce = Must(scep::ReadNonce(signed_data->attributes, scep::kSenderNonceOid));
  context.digest = signed_data->signer->digest;
  const auto envelope = Must(pki::ParseEnvelopedData(*signed_data->content));
  context.cipher = *envelope.cipher;
  contexts.push_back(context);
  if (on_context) on_context(context);
  const bool is_sound = !is_verifying || pki::VerifySigner(*signed_data).has_value();
  const auto content = pki::DecryptContent(envelope, envelope.recipients.front(), *ra.key);
  Bytes reply;
  if (!is_sound) {
    reply = Fail(context, FailInfo::kBadMessageCheck);
  } else if (!content.has_value()) {
    reply = Fail(context, FailInfo::kBadRequest);
  } else {
    reply = Judge(context, TextOf(signed_data->attributes, scep::kMessageTypeOid), signed_data->signer->certificate,
                  content->Reveal());
  }
  return {200, "application/x-pki-message", "", reply};
}

Bytes ScriptedServer::Judge(const scep::ReplyContext& context, const std::string& type, const pki::Certificate& signer,
                            pki::ByteView content) {
  if (open_types.contains(type)) return Issue(context, signer, content);
  if (type == "19") return Enrol(context, signer, content);
  if (type == "17" && is_renewing && signer.issuer() == ca.certificate.subject())
    return Issue(context, signer, content);
  if (type == "20" && waiting_.contains(context.transaction_id)) {
    return Must(scep::EncodePending(context, Signer(), Now()));
  }
  return Fail(context, type == "20" ? FailInfo::kBadCertId : FailInfo::kBadRequest);
}

Bytes ScriptedServer::Enrol(const scep::ReplyContext& context, const pki::Certificate& signer, pki::ByteView csr) {
  const auto request = pki::CertificateRequest::Parse(csr);
  if (!request.has_value()) return Fail(context, FailInfo::kBadRequest);
  const std::string sent(request->challenge().Reveal());
  challenges.insert(sent);
  if (sent == challenge || without_challenge == PkiStatus::kSuccess) return Issue(context, signer, csr);
  if (without_challenge != PkiStatus::kPending) return Fail(context, FailInfo::kBadRequest);
  waiting_.insert(context.transaction_id);
  return Must(scep::EncodePending(context, Signer(), Now()));
}

Bytes ScriptedServer::Issue(const scep::ReplyContext& context, const pki::Certificate& signer, pki::ByteView csr) {
  const auto request = Must(pki::CertificateRequest::Parse(csr));
  Bytes& certificate = certificates_[Bytes(csr)];
  if (certificate.empty() || is_issuing_anew) {
    ++issued;
    pki::TbsCertificate tbs = ToBeSigned({.name = "", .until = std::chrono::days(30)}, request.public_key(), &ca);
    tbs.subject = request.subject().der();
    certificate = Must(pki::SignCertificate(tbs, *ca.key, pki::DigestAlgorithm::kSha256));
  }
  return Must(scep::EncodeSuccess(context, Signer(), signer, {certificate}, Now()));
}

Bytes ScriptedServer::Fail(const scep::ReplyContext& context, FailInfo fail_info) const {
  return Must(scep::EncodeFailure(context, Signer(), fail_info, Now()));
}

scep::Recipient ScriptedServer::Signer() const {
  return {"ca", 1, ra.certificate, ra.key, ra.certificate, ra.key, {}, false};
}

}  // namespace doctor_test
