#include <catch2/catch.hpp>

#include "device.h"
#include "scep/message.h"
#include "tests/unit/pki/openssl_cms.h"

using namespace conformance;
using pki::ContentCipher;
using pki::DigestAlgorithm;
using pki::KeyTransport;
using testing::Element;
using testing::Identity;
using testing::MakeIdentity;
using testing::Must;
using testing::Oid;
namespace der = pki::der;
namespace reference = testing::reference;

namespace {

std::string NewChallenge() {
  return Shared().admin.CreateKey().value;
}

// CheckEnrols sends what `make` makes of a device and its PKCS#10 with a good challenge.
template <class Make>
void CheckEnrols(const Device& device, Make make) {
  Enrol(device, make(device.Csr(NewChallenge())));
}

// CheckOpensslOpens wants a SUCCESS whose envelope has this cipher, and OpenSSL to find the device's certificate in it.
void CheckOpensslOpens(const CertRep& rep, const Device& device, ContentCipher cipher) {
  CHECK(EnvelopeOf(rep).cipher == cipher);
  const auto content = reference::Decrypt(*rep.content, device.identity);
  REQUIRE(content.has_value());
  CHECK(reference::CountCertificates(*content) == 1);
  const auto certificate = Must(pki::ParseCertsOnly(*content)).at(0);
  CHECK(certificate.spki() == device.identity.key->public_key().spki());
  CHECK(certificate.subject() == testing::CommonName(device.name));
}

// EnrolsAs asks with a signer certificate of this shape.
void CheckEnrolsAs(const testing::CertificateShape& shape) {
  Device device;
  device.identity = MakeIdentity(testing::Key("device"), shape);
  CheckEnrols(device, [&](const Bytes& csr) { return device.RequestOf(csr).Build(); });
}

std::vector<reference::Attribute> ScepAttributes(const Device& device) {
  return {{std::string(scep::kMessageTypeOid), der::kPrintableString, "19"},
          {std::string(scep::kTransactionIdOid), der::kPrintableString, device.transaction_id},
          {std::string(scep::kSenderNonceOid), der::kOctetString, device.nonce}};
}

// StreamedByOpenssl is BER: indefinite lengths everywhere, and constructed strings of more than one segment.
Bytes StreamedByOpenssl(const Device& device, const Bytes& csr) {
  const Bytes envelope = reference::Encrypt(csr, {device.ra}, {.streamed = true});
  return reference::Sign(envelope, device.identity, {.attributes = ScepAttributes(device), .streamed = true});
}

Bytes InSegments(ByteView octets, std::uint8_t tag, std::size_t length) {
  Bytes segments;
  for (std::size_t at = 0; at < octets.size(); at += length) {
    segments += Element(der::kOctetString, {octets.substr(at, length)});
  }
  return Bytes(1, static_cast<char>(tag)) + "\x80" + segments + Bytes(2, '\0');
}

Bytes ExtensionsOf(const Bytes& extension) {
  return Element(der::Context(3, true), {Element(der::kSequence, {extension})});
}

Bytes CriticalAuthorityKeyIdentifier() {
  const Bytes value = Element(der::kSequence, {Element(der::Context(0, false), {Bytes(20, 'k')})});
  return ExtensionsOf(Element(
      der::kSequence, {Oid("2.5.29.35"), Element(der::kBoolean, {"\xff"}), Element(der::kOctetString, {value})}));
}

}  // namespace

TEST_CASE("T-40 one flipped bit of the signature is FAILURE badMessageCheck", "[conformance][cms]") {
  const Device device;
  CHECK(Verdict(device, device.Request(NewChallenge()).TamperSignature().Build()) == "FAILURE 1");
  CHECK(Requests(device) == 0);
}

TEST_CASE("T-41 altered content is FAILURE badMessageCheck", "[conformance][cms]") {
  const Device device;
  CHECK(Verdict(device, device.Request(NewChallenge()).TamperContent().Build()) == "FAILURE 1");
  CHECK(Requests(device) == 0);
}

TEST_CASE("T-42 a message without the signer's certificate is FAILURE badMessageCheck", "[conformance][cms]") {
  const Device device;
  CHECK(Verdict(device, device.Request(NewChallenge()).WithoutCertificate().Build()) == "FAILURE 1");
  CHECK(Requests(device) == 0);
}

TEST_CASE("T-43 a message without a transactionID is 400", "[conformance][cms]") {
  const Device device("manual");
  const Bytes message = device.Request().Without(scep::kTransactionIdOid).Build();
  const HttpReply reply = Post(Shared().gateway.port(), "/scep/manual?operation=PKIOperation", message);
  CHECK(reply.status == 400);
  CHECK(reply.body == "Bad Request\n");
}

TEST_CASE("T-44 a message without a senderNonce is processed, and answered without recipientNonce",
          "[conformance][cms]") {
  const Device device;
  const Bytes message = device.Request(NewChallenge()).Without(scep::kSenderNonceOid).Build();
  const CertRep rep = ReadCertRep(Post(Shared().gateway.port(), kPkiOperation, message));
  CHECK(rep.verdict() == "SUCCESS");
  CHECK(rep.transaction_id == device.transaction_id);
  CHECK(rep.sender_nonce.size() == 16);
  CHECK_FALSE(rep.recipient_nonce.has_value());
}

TEST_CASE("T-45 MD5 and DES are FAILURE badAlg, and mirrored where they are switched on", "[conformance][cms]") {
  const Device hashing, encrypting;
  const Bytes md5 = hashing.Request(NewChallenge()).WithDigest(DigestAlgorithm::kMd5).Build();
  const Bytes des =
      encrypting.Signed(encrypting.Enveloped(encrypting.Csr(NewChallenge())).WithCipher(ContentCipher::kDesCbc).Build())
          .Build();
  const CertRep refused = Ask(hashing, md5);
  CHECK(refused.verdict() == "FAILURE 0");
  CHECK(refused.digest == "2.16.840.1.101.3.4.2.1");  // Not what was just refused (requirements M-42).
  CHECK(Verdict(encrypting, des) == "FAILURE 0");

  v1::CaOptions options;
  options.set_legacy_md5(true);
  options.set_legacy_des(true);
  Shared().MakeCa("legacy", "ecdsa-p256", "automatic");
  Shared().SetOptions("legacy", options);
  const auto challenge = [] { return Shared().admin.CreateKey({.ca = "legacy"}).value; };
  const Device old("legacy"), older("legacy");
  const CertRep hashed = Ask(old, old.Request(challenge()).WithDigest(DigestAlgorithm::kMd5).Build());
  CHECK(hashed.digest == "1.2.840.113549.2.5");
  CheckOpensslOpens(hashed, old, ContentCipher::kAes128Cbc);
  const Bytes envelope = older.Enveloped(older.Csr(challenge())).WithCipher(ContentCipher::kDesCbc).Build();
  CheckOpensslOpens(Ask(older, older.Signed(envelope).Build()), older, ContentCipher::kDesCbc);
}

TEST_CASE("T-46 the reply uses the request's content cipher", "[conformance][cms]") {
  for (const ContentCipher cipher :
       {ContentCipher::kAes128Cbc, ContentCipher::kAes192Cbc, ContentCipher::kAes256Cbc, ContentCipher::kDes3Cbc}) {
    CAPTURE(pki::ToString(cipher));
    const Device device;
    const Bytes envelope = device.Enveloped(device.Csr(NewChallenge())).WithCipher(cipher).Build();
    CheckOpensslOpens(Ask(device, device.Signed(envelope).Build()), device, cipher);
  }
}

TEST_CASE("T-47 the reply uses the request's key transport", "[conformance][cms]") {
  for (const KeyTransport transport : {KeyTransport::kPkcs1, KeyTransport::kOaepSha1, KeyTransport::kOaepSha256}) {
    const Device device;
    const Bytes envelope = device.Enveloped(device.Csr(NewChallenge())).WithTransport(transport).Build();
    const CertRep rep = Ask(device, device.Signed(envelope).Build());
    CHECK(EnvelopeOf(rep).recipients.at(0).transport == transport);
    Open(rep, device.identity);
  }
}

TEST_CASE("T-48 indefinite lengths and constructed strings are read", "[conformance][cms]") {
  const Device streaming;
  CheckEnrols(streaming, [&](const Bytes& csr) { return StreamedByOpenssl(streaming, csr); });
  const Device constructing;
  const auto encode = [](ByteView ciphertext) { return InSegments(ciphertext, der::Context(0, true), 100); };
  CheckEnrols(constructing, [&](const Bytes& csr) {
    return constructing.Signed(constructing.Enveloped(csr).WithEncodedContent(encode).Build()).Build();
  });
}

TEST_CASE("T-49 an EnvelopedData without ContentInfo is read", "[conformance][cms]") {
  const Device device;
  CheckEnrols(device, [&](const Bytes& csr) { return device.Signed(device.Enveloped(csr).Bare().Build()).Build(); });
}

TEST_CASE("T-50 one of three recipients is enough, wherever it stands", "[conformance][cms]") {
  const Identity one = MakeIdentity(testing::Key("other"), {.common_name = "one"});
  const Identity two = MakeIdentity(testing::Key("other"), {.common_name = "two"});
  for (const int place : {0, 1, 2}) {
    const Device device;
    CheckEnrols(device, [&](const Bytes& csr) {
      std::vector<pki::Certificate> recipients = {one.certificate, two.certificate};
      recipients.insert(recipients.begin() + place, device.ra);
      testing::Envelope envelope(csr);
      for (const auto& recipient : recipients) envelope.To(recipient);
      return device.Signed(envelope.Build()).Build();
    });
  }
}

TEST_CASE("T-51 a recipient named by subjectKeyIdentifier is found", "[conformance][cms]") {
  const Device device;
  CheckEnrols(device, [&](const Bytes& csr) {
    testing::Envelope envelope(csr);
    envelope.ToKeyIdentifier(device.ra, device.ra.subject_key_identifier());
    return device.Signed(envelope.Build()).Build();
  });
}

TEST_CASE("T-52 attributes out of order verify as they were signed", "[conformance][cms]") {
  const Device device, sorting;
  CheckEnrols(device, [&](const Bytes& csr) { return device.RequestOf(csr).InOrder().Build(); });
  CheckEnrols(sorting, [&](const Bytes& csr) { return sorting.RequestOf(csr).InOrder().SignedSorted().Build(); });
}

TEST_CASE("T-53 unknown signed attributes are ignored", "[conformance][cms]") {
  const Device device;
  const Bytes value = Element(der::kOctetString, {"sixteen octets!!"});
  CheckEnrols(device, [&](const Bytes& csr) {
    return device.RequestOf(csr)
        .With("1.2.840.113549.1.9.25.3", {value})
        .With("1.3.6.1.4.1.311.21.33", {value, value})
        .Build();
  });
}

TEST_CASE("T-54 odd signer certificates enrol, and are named in the reply octet for octet", "[conformance][cms]") {
  CheckEnrolsAs({.serial_number = Bytes(32, '\x7f')});
  CheckEnrolsAs({.serial_number = "\xff\x01\x02"});
  CheckEnrolsAs({.serial_number = Bytes("\0\0\x05", 3)});
  CheckEnrolsAs({.not_after = "240102000000Z"});
  CheckEnrolsAs({.not_before = "430101000000Z"});
  CheckEnrolsAs({.extensions = CriticalAuthorityKeyIdentifier()});
  CheckEnrolsAs({.extensions = {}});
}

TEST_CASE("T-55 the signer's subject need not be the request's", "[conformance][cms]") {
  CheckEnrolsAs({.common_name = "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"});
}

TEST_CASE("T-56 a signer whose key is not the request's is FAILURE badRequest", "[conformance][cms]") {
  const Device device;
  const PreSharedKey key = Shared().admin.CreateKey();
  const Bytes stolen = Device("demo", "other").Csr(key.value);
  CHECK(Verdict(device, device.RequestOf(stolen).Build()) == "FAILURE 2");
  CHECK(Requests(device) == 0);
  CHECK(Shared().admin.UseCount(key) == 0);
}

TEST_CASE("T-57 a signer whose key cannot receive is FAILURE badAlg", "[conformance][cms]") {
  Device device;
  device.identity = MakeIdentity(testing::Key("elliptic", "ecdsa-p256"));
  CHECK(Verdict(device, device.Request(NewChallenge()).Build()) == "FAILURE 0");
  CHECK(Requests(device) == 0);
}

TEST_CASE("T-58 a request with a broken self-signature is FAILURE badRequest", "[conformance][cms]") {
  const Device device;
  Bytes csr = device.Csr(NewChallenge());
  csr.back() ^= 1;
  CHECK(Verdict(device, device.RequestOf(csr).Build()) == "FAILURE 2");
  CHECK(Requests(device) == 0);
}

TEST_CASE("T-60 six ways to fail to open an envelope are one and the same FAILURE badRequest", "[conformance][cms]") {
  const Device device;
  const Bytes csr = device.Csr(NewChallenge());
  const Identity stranger = MakeIdentity(testing::Key("other"), {.common_name = "stranger"});
  Bytes one(256, '\0');  // Decrypts to 1: no block that begins 00 02.
  one.back() = '\1';
  const auto ours = [&] { return device.Enveloped(csr); };
  const std::vector<Bytes> envelopes = {testing::Envelope(csr).To(stranger.certificate).Build(),
                                        ours().WithEncryptedKey(one).Build(),
                                        ours().WithWrappedKey(Bytes(15, 'k')).Build(),
                                        ours().WithBlocks(Bytes(32, '\0')).Build(),
                                        ours().WithCiphertextEnd("12345678").Build(),
                                        device.Enveloped("garbage, but well padded").Build()};
  std::vector<Bytes> replies;
  for (const Bytes& envelope : envelopes) {
    CAPTURE(replies.size());
    const CertRep rep = Ask(device, device.Signed(envelope).Build());
    CHECK(rep.verdict() == "FAILURE 2");
    replies.push_back(WithoutChance(rep));
    CHECK(replies.back() == replies.front());
  }
  CHECK(Requests(device) == 0);
}
