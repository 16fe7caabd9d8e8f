// The keys of CAs without an RA: what gateways may have done with them.

#include "authority/key_operations.h"

#include <catch2/catch.hpp>

#include "authority/reply_attributes.h"
#include "enrollment_fixture.h"
#include "pki/cms.h"
#include "pki/crl.h"
#include "scep/reply.h"

namespace {

using engine::authority::CheckReplyAttributes;
using engine::authority::KeyOperations;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using pki::Bytes;
using pki::DigestAlgorithm;
using pki::KeyTransport;
using result::Reason;
namespace der = pki::der;

Bytes Attribute(std::string_view oid, const Bytes& value) {
  return der::Encode(der::kSequence, {der::EncodeOid(oid).value(), der::Encode(der::kSet, value)});
}
Bytes Text(std::string_view text) {
  return der::Encode(der::kPrintableString, text);
}

// Sound are the attributes of a CertRep, by what they are.
std::map<std::string, Bytes> Sound() {
  return {
      {"contentType",
       Attribute(
           "1.2.840.113549.1.9.3",
           der::Encode(der::kObjectIdentifier,
                       der::ReadOnly(der::EncodeOid("1.2.840.113549.1.7.1").value(), der::kObjectIdentifier)->value))},
      {"messageDigest", Attribute("1.2.840.113549.1.9.4", der::Encode(der::kOctetString, Bytes(32, 'd')))},
      {"messageType", Attribute(scep::kMessageTypeOid, Text("3"))},
      {"pkiStatus", Attribute(scep::kPkiStatusOid, Text("0"))},
      {"transactionID", Attribute(scep::kTransactionIdOid, Text("tx"))},
      {"senderNonce", Attribute(scep::kSenderNonceOid, der::Encode(der::kOctetString, Bytes(16, 'n')))}};
}

Bytes SetOf(const std::map<std::string, Bytes>& attributes, std::uint8_t tag = der::kSet) {
  Bytes members;
  for (const auto& [name, attribute] : attributes) members += attribute;
  return der::Encode(tag, members);
}

Bytes WithDigestOf(std::size_t length) {
  auto attributes = Sound();
  attributes["messageDigest"] = Attribute("1.2.840.113549.1.9.4", der::Encode(der::kOctetString, Bytes(length, 'd')));
  return SetOf(attributes);
}

bool Passes(pki::ByteView octets) {
  return CheckReplyAttributes(octets, DigestAlgorithm::kSha256).has_value();
}

TEST_CASE("the attributes of every reply that a gateway makes pass", "[key-operations]") {
  // A key that keeps what it was to sign.
  class Recorder final : public pki::SigningKey {
   public:
    result::Result<Bytes> Sign(DigestAlgorithm digest, pki::ByteView data) const override {
      signed_data = Bytes(data);
      return Device("rsa-2048").key().Sign(digest, data);
    }
    const pki::PublicKey& public_key() const override { return Device("rsa-2048").key().public_key(); }
    mutable Bytes signed_data;
  };
  const auto recorder = std::make_shared<const Recorder>();
  const auto certificate = pki::Certificate::Parse(Device("rsa-2048").SignerCertificate()).value();
  const scep::Recipient signer{"demo", 1, certificate, nullptr, certificate, recorder, {}, true};
  scep::ReplyContext context;
  context.transaction_id = scep::TransactionId(Bytes(255, 't'));
  context.sender_nonce = scep::Nonce(Bytes(64, 'n'));
  context.fail_info_text = std::string(16, 'i');
  const auto now = std::chrono::system_clock::now();
  const auto passes = [&](const result::Result<Bytes>& reply) {
    REQUIRE(reply);
    const auto checked = CheckReplyAttributes(recorder->signed_data, context.digest);
    INFO((checked ? "" : checked.error().detail));
    CHECK(checked);
  };
  passes(scep::EncodeFailure(context, signer, scep::FailInfo::kBadTime, now));
  passes(scep::EncodePending(context, signer, now));
  passes(
      scep::EncodeSuccess(context, signer, certificate, {certificate.der()}, now + std::chrono::hours(24 * 365 * 40)));
}

TEST_CASE("nothing but the attributes of a CertRep passes", "[key-operations]") {
  REQUIRE(Passes(SetOf(Sound())));
  for (const char* needed : {"contentType", "messageDigest", "messageType", "pkiStatus", "transactionID"}) {
    auto attributes = Sound();
    attributes.erase(needed);
    CAPTURE(needed);
    CHECK_FALSE(Passes(SetOf(attributes)));
  }
  const auto with = [](const std::string& name, const Bytes& attribute) {
    auto attributes = Sound();
    attributes[name] = attribute;
    return Passes(SetOf(attributes));
  };
  CHECK_FALSE(with("messageType", Attribute(scep::kMessageTypeOid, Text("19"))));
  CHECK_FALSE(with("messageType", Attribute(scep::kMessageTypeOid, der::Encode(der::kUtf8String, "3"))));
  CHECK_FALSE(with("contentType", Attribute("1.2.840.113549.1.9.3", der::EncodeOid("1.2.840.113549.1.7.3").value())));
  CHECK_FALSE(with("foreign", Attribute("1.2.3.4", Text("x"))));
  CHECK_FALSE(with("second", Attribute(scep::kMessageTypeOid, Text("3"))));
  CHECK_FALSE(with("two values", Attribute(scep::kFailInfoOid, Text("1") + Text("2"))));
  CHECK_FALSE(with("no value", Attribute(scep::kFailInfoOid, "")));
  CHECK_FALSE(with("long", Attribute(scep::kFailInfoTextOid, der::Encode(der::kUtf8String, Bytes(5000, 'x')))));
  CHECK_FALSE(Passes(SetOf(Sound(), der::kSequence)));
  CHECK_FALSE(Passes(SetOf(Sound()) + "x"));
  CHECK_FALSE(Passes(""));
}

// Where a digest is weak, it takes hundreds of chosen octets to give a SET the digest of a certificate.
TEST_CASE("no value is longer than a reply needs", "[key-operations]") {
  const auto with = [](const std::string& name, std::string_view oid, std::uint8_t tag, std::size_t length) {
    auto attributes = Sound();
    attributes[name] = Attribute(oid, der::Encode(tag, Bytes(length, '1')));
    return Passes(SetOf(attributes));
  };
  CHECK(with("senderNonce", scep::kSenderNonceOid, der::kOctetString, 64));
  CHECK_FALSE(with("senderNonce", scep::kSenderNonceOid, der::kOctetString, 65));
  CHECK_FALSE(with("recipientNonce", scep::kRecipientNonceOid, der::kOctetString, 65));
  CHECK(with("transactionID", scep::kTransactionIdOid, der::kPrintableString, 255));
  CHECK_FALSE(with("transactionID", scep::kTransactionIdOid, der::kPrintableString, 256));
  CHECK(with("failInfoText", scep::kFailInfoTextOid, der::kUtf8String, 64));
  CHECK_FALSE(with("failInfoText", scep::kFailInfoTextOid, der::kUtf8String, 65));
  CHECK_FALSE(with("failInfo", scep::kFailInfoOid, der::kPrintableString, 21));
  CHECK_FALSE(with("messageDigest", "1.2.840.113549.1.9.4", der::kOctetString, 31));
  CHECK_FALSE(with("messageDigest", "1.2.840.113549.1.9.4", der::kOctetString, 33));
}

TEST_CASE("what a CA signs otherwise does not pass", "[key-operations]") {
  const auto request = Device().Parsed({});
  CHECK_FALSE(Passes(request.info()));
  const Bytes certificate = Device().SignerCertificate();
  der::Reader parts(der::ReadOnly(certificate, der::kSequence)->value);
  const auto tbs = parts.Next(der::kSequence);
  REQUIRE(tbs);
  CHECK_FALSE(Passes(tbs->encoding));
  pki::TbsCrl crl;
  crl.issuer = Bytes(pki::Certificate::Parse(certificate)->issuer());
  crl.issuer_key_identifier = Bytes(20, 'k');
  crl.this_update = std::chrono::system_clock::now();
  crl.next_update = crl.this_update + std::chrono::hours(1);
  const Bytes signed_crl = pki::SignCrl(crl, Device("rsa-2048").key(), DigestAlgorithm::kSha256).value();
  der::Reader crl_parts(der::ReadOnly(signed_crl, der::kSequence)->value);
  const auto tbs_crl = crl_parts.Next(der::kSequence);
  REQUIRE(tbs_crl);
  CHECK_FALSE(Passes(tbs_crl->encoding));
}

class Alone : public EnrollmentFixture {
 public:
  Alone() {
    engine::authority::CaSpecification specification;
    specification.name = "alone";
    specification.key_algorithm = "rsa-2048";
    specification.registration_authority = "none";
    REQUIRE(factory.Create(specification, "alice"));
  }
  std::string ReasonOf(const KeyOperations::KeyName& name) const {
    const auto signature = operations.SignReply(name, DigestAlgorithm::kSha256, SetOf(Sound()));
    const auto key = operations.Unwrap(name, KeyTransport::kPkcs1, Bytes(256, 'x'), 16);
    CHECK(signature.has_value() == key.has_value());
    return signature ? "" : std::string(result::ToString(signature.error().reason));
  }
  const KeyOperations operations{directory, clock, {}};
};

TEST_CASE_METHOD(Alone, "the CA's key unwraps and signs, and a bad block gives a key all the same",
                 "[key-operations]") {
  const auto ca = directory.snapshot()->FindCa("alone");
  const auto key = ca->certificate.public_key().value();
  const Bytes block = key.Encrypt(KeyTransport::kOaepSha256, "0123456789abcdef").value();
  CHECK(operations.Unwrap({"ALONE", 1}, KeyTransport::kOaepSha256, block, 16)->Reveal() == "0123456789abcdef");
  const auto guess = operations.Unwrap({"alone", 1}, KeyTransport::kOaepSha256, block, 24);
  REQUIRE(guess);
  CHECK(guess->Reveal().size() == 24);
  const auto signature = operations.SignReply({"alone", 1}, DigestAlgorithm::kSha512, WithDigestOf(64));
  REQUIRE(signature);
  CHECK(key.Verify({DigestAlgorithm::kSha512}, WithDigestOf(64), *signature));
  CHECK(operations.SignReply({"alone", 1}, DigestAlgorithm::kSha512, "x").error().reason == Reason::kMalformed);
  // MD5 only where the CA serves it.
  const auto weak = operations.SignReply({"alone", 1}, DigestAlgorithm::kMd5, WithDigestOf(16));
  CHECK(weak.error().reason == Reason::kBadAlgorithm);
  CHECK(operations.SignReply({"alone", 1}, DigestAlgorithm::kSha1, WithDigestOf(20)));
}

TEST_CASE_METHOD(Alone, "only lengths of our ciphers and blocks of a bounded size are unwrapped", "[key-operations]") {
  for (const std::size_t length : {8u, 16u, 24u, 32u}) {
    CHECK(operations.Unwrap({"alone", 1}, KeyTransport::kPkcs1, Bytes(1024, 'x'), length));
  }
  for (const std::size_t length : {0u, 15u, 33u, 1u << 20}) {
    CHECK(operations.Unwrap({"alone", 1}, KeyTransport::kPkcs1, "x", length).error().reason == Reason::kMalformed);
  }
  CHECK_FALSE(operations.Unwrap({"alone", 1}, KeyTransport::kPkcs1, Bytes(1025, 'x'), 16));
}

TEST_CASE_METHOD(Alone, "a CA with an RA lends no key, and neither does one that is not there", "[key-operations]") {
  CHECK(ReasonOf({"alone", 1}).empty());
  CHECK(ReasonOf({"demo", 1}) == "unauthorized");
  CHECK(ReasonOf({"nobody", 1}) == "not_found");
  CHECK(ReasonOf({"alone", 2}) == "not_found");
}

TEST_CASE_METHOD(Alone, "a retired key serves for thirty days", "[key-operations]") {
  REQUIRE(rollover.Stage("alone", {}, "alice", engine_test::MaySignAll));
  CHECK(ReasonOf({"alone", 2}).empty());
  REQUIRE(rollover.Activate("alone", "alice"));
  Pass(std::chrono::hours(24) * 30);
  CHECK(ReasonOf({"alone", 1}).empty());
  Pass(std::chrono::seconds(1));
  CHECK(ReasonOf({"alone", 1}) == "unauthorized");
  CHECK(ReasonOf({"alone", 2}).empty());
}

}  // namespace
