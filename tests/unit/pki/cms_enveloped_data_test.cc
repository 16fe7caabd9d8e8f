#include <catch2/catch.hpp>

#include "openssl_cms.h"
#include "pki/cms.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::ContentCipher;
using pki::KeyTransport;
using result::Reason;
namespace der = pki::der;

namespace {

const Identity& Receiver() {
  static const Identity receiver = MakeIdentity(Key("receiver"), {.key_identifier = "receiver key"});
  return receiver;
}

result::Result<pki::Secret> Open(ByteView message, const Identity& receiver = Receiver()) {
  const auto enveloped = Must(pki::ParseEnvelopedData(message));
  for (const auto& recipient : enveloped.recipients) {
    if (!pki::MatchesRecipient(recipient, receiver.certificate)) continue;
    return pki::DecryptContent(enveloped, recipient, *receiver.key);
  }
  return result::Fail(Reason::kNotFound, "no recipient");
}

Bytes Opened(ByteView message) {
  return Bytes(Must(Open(message)).Reveal());
}

}  // namespace

TEST_CASE("what OpenSSL encrypts is opened: ciphers, lengths, DER and BER", "[cms]") {
  const std::string cipher = GENERATE("DES-EDE3-CBC", "AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "DES-CBC");
  const bool streamed = GENERATE(false, true);
  for (const std::size_t length : {0u, 1u, 15u, 16u, 17u, 5000u}) {
    const Bytes content(length, 'c');
    const auto message =
        reference::Encrypt(content, {Receiver().certificate}, {.cipher = cipher, .streamed = streamed});
    CHECK(Opened(message) == content);
  }
}

TEST_CASE("what OpenSSL encrypts with OAEP or to a key identifier is opened", "[cms]") {
  const std::vector<pki::Certificate> receivers = {Receiver().certificate};
  CHECK(Opened(reference::Encrypt("content", receivers, {.oaep_digest = "SHA1"})) == "content");
  CHECK(Opened(reference::Encrypt("content", receivers, {.oaep_digest = "SHA256"})) == "content");
  CHECK(Opened(reference::Encrypt("content", receivers, {.by_key_identifier = true})) == "content");
}

TEST_CASE("what we envelop is opened by OpenSSL and by us", "[cms]") {
  const auto cipher = GENERATE(ContentCipher::kDesCbc, ContentCipher::kDes3Cbc, ContentCipher::kAes128Cbc,
                               ContentCipher::kAes192Cbc, ContentCipher::kAes256Cbc);
  const auto transport = GENERATE(KeyTransport::kPkcs1, KeyTransport::kOaepSha1, KeyTransport::kOaepSha256);
  for (const std::size_t length : {0u, 15u, 16u, 5000u}) {
    const Bytes content(length, 'c');
    const Bytes message = Must(pki::EnvelopFor(content, Receiver().certificate, cipher, transport));
    CHECK(der::IsDefinite(message));
    CHECK(reference::Decrypt(message, Receiver()) == content);
    CHECK(Opened(message) == content);
  }
}

TEST_CASE("two envelopes of one content have nothing in common", "[cms]") {
  const auto make = [] {
    return Must(pki::ParseEnvelopedData(
        Must(pki::EnvelopFor("content", Receiver().certificate, ContentCipher::kAes128Cbc, KeyTransport::kPkcs1))));
  };
  const auto first = make();
  const auto second = make();
  CHECK(first.iv != second.iv);
  CHECK(first.encrypted_content != second.encrypted_content);
  CHECK(first.recipients.front().encrypted_key != second.recipients.front().encrypted_key);
}

TEST_CASE("an EC key cannot receive", "[cms]") {
  const Identity receiver = MakeIdentity(Key("ec receiver", "ecdsa-p256"));
  const auto message =
      pki::EnvelopFor("content", receiver.certificate, ContentCipher::kAes128Cbc, KeyTransport::kPkcs1);
  REQUIRE_FALSE(message.has_value());
  CHECK(message.error().reason == Reason::kBadAlgorithm);
}

TEST_CASE("a wrong key fails as malformed with the text of every other failure", "[cms]") {
  const Identity stranger = MakeIdentity(Key("stranger"), {.key_identifier = "receiver key"});
  const Bytes message = reference::Encrypt(Bytes(100, 'c'), {Receiver().certificate}, {.by_key_identifier = true});
  const auto opened = Open(message, stranger);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().reason == Reason::kMalformed);
  CHECK(opened.error().detail == "the content cannot be decrypted");
}

TEST_CASE("a recipient matches by issuer and serial as an integer", "[cms]") {
  const Bytes issuer(Receiver().certificate.issuer());
  pki::EnvelopedData::Recipient recipient;
  recipient.issuer = issuer;
  recipient.serial_number = "\x2a";
  CHECK(pki::MatchesRecipient(recipient, Receiver().certificate));
  recipient.serial_number = ByteView("\0\0\x2a", 3);
  CHECK(pki::MatchesRecipient(recipient, Receiver().certificate));
  recipient.serial_number = "\xff\x2a";
  CHECK_FALSE(pki::MatchesRecipient(recipient, Receiver().certificate));
  recipient.serial_number = "\x2b";
  CHECK_FALSE(pki::MatchesRecipient(recipient, Receiver().certificate));
}

TEST_CASE("a recipient's issuer matches in another string type and case, not in another name", "[cms]") {
  const auto name = [](std::uint8_t tag, std::string_view text) {
    const Bytes attribute = Element(der::kSequence, {Oid("2.5.4.3"), Element(tag, {text})});
    return Element(der::kSequence, {Element(der::kSet, {attribute})});
  };
  const Bytes same = name(der::kPrintableString, "DEVICE");
  const Bytes other = name(der::kUtf8String, "devicf");
  pki::EnvelopedData::Recipient recipient;
  recipient.serial_number = "\x2a";
  recipient.issuer = same;
  CHECK(pki::MatchesRecipient(recipient, Receiver().certificate));
  recipient.issuer = other;
  CHECK_FALSE(pki::MatchesRecipient(recipient, Receiver().certificate));
}

TEST_CASE("an empty recipient matches nothing", "[cms]") {
  CHECK_FALSE(pki::MatchesRecipient({}, Receiver().certificate));
  CHECK_FALSE(pki::MatchesRecipient({}, MakeIdentity(Key("receiver")).certificate));
}

TEST_CASE("an unknown cipher parses as nothing, and more recipients than the limit are malformed", "[cms]") {
  const Bytes message = reference::Encrypt("content", {Receiver().certificate}, {.cipher = "CAMELLIA-128-CBC"});
  const auto enveloped = Must(pki::ParseEnvelopedData(message));
  CHECK_FALSE(enveloped.cipher.has_value());
  CHECK(pki::DecryptContent(enveloped, enveloped.recipients.front(), *Receiver().key).error().reason ==
        Reason::kBadAlgorithm);
  CHECK_FALSE(pki::ParseEnvelopedData(message, {.max_recipients = 0}).has_value());
}
