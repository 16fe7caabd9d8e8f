#include "../pki/openssl_cms.h"
#include "scep_fixture.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::ContentCipher;
using pki::DigestAlgorithm;
using pki::KeyTransport;
namespace der = pki::der;

namespace {

void CheckHoldsCsr(const scep::Request& request) {
  CHECK(request.type == scep::MessageType::kPkcsReq);
  CHECK(request.content.Reveal() == Csr());
  CHECK(request.signer.spki() == Client().key->public_key().spki());
  CHECK(request.recipient->certificate.der() == Ra().certificate.der());
}

void CheckAccepted(ByteView message, const scep::AlgorithmPolicy& policy = {}) {
  CheckHoldsCsr(Accepted(message, policy));
}

std::vector<reference::Attribute> ScepAttributes() {
  return {{std::string(scep::kMessageTypeOid), der::kPrintableString, "19"},
          {std::string(scep::kTransactionIdOid), der::kPrintableString, Bytes(kTransaction)},
          {std::string(scep::kSenderNonceOid), der::kOctetString, Bytes(kNonce)}};
}

Bytes OpensslRequest(const reference::EncryptOptions& encrypt, reference::SignOptions sign) {
  sign.attributes = ScepAttributes();
  return reference::Sign(reference::Encrypt(Csr(), {Ra().certificate}, encrypt), Client(), sign);
}

Bytes Constructed(ByteView octets, std::uint8_t tag) {
  const std::size_t half = octets.size() / 2;
  return Element(
      tag, {Element(der::kOctetString, {octets.substr(0, half)}), Element(der::kOctetString, {octets.substr(half)})});
}

Bytes Indefinite(std::uint8_t tag, ByteView contents) {
  return Bytes(1, static_cast<char>(tag)) + "\x80" + Bytes(contents) + Bytes(2, '\0');
}

// StreamedContents are those of a DER EnvelopedData, with indefinite lengths and encryptedContent in segments.
Bytes StreamedContents(ByteView contents) {
  der::Reader reader(contents);
  Bytes start(reader.Next().value().encoding);
  start += reader.Next().value().encoding;
  der::Reader encrypted(reader.Next().value().value);
  Bytes algorithms(encrypted.Next().value().encoding);
  algorithms += encrypted.Next().value().encoding;
  const Bytes segments = Constructed(encrypted.Next().value().value, der::kOctetString);
  const ByteView inside = der::ReadOnly(segments, der::kOctetString).value().value;
  return start + Indefinite(der::kSequence, algorithms + Indefinite(der::Context(0, true), inside));
}

}  // namespace

TEST_CASE("a sound PKCSReq is opened and its reply context mirrors it", "[scep][decode]") {
  const scep::Request request = Accepted(Request().Build());
  CheckHoldsCsr(request);
  CHECK(request.reply.transaction_id.octets() == kTransaction);
  CHECK(request.reply.sender_nonce == scep::Nonce(Bytes(kNonce)));
  CHECK(request.reply.digest == DigestAlgorithm::kSha256);
  CHECK(request.reply.cipher == ContentCipher::kAes128Cbc);
  CHECK(request.reply.transport == KeyTransport::kPkcs1);
}

TEST_CASE("what OpenSSL signs and encrypts is accepted, DER and BER", "[scep][decode]") {
  CheckAccepted(OpensslRequest({}, {}));
  CheckAccepted(OpensslRequest({.streamed = true}, {}));
  CheckAccepted(OpensslRequest({}, {.streamed = true}));
  CheckAccepted(OpensslRequest({.streamed = true}, {.streamed = true}));
  CheckAccepted(OpensslRequest({.oaep_digest = "SHA256"}, {.pss = true}));
}

TEST_CASE("a signer named by its key identifier is accepted", "[scep][decode]") {
  const Identity signer = MakeIdentity(Client().key, {.key_identifier = "key id"});
  reference::SignOptions options{.attributes = ScepAttributes(), .by_key_identifier = true};
  CheckAccepted(reference::Sign(SoundEnvelope().Build(), signer, options));
}

TEST_CASE("an RSASSA-PSS signature is accepted", "[scep][decode]") {
  CheckAccepted(OpensslRequest({}, {.pss = true}));
  CheckAccepted(OpensslRequest({}, {.digest = "SHA512", .pss = true}));
}

TEST_CASE("every digest is mirrored", "[scep][decode]") {
  const auto digest = GENERATE(DigestAlgorithm::kMd5, DigestAlgorithm::kSha1, DigestAlgorithm::kSha224,
                               DigestAlgorithm::kSha256, DigestAlgorithm::kSha384, DigestAlgorithm::kSha512);
  const auto request = Accepted(Request().WithDigest(digest).Build(), {.allow_md5 = true});
  CHECK(request.reply.digest == digest);
}

TEST_CASE("every cipher is opened and mirrored", "[scep][decode]") {
  const auto cipher = GENERATE(ContentCipher::kDesCbc, ContentCipher::kDes3Cbc, ContentCipher::kAes128Cbc,
                               ContentCipher::kAes192Cbc, ContentCipher::kAes256Cbc);
  const auto request = Accepted(Request(SoundEnvelope().WithCipher(cipher).Build()).Build(), {.allow_des = true});
  CheckHoldsCsr(request);
  CHECK(request.reply.cipher == cipher);
}

TEST_CASE("every key transport is opened and mirrored", "[scep][decode]") {
  const auto transport = GENERATE(KeyTransport::kPkcs1, KeyTransport::kOaepSha1, KeyTransport::kOaepSha256);
  const auto request = Accepted(Request(SoundEnvelope().WithTransport(transport).Build()).Build());
  CheckHoldsCsr(request);
  CHECK(request.reply.transport == transport);
}

TEST_CASE("algorithm parameters may be absent or NULL", "[scep][decode]") {
  CheckAccepted(Request().WithDigestIdentifier(AlgorithmIdentifier("2.16.840.1.101.3.4.2.1")).Build());
  CheckAccepted(Request().WithSignatureIdentifier(AlgorithmIdentifier("1.2.840.113549.1.1.1")).Build());
  CheckAccepted(Request().WithSignatureIdentifier(AlgorithmIdentifier("1.2.840.113549.1.1.11")).Build());
  CheckAccepted(
      Request().WithSignatureIdentifier(AlgorithmIdentifier("1.2.840.113549.1.1.11", Element(der::kNull, {}))).Build());
}

TEST_CASE("a missing senderNonce is tolerated, and 1 to 64 octets are", "[scep][decode]") {
  CHECK_FALSE(Accepted(Request().Without(scep::kSenderNonceOid).Build()).reply.sender_nonce.has_value());
  for (const std::size_t length : {1u, 8u, 64u}) {
    const Bytes nonce(length, 'n');
    CHECK(Accepted(Request().WithNonce(nonce).Build()).reply.sender_nonce == scep::Nonce(nonce));
  }
}

TEST_CASE("text attributes may be UTF8String or IA5String, and transactionIDs are opaque", "[scep][decode]") {
  CheckAccepted(Request().WithType("19", der::kUtf8String).WithTransactionId("x", der::kIa5String).Build());
  for (const Bytes& id : {Bytes("0"), Bytes(255, 'a'), Bytes("a'; --<b>\0\xff", 11), Bytes("SSCEP transactionId")}) {
    CHECK(Accepted(Request().WithTransactionId(id).Build()).reply.transaction_id.octets() == id);
  }
}

TEST_CASE("attributes out of order verify as sent, or sorted", "[scep][decode]") {
  CheckAccepted(Request().InOrder().Build());
  CheckAccepted(Request().InOrder().SignedSorted().Build());
}

TEST_CASE("unknown attributes are ignored, with several values too", "[scep][decode]") {
  const Bytes value = Element(der::kOctetString, {"x"});
  CheckAccepted(
      Request().With("1.2.840.113549.1.9.25.3", {value}).With("1.3.6.1.4.1.311.21.33", {value, value}).Build());
}

TEST_CASE("odd serial numbers of the signer are accepted", "[scep][decode]") {
  const Bytes serial =
      GENERATE(as<Bytes>(), Bytes("\xff\x01\x02"), Bytes(32, '\x7f'), Bytes("\0\0\1", 3), Bytes(1, '\0'));
  const Identity signer = MakeIdentity(Client().key, {.serial_number = serial});
  const auto request = Accepted(Request().SignedBy(signer).Build());
  CheckHoldsCsr(request);
  CHECK(request.signer.serial_number() == serial);
}

TEST_CASE("a signer certificate out of date or with a critical unknown extension is accepted", "[scep][decode]") {
  CheckAccepted(Request().SignedBy(MakeIdentity(Client().key, {.not_after = "240102000000Z"})).Build());
  CheckAccepted(Request().SignedBy(MakeIdentity(Client().key, {.not_before = "440101000000Z"})).Build());
  const Bytes critical =
      Element(der::kSequence, {Oid("1.2.3.4"), Element(der::kBoolean, {"\xff"}), Element(der::kOctetString, {"x"})});
  const Bytes extensions = Element(der::Context(3, true), {Element(der::kSequence, {critical, critical})});
  CheckAccepted(Request().SignedBy(MakeIdentity(Client().key, {.extensions = extensions})).Build());
}

TEST_CASE("any SignedData version and further certificates are accepted", "[scep][decode]") {
  CheckAccepted(Request().WithVersion(3).Build());
  CheckAccepted(Request().WithExtraCertificate(Ra().certificate).WithExtraCertificate(OtherRa().certificate).Build());
}

TEST_CASE("certificate revocation lists in the message are passed over", "[scep][decode]") {
  CheckAccepted(Request().WithCrls(Element(der::kSequence, {Element(der::kOctetString, {"no list at all"})})).Build());
  CheckAccepted(Request().WithCrls("").Build());
}

TEST_CASE("of several signerInfos the one with a certificate counts", "[scep][decode]") {
  const Bytes stranger = Request().SignedBy(OtherRa()).WithTransactionId("stranger").OwnSignerInfo();
  const scep::Request request = Accepted(Request().WithExtraSignerInfo(stranger).Build());
  CheckHoldsCsr(request);
  CHECK(request.reply.transaction_id.octets() == kTransaction);
}

TEST_CASE("recipients of other kinds are passed over", "[scep][decode]") {
  const Bytes password = Element(der::Context(3, true), {Element(der::kInteger, {ByteView("\0", 1)})});
  CheckAccepted(Request(SoundEnvelope().WithOtherRecipient(password).Build()).Build());
}

TEST_CASE("a bare EnvelopedData is accepted", "[scep][decode]") {
  CheckAccepted(Request(SoundEnvelope().Bare().Build()).Build());
}

TEST_CASE("eContentType id-envelopedData is accepted, as OCTET STRING and as the structure itself", "[scep][decode]") {
  constexpr std::string_view kEnvelopedData = "1.2.840.113549.1.7.3";
  const Bytes bare = SoundEnvelope().Bare().Build();
  CheckAccepted(Request().WithContentElement(Element(der::kOctetString, {bare}), kEnvelopedData).Build());
  CheckAccepted(Request().WithContentElement(bare, kEnvelopedData).Build());
}

TEST_CASE("constructed encryptedContent is joined, and constructed eContent is digested without its segments",
          "[scep][decode]") {
  const auto constructed = [](ByteView ciphertext) { return Constructed(ciphertext, der::Context(0, true)); };
  const Bytes envelope = SoundEnvelope().WithEncodedContent(constructed).Build();
  CheckAccepted(Request(envelope).Build());
  const Bytes content = Constructed(SoundEnvelope().Build(), der::kOctetString | 0x20);
  CHECK(FailureOf(Request().WithContentElement(content, "1.2.840.113549.1.7.1").Build()) ==
        scep::FailInfo::kBadMessageCheck);  // Signed over the segments' encoding, not over the content.
}

TEST_CASE("the structure itself as content may be BER, where it is digested as the DER that it stands for",
          "[scep][decode]") {
  constexpr std::string_view kEnvelopedData = "1.2.840.113549.1.7.3";
  const Bytes bare = SoundEnvelope().Bare().Build();
  const ByteView contents = der::ReadOnly(bare, der::kSequence).value().value;
  const Bytes streamed = StreamedContents(contents);
  const auto digesting = [&](ByteView digested) {
    const Bytes digest = Element(der::kOctetString, {pki::Digest(DigestAlgorithm::kSha256, digested)});
    return Request()
        .WithContentElement(Indefinite(der::kSequence, streamed), kEnvelopedData)
        .With(kMessageDigestOid, {digest})
        .Build();
  };
  CheckAccepted(digesting(contents));
  // As it was sent, with and without its end; see the decisions in libs/pki.
  CHECK(FailureOf(digesting(streamed)) == scep::FailInfo::kBadMessageCheck);
  CHECK(FailureOf(digesting(streamed + Bytes(2, '\0'))) == scep::FailInfo::kBadMessageCheck);
}

TEST_CASE("zeros and line ends behind the message are ignored", "[scep][decode]") {
  CheckAccepted(Request().Build() + Bytes("\0\0\r\n", 4));
  CheckAccepted(OpensslRequest({}, {.streamed = true}) + "\n");
}

TEST_CASE("the one of three recipients that is ours opens the envelope", "[scep][decode]") {
  Envelope envelope(Csr());
  const Identity third = MakeIdentity(Client().key, {.serial_number = "\x33"});
  envelope.To(OtherRa().certificate).To(Ra().certificate).To(third.certificate);
  CheckAccepted(Request(envelope.Build()).Build());
}

TEST_CASE("a recipient named by key identifier is found by SKI, or by the SHA-1 of its key", "[scep][decode]") {
  const auto key = Must(Ra().certificate.public_key());
  const Bytes sha1 = pki::Digest(DigestAlgorithm::kSha1, key.subject_public_key());
  CheckAccepted(Request(Envelope(Csr()).ToKeyIdentifier(Ra().certificate, sha1).Build()).Build());
  const Identity ra = MakeIdentity(Ra().key, {.common_name = "RA", .key_identifier = "ra key"});
  const Bytes envelope = reference::Encrypt(Csr(), {ra.certificate}, {.by_key_identifier = true});
  const auto decoded = scep::DecodeRequest(Request(envelope).Build(), {RecipientOf(OtherRa()), RecipientOf(ra)});
  REQUIRE(decoded.has_value());
  CHECK(decoded->recipient->certificate.der() == ra.certificate.der());
}

TEST_CASE("a CertPoll names its recipient and is not opened", "[scep][decode]") {
  const Bytes undecryptable = SoundEnvelope().WithEncryptedKey(Bytes(256, 'x')).Build();
  const auto request = Accepted(Request(undecryptable).WithType("20").Build());
  CHECK(request.type == scep::MessageType::kCertPoll);
  CHECK(request.content.empty());
  CHECK(request.recipient->certificate.der() == Ra().certificate.der());
}

TEST_CASE("a CertPoll mirrors an allowed cipher, and is answered whatever its content", "[scep][decode]") {
  const auto poll = [](Bytes content) { return Request(std::move(content)).WithType("20").Build(); };
  CHECK(Accepted(poll(SoundEnvelope().WithCipher(ContentCipher::kDes3Cbc).Build())).reply.cipher ==
        ContentCipher::kDes3Cbc);
  CHECK(Accepted(poll(SoundEnvelope().WithCipher(ContentCipher::kDesCbc).Build())).reply.cipher ==
        ContentCipher::kAes128Cbc);
  CHECK(Accepted(poll("odd")).recipient->certificate.der() == Ra().certificate.der());
  CHECK(Accepted(poll("")).content.empty());
}

TEST_CASE("an EC signer's CertPoll is accepted", "[scep][decode]") {
  CHECK(Accepted(Request().SignedBy(EcClient()).WithType("20").Build()).type == scep::MessageType::kCertPoll);
}
