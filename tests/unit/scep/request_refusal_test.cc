#include "scep_fixture.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using scep::FailInfo;
namespace der = pki::der;

namespace {

Bytes Printable(std::string_view text) {
  return Element(der::kPrintableString, {text});
}

}  // namespace

TEST_CASE("octets that are no SignedData are refused without a reply", "[scep][decode]") {
  CHECK(IsUnanswerable(""));
  CHECK(IsUnanswerable("garbage"));
  CHECK(IsUnanswerable(ByteView("\x30\x80", 2)));
  CHECK(IsUnanswerable(SoundEnvelope().Build()));
  CHECK(IsUnanswerable(Csr()));
}

TEST_CASE("a message without a usable transactionID is refused without a reply", "[scep][decode]") {
  CHECK(IsUnanswerable(Request().Without(scep::kTransactionIdOid).Build()));
  CHECK(IsUnanswerable(Request().WithTransactionId("").Build()));
  CHECK(IsUnanswerable(Request().WithTransactionId(Bytes(256, 'a')).Build()));
  CHECK(IsUnanswerable(Request().WithTransactionId(kTransaction, der::kOctetString).Build()));
  CHECK(IsUnanswerable(Request().With(scep::kTransactionIdOid, {Printable("again")}).Build()));
  CHECK(IsUnanswerable(Request()
                           .Without(scep::kTransactionIdOid)
                           .With(scep::kTransactionIdOid, {Printable("a"), Printable("b")})
                           .Build()));
}

TEST_CASE("octets behind the message other than zero, CR and LF are refused without a reply", "[scep][decode]") {
  CHECK(IsUnanswerable(Request().Build() + "x"));
  CHECK(IsUnanswerable(Request().Build() + Bytes("\0\0 ", 3)));
}

TEST_CASE("every message type but 19 and 20 is refused as bad request", "[scep][decode]") {
  for (const char* type : {"0", "3", "4", "18", "22", "23", "017", "019", "19 ", "1", "abc", "", "-19"}) {
    CAPTURE(type);
    CHECK(FailureOf(Request().WithType(type).Build()) == FailInfo::kBadRequest);
  }
}

TEST_CASE("a message type that is absent, doubled or no text is refused as bad request", "[scep][decode]") {
  CHECK(FailureOf(Request().Without(scep::kMessageTypeOid).Build()) == FailInfo::kBadRequest);
  CHECK(FailureOf(Request().With(scep::kMessageTypeOid, {Printable("19")}).Build()) == FailInfo::kBadRequest);
  CHECK(FailureOf(Request().WithType("\x13", der::kInteger).Build()) == FailInfo::kBadRequest);
}

TEST_CASE("a senderNonce of no or of more than 64 octets is refused as bad request", "[scep][decode]") {
  CHECK(FailureOf(Request().WithNonce("").Build()) == FailInfo::kBadRequest);
  CHECK(FailureOf(Request().WithNonce(Bytes(65, 'n')).Build()) == FailInfo::kBadRequest);
  CHECK(FailureOf(Request().WithNonce(kNonce, der::kPrintableString).Build()) == FailInfo::kBadRequest);
}

TEST_CASE("the type is judged before the digest and the signature", "[scep][decode]") {
  const Bytes message = Request().WithType("18").WithDigest(pki::DigestAlgorithm::kMd5).TamperSignature().Build();
  CHECK(FailureOf(message) == FailInfo::kBadRequest);
}

TEST_CASE("MD5 is refused as bad algorithm unless it is switched on, and the refusal is signed with SHA-256",
          "[scep][decode]") {
  const Bytes message = Request().WithDigest(pki::DigestAlgorithm::kMd5).Build();
  CHECK(FailureOf(message) == FailInfo::kBadAlg);
  CHECK(Refused(message).reply->digest == pki::DigestAlgorithm::kSha256);
  CHECK(Accepted(message, {.allow_md5 = true}).reply.digest == pki::DigestAlgorithm::kMd5);
}

TEST_CASE("SHA-1 is refused as bad algorithm where it is switched off", "[scep][decode]") {
  const Bytes message = Request().WithDigest(pki::DigestAlgorithm::kSha1).Build();
  CHECK(FailureOf(message, {.allow_sha1 = false}) == FailInfo::kBadAlg);
}

TEST_CASE("unknown digest and signature algorithms are refused as bad algorithm", "[scep][decode]") {
  CHECK(FailureOf(Request().WithDigestIdentifier(AlgorithmIdentifier("1.2.3.4")).Build()) == FailInfo::kBadAlg);
  CHECK(FailureOf(Request().WithSignatureIdentifier(AlgorithmIdentifier("1.2.3.4")).Build()) == FailInfo::kBadAlg);
  const Bytes odd_parameters = AlgorithmIdentifier("2.16.840.1.101.3.4.2.1", Element(der::kInteger, {"\x01"}));
  CHECK(FailureOf(Request().WithDigestIdentifier(odd_parameters).Build()) == FailInfo::kBadAlg);
}

TEST_CASE("a signature OID with another digest than digestAlgorithm is refused as bad algorithm", "[scep][decode]") {
  const Bytes sha512_with_rsa = AlgorithmIdentifier("1.2.840.113549.1.1.13", Element(der::kNull, {}));
  CHECK(FailureOf(Request().WithSignatureIdentifier(sha512_with_rsa).Build()) == FailInfo::kBadAlg);
}

TEST_CASE("a broken signature is refused as bad message check", "[scep][decode]") {
  CHECK(FailureOf(Request().TamperSignature().Build()) == FailInfo::kBadMessageCheck);
}

TEST_CASE("content that is not what was digested is refused as bad message check", "[scep][decode]") {
  CHECK(FailureOf(Request().TamperContent().Build()) == FailInfo::kBadMessageCheck);
}

TEST_CASE("a missing signer certificate is refused as bad message check", "[scep][decode]") {
  CHECK(FailureOf(Request().WithoutCertificate().Build()) == FailInfo::kBadMessageCheck);
  CHECK(FailureOf(Request().WithoutCertificate().WithExtraCertificate(Ra().certificate).Build()) ==
        FailInfo::kBadMessageCheck);
}

TEST_CASE("contentType and messageDigest must stand once, with one value, and fit", "[scep][decode]") {
  const Bytes wrong_digest = Element(der::kOctetString, {Bytes(32, 'x')});
  CHECK(FailureOf(Request().With(kContentTypeOid, {}).Build()) == FailInfo::kBadMessageCheck);
  CHECK(FailureOf(Request().With(kContentTypeOid, {Oid("1.2.840.113549.1.7.3")}).Build()) ==
        FailInfo::kBadMessageCheck);
  const Bytes envelope = SoundEnvelope().Build();
  const Bytes digest = Element(der::kOctetString, {pki::Digest(pki::DigestAlgorithm::kSha256, envelope)});
  CHECK(Decode(Request(envelope).With(kMessageDigestOid, {digest}).Build()).has_value());
  CHECK(FailureOf(Request(envelope).With(kMessageDigestOid, {digest}).With(kMessageDigestOid, {digest}).Build()) ==
        FailInfo::kBadMessageCheck);
  CHECK(FailureOf(Request().With(kMessageDigestOid, {}).Build()) == FailInfo::kBadMessageCheck);
  CHECK(FailureOf(Request().With(kMessageDigestOid, {wrong_digest}).Build()) == FailInfo::kBadMessageCheck);
  CHECK(FailureOf(Request().With(kMessageDigestOid, {wrong_digest, wrong_digest}).Build()) ==
        FailInfo::kBadMessageCheck);
}

TEST_CASE("an EC signer's PKCSReq is refused as bad algorithm, but only if its signature holds", "[scep][decode]") {
  CHECK(FailureOf(Request().SignedBy(EcClient()).Build()) == FailInfo::kBadAlg);
  CHECK(FailureOf(Request().SignedBy(EcClient()).Build(), {.min_signer_bits = 0}) == FailInfo::kBadAlg);
  CHECK(FailureOf(Request().SignedBy(EcClient()).TamperSignature().Build()) == FailInfo::kBadMessageCheck);
}

TEST_CASE("a signer whose key is below the least size is refused as bad request", "[scep][decode]") {
  CHECK(FailureOf(Request().Build(), {.min_signer_bits = 3072}) == FailInfo::kBadRequest);
}

TEST_CASE("ciphers that are unknown or switched off are refused as bad algorithm", "[scep][decode]") {
  const Bytes iv = Element(der::kOctetString, {Bytes(8, 'i')});
  const Bytes rc2 = AlgorithmIdentifier("1.2.840.113549.3.2", Element(der::kSequence, {iv}));
  const Bytes gcm = AlgorithmIdentifier("2.16.840.1.101.3.4.1.6", Element(der::kSequence, {iv}));
  CHECK(FailureOf(Request(SoundEnvelope().WithCipherIdentifier(rc2).Build()).Build()) == FailInfo::kBadAlg);
  CHECK(FailureOf(Request(SoundEnvelope().WithCipherIdentifier(gcm).Build()).Build()) == FailInfo::kBadAlg);
  const Bytes des = Request(SoundEnvelope().WithCipher(pki::ContentCipher::kDesCbc).Build()).Build();
  CHECK(FailureOf(des) == FailInfo::kBadAlg);
  const Bytes des3 = Request(SoundEnvelope().WithCipher(pki::ContentCipher::kDes3Cbc).Build()).Build();
  CHECK(FailureOf(des3, {.allow_des3 = false}) == FailInfo::kBadAlg);
}

TEST_CASE("an unknown key transport to our recipient is refused as bad algorithm", "[scep][decode]") {
  const Bytes label = Element(der::Context(2, true),
                              {AlgorithmIdentifier("1.2.840.113549.1.1.9", Element(der::kOctetString, {"label"}))});
  const Bytes oaep = AlgorithmIdentifier("1.2.840.113549.1.1.7", Element(der::kSequence, {label}));
  CHECK(FailureOf(Request(SoundEnvelope().WithTransportIdentifier(oaep).Build()).Build()) == FailInfo::kBadAlg);
  const Bytes unknown = AlgorithmIdentifier("1.2.3.4");
  CHECK(FailureOf(Request(SoundEnvelope().WithTransportIdentifier(unknown).Build()).Build()) == FailInfo::kBadAlg);
}

TEST_CASE("refusals before the envelope are signed by the recipient that it names", "[scep][decode]") {
  const std::vector<std::shared_ptr<const scep::Recipient>> candidates = {RecipientOf(OtherRa()), RecipientOf(Ra())};
  const auto of = [&candidates](ByteView message) { return scep::DecodeRequest(message, candidates).error(); };
  CHECK(of(Request().WithType("18").Build()).recipient == candidates[1]);
  CHECK(of(Request().TamperSignature().Build()).recipient == candidates[1]);
  CHECK(of(Request("no envelope").WithType("18").Build()).recipient == candidates[0]);
}

TEST_CASE("more elements than the limits allow are refused without a reply", "[scep][decode]") {
  Message certificates = Request();
  for (int i = 0; i < 64; i++) certificates.WithExtraCertificate(Ra().certificate);
  CHECK(IsUnanswerable(certificates.Build()));
  Message attributes = Request();
  for (int i = 0; i < 64; i++) attributes.With("1.2.3." + std::to_string(i), {Printable("x")});
  CHECK(IsUnanswerable(attributes.Build()));
}

TEST_CASE("more signerInfos than the limit are refused without a reply", "[scep][decode]") {
  Message message = Request();
  const Bytes signer_info = message.OwnSignerInfo();
  for (int i = 0; i < 15; i++) message.WithExtraSignerInfo(signer_info);
  CHECK(Decode(message.Build()).has_value());
  CHECK(IsUnanswerable(message.WithExtraSignerInfo(signer_info).Build()));
}

TEST_CASE("a refusal mirrors the senderNonce and the digest where they are allowed", "[scep][decode]") {
  const Bytes message = Request().WithType("18").WithDigest(pki::DigestAlgorithm::kSha512).Build();
  CHECK(Refused(message).reply->sender_nonce == scep::Nonce(Bytes(kNonce)));
  CHECK(Refused(message).reply->digest == pki::DigestAlgorithm::kSha512);
}

TEST_CASE("more recipients than the limit are refused as bad request", "[scep][decode]") {
  Envelope envelope = SoundEnvelope();
  for (int i = 0; i < 32; i++) envelope.To(OtherRa().certificate);
  CHECK(FailureOf(Request(envelope.Build()).Build()) == FailInfo::kBadRequest);
}
