#include <map>

#include "scep_fixture.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

namespace {

// A message block whose octets do not begin 00 02 once decrypted: 1 is smaller than any modulus and decrypts to 1.
Bytes BadBlock() {
  Bytes block(256, '\0');
  block.back() = '\1';
  return block;
}

std::map<std::string, Bytes> UndecryptableEnvelopes() {
  const Bytes garbage = "sixteen octets!!sixteen octets!!";
  const Bytes trailing = Csr() + Bytes(1, '\0');
  return {
      {"foreign recipient", Envelope(Csr()).To(OtherRa().certificate).Build()},
      {"bad RSA block", SoundEnvelope().WithEncryptedKey(BadBlock()).Build()},
      {"RSA block of a wrong length", SoundEnvelope().WithEncryptedKey("short").Build()},
      {"no RSA block", SoundEnvelope().WithEncryptedKey("").Build()},
      {"content key of a wrong length", SoundEnvelope().WithWrappedKey(Bytes(15, 'k')).Build()},
      {"wrong content key", SoundEnvelope().WithWrappedKey(Bytes(16, 'k')).Build()},
      {"padding of zero", SoundEnvelope().WithBlocks(Bytes(32, '\0')).Build()},
      {"padding of more than a block", SoundEnvelope().WithBlocks(Bytes(32, '\x11')).Build()},
      {"padding octets that differ", SoundEnvelope().WithBlocks(Bytes(29, 'a') + "\2\3\3").Build()},
      {"half a block", SoundEnvelope().WithCiphertextEnd("12345678").Build()},
      {"no ciphertext",
       SoundEnvelope().WithEncodedContent([](ByteView) { return Element(der::Context(0, false), {}); }).Build()},
      {"no encryptedContent", SoundEnvelope().WithEncodedContent([](ByteView) { return Bytes(); }).Build()},
      {"garbage content", Envelope(garbage).To(Ra().certificate).Build()},
      {"no content", Envelope("").To(Ra().certificate).Build()},
      {"octets behind the request", Envelope(trailing).To(Ra().certificate).Build()},
      {"no envelope", "not an envelope"},
      {"no recipients", Envelope(Csr()).Build()},
  };
}

}  // namespace

TEST_CASE("all failures to open an envelope are one and the same refusal", "[scep][oracle]") {
  const scep::Refusal first = Refused(Request(Envelope(Csr()).To(OtherRa().certificate).Build()).Build());
  for (const auto& [name, envelope] : UndecryptableEnvelopes()) {
    CAPTURE(name);
    const Bytes message = Request(envelope).Build();
    CHECK(FailureOf(message) == scep::FailInfo::kBadRequest);
    const scep::Refusal refusal = Refused(message);
    CHECK(refusal.error.reason == first.error.reason);
    CHECK(refusal.error.detail == first.error.detail);
    CHECK(refusal.recipient->certificate.der() == first.recipient->certificate.der());
    CHECK(refusal.reply->digest == first.reply->digest);
  }
}

TEST_CASE("the replies to all failures to open an envelope have one length", "[scep][oracle]") {
  std::map<std::size_t, std::string> lengths;
  const auto now = std::chrono::system_clock::now();
  for (const auto& [name, envelope] : UndecryptableEnvelopes()) {
    const scep::Refusal refusal = Refused(Request(envelope).Build());
    const auto reply = scep::EncodeFailure(*refusal.reply, *refusal.recipient, refusal.fail_info, now);
    lengths[Must(reply).size()] += name + "; ";
  }
  CAPTURE(lengths);
  CHECK(lengths.size() == 1);
}

namespace {

// UnavailableKey stands for a hardware module that does not answer.
class UnavailableKey final : public pki::DecryptionKey {
 public:
  result::Result<pki::Secret> UnwrapContentKey(pki::KeyTransport, ByteView, std::size_t) const override {
    return result::Fail(result::Reason::kUnavailable, "module is away");
  }
};

// CountingKey counts the blocks that it was asked to unwrap.
class CountingKey final : public pki::DecryptionKey {
 public:
  result::Result<pki::Secret> UnwrapContentKey(pki::KeyTransport, ByteView, std::size_t length) const override {
    calls++;
    return pki::RandomSecret(length);
  }
  mutable int calls = 0;
};

}  // namespace

TEST_CASE("a recipient key that is away is no verdict on the request", "[scep][oracle]") {
  auto recipient = *RecipientOf(Ra());
  recipient.decryption_key = std::make_shared<const UnavailableKey>();
  const auto decoded = scep::DecodeRequest(Request().Build(), {std::make_shared<const scep::Recipient>(recipient)});
  REQUIRE_FALSE(decoded.has_value());
  CHECK(decoded.error().error.reason == result::Reason::kUnavailable);
  CHECK_FALSE(decoded.error().reply.has_value());
}

TEST_CASE("the recipient key is used once where the signature holds, and never for a poll or a bad signature",
          "[scep][oracle]") {
  const auto key = std::make_shared<const CountingKey>();
  auto recipient = *RecipientOf(Ra());
  recipient.decryption_key = key;
  const std::vector<std::shared_ptr<const scep::Recipient>> candidates = {
      std::make_shared<const scep::Recipient>(recipient)};
  REQUIRE(scep::DecodeRequest(Request().WithType("20").Build(), candidates).has_value());
  REQUIRE_FALSE(scep::DecodeRequest(Request().TamperSignature().Build(), candidates).has_value());
  CHECK(key->calls == 0);
  const Bytes half_block = SoundEnvelope().WithCiphertextEnd("12345678").Build();
  REQUIRE_FALSE(scep::DecodeRequest(Request(half_block).Build(), candidates).has_value());
  CHECK(key->calls == 1);
}

TEST_CASE("whoever may say no to a decryption is asked once, just before it", "[scep][oracle][budget]") {
  const auto key = std::make_shared<const CountingKey>();
  auto recipient = *RecipientOf(Ra());
  recipient.decryption_key = key;
  int asked = 0;
  bool is_allowed = false;
  const auto decode = [&](const Bytes& message) {
    return scep::DecodeRequest(message, {std::make_shared<const scep::Recipient>(recipient)}, [&] {
      asked++;
      return is_allowed;
    });
  };
  const Bytes to_another = Envelope(Csr()).To(OtherRa().certificate).Build();
  for (const auto& message : {Request().WithType("20").Build(), Request().TamperSignature().Build(),
                              Request().WithType("18").Build(), Request(to_another).Build(), Bytes("garbage")}) {
    (void)decode(message);
  }
  CHECK(asked == 0);
  const auto refused = decode(Request().Build());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().error.reason == result::Reason::kUnavailable);
  CHECK_FALSE(refused.error().reply.has_value());
  CHECK(asked == 1);
  CHECK(key->calls == 0);
  is_allowed = true;
  (void)decode(Request().Build());
  CHECK(asked == 2);
  CHECK(key->calls == 1);
}
