#include <catch2/catch.hpp>
#include <random>

#include "openssl_x509.h"
#include "pki/certificate_request.h"
#include "pki/cms.h"
#include "request_shape.h"

// Damaged input from a fixed seed: nothing crashes, and nothing that verifies says anything else than the original.
using namespace testing;
using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

namespace {

constexpr unsigned kSeed = 20260822;

// Mutator damages octets in the ways that parsers fall for: single bits, lengths, cuts, repeats and splices.
class Mutator {
 public:
  explicit Mutator(Bytes original) : original_(std::move(original)), random_(kSeed) {}

  Bytes Next() {
    Bytes octets = original_;
    for (std::size_t count = 1 + Below(3); count > 0; count--) Damage(octets);
    return octets;
  }

 private:
  std::size_t Below(std::size_t bound) { return random_() % bound; }

  void Damage(Bytes& octets) {
    if (octets.empty()) octets = "\x30";
    const std::size_t at = Below(octets.size()), length = 1 + Below(std::min<std::size_t>(octets.size() - at, 40));
    switch (Below(7)) {
      case 0:
        octets[at] = static_cast<char>(octets[at] ^ (1 << Below(8)));
        return;
      case 1:
        octets[at] = static_cast<char>(random_());
        return;
      case 2:
        octets[at] = "\x00\x7f\x80\x81\x84\xff\x30\x04"[Below(8)];
        return;
      case 3:
        octets.erase(at, length);
        return;
      case 4:
        octets.insert(at, octets.substr(at, length));
        return;
      case 5:
        octets.resize(at);
        return;
      default:
        octets.insert(at, original_.substr(Below(original_.size()), length));
    }
  }

  const Bytes original_;
  std::mt19937 random_;
};

Bytes RichRequest(const pki::PrivateKey& key) {
  RequestShape shape;
  shape.subject = Must(pki::Name::FromString("CN=device+SERIALNUMBER=1,O=example,DC=net")).der();
  shape.attributes = {Challenge("secret"), ExtensionRequest(kPkcs9Extensions, "a.example"),
                      ExtensionRequest(kMicrosoftExtensions, "b.example")};
  return SignedRequest(key, shape);
}

// Touch calls everything that reads in a certificate.
std::size_t Touch(const pki::Certificate& certificate) {
  std::size_t count = certificate.issuer_and_serial_number().size() + certificate.subject_key_identifier().size();
  if (const auto name = certificate.subject_name()) count += name->ToString().size();
  if (const auto key = certificate.public_key()) count += key->ToString().size();
  if (const auto extensions = certificate.extensions()) count += extensions->size();
  if (certificate.not_before() && certificate.not_after()) count++;
  return count;
}

}  // namespace

TEST_CASE("no damaged request verifies with other content", "[pki][mutation]") {
  const auto key = Key("device", GENERATE("rsa-2048", "ecdsa-p256"));
  const Bytes original = RichRequest(*key);
  const auto sound = Must(pki::CertificateRequest::Parse(original));
  Mutator mutator(original);
  int verified = 0;
  for (int i = 0; i < 20000; i++) {
    const auto request = pki::CertificateRequest::Parse(mutator.Next());
    if (!request) continue;
    verified++;
    if (request->info() != sound.info()) FAIL("seed " << kSeed << ", damage " << i);
  }
  CHECK(verified < 2000);
}

TEST_CASE("no damaged certificate is read outside its octets", "[pki][mutation]") {
  CertificateShape shape;
  shape.key_identifier = Bytes(20, 'i');
  Mutator mutator(MakeIdentity(Key("device"), shape).certificate.der());
  std::size_t touched = 0;
  for (int i = 0; i < 20000; i++) {
    const Bytes octets = mutator.Next();
    if (const auto certificate = pki::Certificate::Parse(octets)) touched += Touch(*certificate);
  }
  CHECK(touched > 0);
}

TEST_CASE("no damaged SignedData verifies with other content or other attributes", "[pki][mutation]") {
  const auto signer = MakeIdentity(Key("device", "ecdsa-p256"));
  const Bytes transaction_id = Element(der::kPrintableString, {"42"});
  const Bytes original = Must(pki::SignContent("content", {{"2.16.840.1.113733.1.9.7", transaction_id}},
                                               signer.certificate, *signer.key, pki::DigestAlgorithm::kSha256, {}));
  const auto sound = Must(pki::ParseSignedData(original));
  REQUIRE(pki::VerifySigner(sound).has_value());
  Mutator mutator(original);
  for (int i = 0; i < 20000; i++) {
    const auto message = pki::ParseSignedData(mutator.Next());
    if (!message || !message->signer || !pki::VerifySigner(*message)) continue;
    const bool is_same = message->content == sound.content &&
                         message->signer->signed_attributes == sound.signer->signed_attributes &&
                         message->signer->certificate.spki() == sound.signer->certificate.spki();
    if (!is_same) FAIL("seed " << kSeed << ", damage " << i);
  }
}

TEST_CASE("no damaged EnvelopedData is read outside its octets", "[pki][mutation]") {
  const auto recipient = MakeIdentity(Key("device"));
  Mutator mutator(Must(pki::EnvelopFor(Bytes(100, 'x'), recipient.certificate, pki::ContentCipher::kAes128Cbc,
                                       pki::KeyTransport::kPkcs1)));
  int read = 0;
  for (int i = 0; i < 5000; i++) {
    const auto enveloped = pki::ParseEnvelopedData(mutator.Next());
    if (!enveloped || enveloped->recipients.empty()) continue;
    read += pki::MatchesRecipient(enveloped->recipients[0], recipient.certificate) ? 1 : 0;
  }
  CHECK(read > 0);
}

TEST_CASE("what is rewritten from damaged BER is definite, once and for all", "[pki][mutation]") {
  const Bytes segments = Bytes(
      "\x24\x80\x04\x02"
      "ab"
      "\x04\x01"
      "c\0\0",
      11);
  const Bytes content = Bytes(
      "\xa0\x80\x04\x02"
      "ab\0\0",
      8);
  const Bytes algorithm = Element(der::kSequence, {Oid("1.2.3")});
  Mutator mutator("\x30\x80" + Oid("1.2.4") + algorithm + content + Element(der::kSequence, {segments}) +
                  Bytes(2, '\0'));
  int rewritten = 0;
  for (int i = 0; i < 50000; i++) {
    const Bytes input = mutator.Next();
    std::size_t consumed = 0, again = 0;
    const auto definite = der::Definite(input, consumed);
    if (!definite) continue;
    rewritten++;
    const auto twice = der::Definite(*definite, again);
    if (consumed > input.size() || !der::IsDefinite(*definite) || !twice || *twice != *definite) {
      FAIL("seed " << kSeed << ", damage " << i << ": " << pki::HexLower(input));
    }
  }
  CHECK(rewritten > 100);
}
