#include "scep/reply.h"

#include <set>

#include "../pki/openssl_cms.h"
#include "pki/crl.h"
#include "scep/attributes.h"
#include "scep_fixture.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

namespace {

pki::TimePoint Now() {
  return std::chrono::system_clock::now();
}

scep::ReplyContext Context() {
  scep::ReplyContext context;
  context.transaction_id = scep::TransactionId(Bytes(kTransaction));
  context.sender_nonce = scep::Nonce(Bytes(kNonce));
  return context;
}

Bytes Success(const scep::ReplyContext& context, const Identity& client = Client()) {
  return Must(
      scep::EncodeSuccess(context, *RecipientOf(Ra()), client.certificate, {OtherRa().certificate.der()}, Now()));
}

Bytes Failure(const scep::ReplyContext& context, scep::FailInfo fail_info = scep::FailInfo::kBadRequest) {
  return Must(scep::EncodeFailure(context, *RecipientOf(Ra()), fail_info, Now()));
}

Bytes Pending(const scep::ReplyContext& context) {
  return Must(scep::EncodePending(context, *RecipientOf(Ra()), Now()));
}

// Value is the only value of the only attribute of that type; an empty element where there is none.
der::Tlv Value(const pki::SignedData& reply, std::string_view oid) {
  der::Tlv value;
  for (const auto& attribute : reply.attributes) {
    if (attribute.oid != oid) continue;
    REQUIRE(value.encoding.empty());
    REQUIRE(attribute.values.size() == 1);
    value = attribute.values.front();
  }
  return value;
}

std::string Text(const pki::SignedData& reply, std::string_view oid) {
  const der::Tlv value = Value(reply, oid);
  if (!value.encoding.empty()) CHECK(value.tag == der::kPrintableString);
  return std::string(value.value);
}

}  // namespace

TEST_CASE("a SUCCESS is verified and decrypted by OpenSSL and holds the one certificate", "[scep][reply]") {
  const Bytes reply = Success(Context());
  const auto envelope = reference::Verify(reply);
  REQUIRE(envelope.has_value());
  const auto certs_only = reference::Decrypt(*envelope, Client());
  REQUIRE(certs_only.has_value());
  const auto certificates = Must(pki::ParseCertsOnly(*certs_only));
  REQUIRE(certificates.size() == 1);
  CHECK(certificates.front().der() == OtherRa().certificate.der());
}

TEST_CASE("a SUCCESS mirrors every cipher, transport and digest in a form that OpenSSL opens", "[scep][reply]") {
  auto context = Context();
  context.cipher = GENERATE(pki::ContentCipher::kDesCbc, pki::ContentCipher::kDes3Cbc, pki::ContentCipher::kAes128Cbc,
                            pki::ContentCipher::kAes192Cbc, pki::ContentCipher::kAes256Cbc);
  context.transport = GENERATE(pki::KeyTransport::kPkcs1, pki::KeyTransport::kOaepSha1, pki::KeyTransport::kOaepSha256);
  context.digest = GENERATE(pki::DigestAlgorithm::kMd5, pki::DigestAlgorithm::kSha1, pki::DigestAlgorithm::kSha512);
  const Bytes reply = Success(context);
  const auto envelope = reference::Verify(reply);
  REQUIRE(envelope.has_value());
  CHECK(reference::Decrypt(*envelope, Client()).has_value());
  const auto enveloped = Must(pki::ParseEnvelopedData(*envelope));
  CHECK(enveloped.cipher == context.cipher);
  REQUIRE(enveloped.recipients.size() == 1);
  CHECK(enveloped.recipients.front().transport == context.transport);
  CHECK(Must(pki::ParseSignedData(reply)).signer->digest == context.digest);
}

TEST_CASE("a SUCCESS to GetCRL holds a CRL of 20,000 entries octet for octet", "[scep][reply]") {
  pki::TbsCrl tbs;
  tbs.issuer = Bytes(Ra().certificate.subject());
  tbs.issuer_key_identifier = Bytes(20, 'k');
  tbs.this_update = Now();
  tbs.next_update = Now() + std::chrono::hours(1);
  for (int i = 0; i < 20'000; i++) {
    tbs.revoked.push_back(
        {Bytes{'\x1', static_cast<char>(i >> 8), static_cast<char>(i)}, Now(), pki::CrlReason::kSuperseded, {}});
  }
  const Bytes crl = Must(pki::SignCrl(tbs, *Ra().key, pki::DigestAlgorithm::kSha256));
  REQUIRE(crl.size() > 500'000);
  const auto envelope =
      reference::Verify(Must(scep::EncodeCrl(Context(), *RecipientOf(Ra()), Client().certificate, crl, Now())));
  REQUIRE(envelope.has_value());
  const auto content = reference::Decrypt(*envelope, Client());
  REQUIRE(content.has_value());
  const bool is_same = reference::OnlyCrl(*content) == crl;
  CHECK(is_same);
}

TEST_CASE("a reply names its recipient by the issuer and serial octets of the signer certificate", "[scep][reply]") {
  const Bytes serial = GENERATE(as<Bytes>(), Bytes("\xff\x01\x02"), Bytes(32, '\x7f'), Bytes("\0\0\1", 3));
  const Identity client = MakeIdentity(Client().key, {.serial_number = serial});
  const auto signed_data = Must(pki::ParseSignedData(Success(Context(), client)));
  const auto enveloped = Must(pki::ParseEnvelopedData(*signed_data.content));
  REQUIRE(enveloped.recipients.size() == 1);
  CHECK(enveloped.recipients.front().serial_number == serial);
  CHECK(enveloped.recipients.front().issuer == client.certificate.issuer());
}

TEST_CASE("PENDING and FAILURE verify with OpenSSL and have no content", "[scep][reply]") {
  for (const Bytes& reply : {Pending(Context()), Failure(Context())}) {
    CHECK(reference::Verify(reply) == Bytes());
    CHECK_FALSE(Must(pki::ParseSignedData(reply)).content.has_value());
  }
}

TEST_CASE("every reply carries its attributes once, in the types that clients know", "[scep][reply]") {
  for (const Bytes& octets : {Success(Context()), Pending(Context()), Failure(Context())}) {
    const auto reply = Must(pki::ParseSignedData(octets));
    CHECK(Text(reply, scep::kMessageTypeOid) == "3");
    CHECK(Text(reply, scep::kTransactionIdOid) == kTransaction);
    CHECK(Value(reply, scep::kRecipientNonceOid).encoding == Element(der::kOctetString, {kNonce}));
    CHECK(Value(reply, scep::kSenderNonceOid).tag == der::kOctetString);
    CHECK(Value(reply, scep::kSenderNonceOid).value.size() == 16);
    CHECK(Value(reply, kContentTypeOid).encoding == Oid("1.2.840.113549.1.7.1"));
    CHECK(Value(reply, kMessageDigestOid).value.size() == 32);
    CHECK(Value(reply, "1.2.840.113549.1.9.5").tag == der::kUtcTime);
    REQUIRE(reply.certificates.size() == 1);
    CHECK(reply.certificates.front() == Ra().certificate.der());
  }
}

TEST_CASE("pkiStatus tells the outcome, and only a FAILURE has failInfo", "[scep][reply]") {
  const Bytes octets[] = {Success(Context()), Pending(Context())};
  const auto success = Must(pki::ParseSignedData(octets[0]));
  const auto pending = Must(pki::ParseSignedData(octets[1]));
  CHECK(Text(success, scep::kPkiStatusOid) == "0");
  CHECK(Text(success, scep::kFailInfoOid).empty());
  CHECK(Text(pending, scep::kPkiStatusOid) == "3");
  CHECK(Text(pending, scep::kFailInfoOid).empty());
  for (int code = 0; code <= 4; code++) {
    const auto failure = Must(pki::ParseSignedData(Failure(Context(), static_cast<scep::FailInfo>(code))));
    CHECK(Text(failure, scep::kPkiStatusOid) == "2");
    CHECK(Text(failure, scep::kFailInfoOid) == std::to_string(code));
  }
}

TEST_CASE("nonces are as short as the request's and recipientNonce is absent only without one", "[scep][reply]") {
  auto context = Context();
  context.sender_nonce = scep::Nonce("12345678");
  const auto echoed = Must(pki::ParseSignedData(Failure(context)));
  CHECK(Value(echoed, scep::kRecipientNonceOid).value == "12345678");
  CHECK(Value(echoed, scep::kSenderNonceOid).value.size() == 8);
  context.sender_nonce = scep::Nonce(Bytes(64, 'n'));
  CHECK(Value(Must(pki::ParseSignedData(Failure(context))), scep::kSenderNonceOid).value.size() == 16);
  context.sender_nonce.reset();
  const auto without = Must(pki::ParseSignedData(Failure(context)));
  CHECK(Value(without, scep::kRecipientNonceOid).encoding.empty());
  CHECK(Value(without, scep::kSenderNonceOid).value.size() == 16);
}

TEST_CASE("no two replies share a senderNonce", "[scep][reply]") {
  std::set<Bytes> nonces;
  for (int i = 0; i < 50; i++) {
    const auto reply = Must(pki::ParseSignedData(Pending(Context())));
    nonces.emplace(Value(reply, scep::kSenderNonceOid).value);
  }
  CHECK(nonces.size() == 50);
}

TEST_CASE("replies are definite-length DER with sorted attributes", "[scep][reply]") {
  for (const Bytes& octets : {Success(Context()), Pending(Context())}) {
    CHECK(der::IsDefinite(octets));
    const auto reply = Must(pki::ParseSignedData(octets));
    std::vector<Bytes> members;
    for (der::Reader reader(reply.signer->signed_attributes); !reader.empty();) {
      members.emplace_back(Must(reader.Next()).encoding);
    }
    CHECK(std::is_sorted(members.begin(), members.end()));
  }
}

TEST_CASE("the signerInfo is version 1 with a plain digest and rsaEncryption with NULL", "[scep][reply]") {
  const Bytes digest = AlgorithmIdentifier("2.16.840.1.101.3.4.2.1", Element(der::kNull, {}));
  const Bytes start = Element(der::kInteger, {"\x01"}) + Ra().certificate.issuer_and_serial_number() + digest;
  const Bytes rsa = AlgorithmIdentifier("1.2.840.113549.1.1.1", Element(der::kNull, {}));
  const Bytes reply = Pending(Context());
  CHECK(reply.find(start) != Bytes::npos);
  CHECK(reply.find(rsa, reply.find(start)) == reply.size() - 256 - 4 - rsa.size());
}

TEST_CASE("SUCCESS to a key that cannot receive is refused as bad algorithm", "[scep][reply]") {
  const auto reply =
      scep::EncodeSuccess(Context(), *RecipientOf(Ra()), EcClient().certificate, {OtherRa().certificate.der()}, Now());
  REQUIRE_FALSE(reply.has_value());
  CHECK(reply.error().reason == result::Reason::kBadAlgorithm);
}

TEST_CASE("a transactionID of arbitrary octets is echoed as a PrintableString", "[scep][reply]") {
  auto context = Context();
  const Bytes id("<b>'\0\xff", 6);
  context.transaction_id = scep::TransactionId(id);
  CHECK(Text(Must(pki::ParseSignedData(Failure(context))), scep::kTransactionIdOid) == id);
  CHECK(scep::PrintableTransactionId(context.transaction_id) == "<b>'\\x00\\xff");
}
