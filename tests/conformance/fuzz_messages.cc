#include "fuzz_messages.h"

#include <array>
#include <utility>

#include "pki/der.h"
#include "scep/message.h"

namespace conformance {

namespace {

namespace der = pki::der;
using testing::Must;

constexpr std::size_t kLongestGet = 40'000;

// Resigned is a structure of what was signed, algorithm and signature, with `to_be_signed` in it and a signature that
// holds.
Bytes Resigned(const pki::PrivateKey& key, const Bytes& to_be_signed) {
  const auto digest = pki::DigestAlgorithm::kSha256;
  const Bytes signature = Must(key.Sign(digest, to_be_signed));
  return der::Encode(der::kSequence, {to_be_signed, pki::SignatureAlgorithmIdentifier(key.public_key(), digest),
                                      der::Encode(der::kBitString, {ByteView("\0", 1), signature})});
}

// SignedPart is the first element inside such a structure.
Bytes SignedPart(ByteView structure) {
  return Bytes(Must(der::Reader(Must(der::ReadOnly(structure, der::kSequence)).value).Next()).encoding);
}

template <class List>
const auto& OneOf(const List& list, Random& random) {
  return list[random.Below(list.size())];
}

}  // namespace

FuzzMessages::FuzzMessages(const Device& device, const Device& holder, std::string challenge)
    : device_(device), holder_(holder), challenge_(std::move(challenge)) {}

Bytes FuzzMessages::Csr() const {
  return device_.CsrWith(
      {testing::Challenge(challenge_), testing::ExtensionRequest(testing::kPkcs9Extensions, "device.example")});
}

testing::Message FuzzMessages::Signed(const Device& device, Bytes envelope, Random& random) const {
  return std::move(device.Signed(std::move(envelope)).WithTransactionId(pki::HexLower(random.Octets(16))));
}

Bytes FuzzMessages::Whole(Random& random) const {
  return Mutated(Signed(device_, device_.Enveloped(Csr()).Build(), random).Build(), random);
}

Bytes FuzzMessages::Attributes(Random& random) const {
  static const std::array<std::pair<std::string_view, Bytes>, 7> kAttributes = {{
      {scep::kMessageTypeOid, der::Encode(der::kPrintableString, "19")},
      {scep::kTransactionIdOid, der::Encode(der::kPrintableString, "transaction")},
      {scep::kSenderNonceOid, der::Encode(der::kOctetString, "0123456789abcdef")},
      {scep::kRecipientNonceOid, der::Encode(der::kOctetString, "0123456789abcdef")},
      {scep::kPkiStatusOid, der::Encode(der::kPrintableString, "0")},
      {testing::kContentTypeOid, testing::Oid("1.2.840.113549.1.7.1")},
      {"1.2.840.113549.1.9.5", der::Encode(der::kUtcTime, "260101000000Z")},
  }};
  testing::Message message = Signed(device_, device_.Enveloped(Csr()).Build(), random);
  for (std::size_t changes = 1 + random.Below(2); changes > 0; changes--) {
    const auto& [oid, sound] = OneOf(kAttributes, random);
    if (!random.OneIn(4)) message.Without(oid);
    if (random.OneIn(6)) continue;
    std::vector<Bytes> values(1 + (random.OneIn(5) ? random.Below(40) : 0), Mutated(sound, random));
    message.With(oid, std::move(values));
  }
  if (random.OneIn(3)) message.InOrder();
  return message.Build();
}

Bytes FuzzMessages::Signer(Random& random) const {
  testing::Identity signer = device_.identity;
  const Bytes tbs = Mutated(SignedPart(signer.certificate.der()), random);
  // What is none for our parser is none for the builder either; the whole message is for such.
  auto certificate = pki::Certificate::Parse(Resigned(*signer.key, tbs));
  if (!certificate) return Whole(random);
  signer.certificate = *std::move(certificate);
  return Signed(device_, device_.Enveloped(Csr()).Build(), random).SignedBy(signer).Build();
}

Bytes FuzzMessages::Envelope(Random& random) const {
  return Signed(device_, Mutated(device_.Enveloped(Csr()).Build(), random), random).Build();
}

Bytes FuzzMessages::Encryption(Random& random) const {
  testing::Envelope envelope = device_.Enveloped(Csr());
  switch (random.Below(4)) {
    case 0:
      envelope.WithWrappedKey(random.Octets(random.Below(64)));
      break;
    case 1:
      envelope.WithEncryptedKey(random.Octets(random.Below(600)));
      break;
    case 2:
      envelope.WithBlocks(random.Octets(16 * random.Below(200)));
      break;
    default:
      envelope.WithCiphertextEnd(random.Octets(1 + random.Below(40)));
  }
  return Signed(device_, envelope.Build(), random).Build();
}

Bytes FuzzMessages::Content(Random& random) const {
  return Signed(device_, device_.Enveloped(Mutated(Csr(), random)).Build(), random).Build();
}

Bytes FuzzMessages::Request(Random& random) const {
  const Bytes csr = Resigned(*device_.identity.key, Mutated(SignedPart(Csr()), random));
  return Signed(device_, device_.Enveloped(csr).Build(), random).Build();
}

Bytes FuzzMessages::Renewal(Random& random) const {
  testing::RequestShape shape;
  shape.subject = testing::CommonName(holder_.name);
  const auto& key = *testing::Key("next");
  const Bytes csr = Resigned(key, Mutated(SignedPart(testing::SignedRequest(key, shape)), random));
  return Signed(holder_, holder_.Enveloped(csr).Build(), random).WithType(random.OneIn(2) ? "17" : "19").Build();
}

Bytes FuzzMessages::Names(Random& random) const {
  const Bytes wanted =
      der::Encode(der::kSequence, {holder_.identity.certificate.issuer(),
                                   der::Encode(der::kInteger, holder_.identity.certificate.serial_number())});
  static const std::array<std::string, 4> kTypes = {"20", "21", "22", "3"};
  return Signed(holder_, holder_.Enveloped(Mutated(wanted, random)).Build(), random)
      .WithType(OneOf(kTypes, random))
      .Build();
}

FuzzMessages::Fuzzed FuzzMessages::Make(Random& random) const {
  using Layer = std::pair<const char*, Bytes (FuzzMessages::*)(Random&) const>;
  static const std::array<Layer, 9> kLayers = {{{"whole", &FuzzMessages::Whole},
                                                {"attributes", &FuzzMessages::Attributes},
                                                {"signer", &FuzzMessages::Signer},
                                                {"envelope", &FuzzMessages::Envelope},
                                                {"encryption", &FuzzMessages::Encryption},
                                                {"content", &FuzzMessages::Content},
                                                {"request", &FuzzMessages::Request},
                                                {"renewal", &FuzzMessages::Renewal},
                                                {"names", &FuzzMessages::Names}}};
  const auto& [layer, make] = OneOf(kLayers, random);
  return {layer, (this->*make)(random)};
}

std::string FuzzedRequest(const std::string& path, const Bytes& message, Random& random) {
  const std::string target = path + "?operation=PKIOperation";
  if (!random.OneIn(3) || message.size() > kLongestGet) return PostRequest(target, message);
  std::string text = pki::Base64(message);
  if (random.OneIn(6) && !text.empty()) text[random.Below(text.size())] = static_cast<char>(random.Octet());
  if (random.OneIn(6)) text.resize(random.Below(text.size() + 1));
  return "GET " + target + "&message=" + PercentEncode(text) +
         " HTTP/1.1\r\nHost: scep.example\r\nConnection: close\r\n\r\n";
}

}  // namespace conformance
