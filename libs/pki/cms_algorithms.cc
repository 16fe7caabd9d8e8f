#include "pki/cms_algorithms.h"

#include <array>
#include <utility>

namespace pki {

namespace {

using result::Fail;
using result::Reason;
using std::string_view_literals::operator""sv;

constexpr ByteView kRsaEncryption = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv;
constexpr ByteView kRsaOaep = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07"sv;
constexpr ByteView kMgf1 = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"sv;
constexpr ByteView kPSpecified = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x09"sv;
constexpr ByteView kEcPublicKey = "\x2a\x86\x48\xce\x3d\x02\x01"sv;
constexpr ByteView kNullElement = "\x05\x00"sv;

constexpr std::array<std::pair<DigestAlgorithm, ByteView>, 6> kDigests = {{
    {DigestAlgorithm::kMd5, "\x2a\x86\x48\x86\xf7\x0d\x02\x05"sv},
    {DigestAlgorithm::kSha1, "\x2b\x0e\x03\x02\x1a"sv},
    {DigestAlgorithm::kSha224, "\x60\x86\x48\x01\x65\x03\x04\x02\x04"sv},
    {DigestAlgorithm::kSha256, "\x60\x86\x48\x01\x65\x03\x04\x02\x01"sv},
    {DigestAlgorithm::kSha384, "\x60\x86\x48\x01\x65\x03\x04\x02\x02"sv},
    {DigestAlgorithm::kSha512, "\x60\x86\x48\x01\x65\x03\x04\x02\x03"sv},
}};

constexpr std::array<std::pair<ContentCipher, ByteView>, 5> kCiphers = {{
    {ContentCipher::kDesCbc, "\x2b\x0e\x03\x02\x07"sv},
    {ContentCipher::kDes3Cbc, "\x2a\x86\x48\x86\xf7\x0d\x03\x07"sv},
    {ContentCipher::kAes128Cbc, "\x60\x86\x48\x01\x65\x03\x04\x01\x02"sv},
    {ContentCipher::kAes192Cbc, "\x60\x86\x48\x01\x65\x03\x04\x01\x16"sv},
    {ContentCipher::kAes256Cbc, "\x60\x86\x48\x01\x65\x03\x04\x01\x2a"sv},
}};

template <class Table, class Algorithm>
ByteView OidOf(const Table& table, Algorithm algorithm) {
  for (const auto& [candidate, oid] : table) {
    if (candidate == algorithm) return oid;
  }
  return {};
}

template <class Table>
auto AlgorithmOf(const Table& table, ByteView oid) -> std::optional<typename Table::value_type::first_type> {
  for (const auto& [algorithm, candidate] : table) {
    if (candidate == oid) return algorithm;
  }
  return std::nullopt;
}

struct AlgorithmIdentifier {
  ByteView oid;
  std::optional<der::Tlv> parameters;
  bool has_no_parameters() const { return !parameters.has_value() || parameters->encoding == kNullElement; }
};

result::Result<AlgorithmIdentifier> Split(ByteView algorithm_identifier) {
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(algorithm_identifier, der::kSequence));
  der::Reader reader(sequence.value);
  ASSIGN_OR_RETURN(const der::Tlv oid, reader.Next(der::kObjectIdentifier));
  AlgorithmIdentifier split{oid.value, std::nullopt};
  if (!reader.empty()) {
    ASSIGN_OR_RETURN(split.parameters, reader.Next());
  }
  RETURN_IF_ERROR(reader.Finish());
  return split;
}

Bytes Identifier(ByteView oid, ByteView parameters) {
  return der::Encode(der::kSequence, {der::Encode(der::kObjectIdentifier, oid), parameters});
}

// OaepField reads the AlgorithmIdentifier inside [number] EXPLICIT, or gives nothing where the field has its default.
result::Result<std::optional<AlgorithmIdentifier>> OaepField(der::Reader& reader, std::uint8_t number) {
  ASSIGN_OR_RETURN(const std::optional<der::Tlv> field, reader.NextIf(der::Context(number, true)));
  if (!field.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(AlgorithmIdentifier algorithm, Split(field->value));
  return algorithm;
}

result::Result<KeyTransport> ParseOaepParameters(ByteView parameters) {
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(parameters, der::kSequence));
  der::Reader reader(sequence.value);
  ASSIGN_OR_RETURN(const auto hash, OaepField(reader, 0));
  ASSIGN_OR_RETURN(const auto mask, OaepField(reader, 1));
  ASSIGN_OR_RETURN(const auto label, OaepField(reader, 2));
  RETURN_IF_ERROR(reader.Finish());
  if (label.has_value()) {
    const bool is_empty = label->parameters.has_value() && label->parameters->encoding == "\x04\x00"sv;
    if (label->oid != kPSpecified || !is_empty) return Fail(Reason::kBadAlgorithm, "OAEP with a label");
  }
  auto digest = std::optional(DigestAlgorithm::kSha1);
  auto mask_digest = std::optional(DigestAlgorithm::kSha1);
  if (hash.has_value()) digest = AlgorithmOf(kDigests, hash->oid);
  if (mask.has_value()) {
    if (mask->oid != kMgf1 || !mask->parameters.has_value()) return Fail(Reason::kBadAlgorithm, "OAEP without MGF1");
    mask_digest = ParseDigestIdentifier(mask->parameters->encoding);
  }
  if (digest == DigestAlgorithm::kSha1 && mask_digest == digest) return KeyTransport::kOaepSha1;
  if (digest == DigestAlgorithm::kSha256 && mask_digest == digest) return KeyTransport::kOaepSha256;
  return Fail(Reason::kBadAlgorithm, "OAEP with digests that we do not know");
}

Bytes OaepSha256Parameters() {
  const Bytes hash = DigestIdentifier(DigestAlgorithm::kSha256);
  return der::Encode(der::kSequence, {der::Encode(der::Context(0, true), hash),
                                      der::Encode(der::Context(1, true), Identifier(kMgf1, hash))});
}

}  // namespace

std::optional<DigestAlgorithm> ParseDigestIdentifier(ByteView algorithm_identifier) {
  const auto algorithm = Split(algorithm_identifier);
  if (!algorithm.has_value() || !algorithm->has_no_parameters()) return std::nullopt;
  return AlgorithmOf(kDigests, algorithm->oid);
}

Bytes DigestIdentifier(DigestAlgorithm digest) {
  return Identifier(OidOf(kDigests, digest), kNullElement);
}

std::optional<KeyTransport> ParseKeyTransportIdentifier(ByteView algorithm_identifier) {
  const auto algorithm = Split(algorithm_identifier);
  if (!algorithm.has_value()) return std::nullopt;
  if (algorithm->oid == kRsaEncryption && algorithm->has_no_parameters()) return KeyTransport::kPkcs1;
  if (algorithm->oid != kRsaOaep) return std::nullopt;
  if (!algorithm->parameters.has_value()) return KeyTransport::kOaepSha1;
  const auto oaep = ParseOaepParameters(algorithm->parameters->encoding);
  return oaep.has_value() ? std::optional(*oaep) : std::nullopt;
}

Bytes KeyTransportIdentifier(KeyTransport transport) {
  switch (transport) {
    case KeyTransport::kPkcs1:
      return Identifier(kRsaEncryption, kNullElement);
    case KeyTransport::kOaepSha1:
      return Identifier(kRsaOaep, "\x30\x00"sv);
    case KeyTransport::kOaepSha256:
      return Identifier(kRsaOaep, OaepSha256Parameters());
  }
  return {};
}

result::Result<ContentEncryption> ParseContentEncryption(ByteView algorithm_identifier) {
  ASSIGN_OR_RETURN(const AlgorithmIdentifier algorithm, Split(algorithm_identifier));
  ContentEncryption encryption{AlgorithmOf(kCiphers, algorithm.oid), {}};
  if (!encryption.cipher.has_value()) return encryption;
  if (!algorithm.parameters.has_value() || algorithm.parameters->tag != der::kOctetString) {
    return Fail(Reason::kMalformed, "content cipher without an IV");
  }
  encryption.iv = algorithm.parameters->value;
  return encryption;
}

Bytes ContentEncryptionIdentifier(ContentCipher cipher, ByteView iv) {
  return Identifier(OidOf(kCiphers, cipher), der::Encode(der::kOctetString, iv));
}

result::Result<SignatureAlgorithm> ParseSignerAlgorithm(ByteView algorithm_identifier, DigestAlgorithm digest) {
  ASSIGN_OR_RETURN(const AlgorithmIdentifier algorithm, Split(algorithm_identifier));
  if (algorithm.oid == kRsaEncryption && algorithm.has_no_parameters()) {
    return SignatureAlgorithm{digest, SignaturePadding::kPkcs1};
  }
  if (algorithm.oid == kEcPublicKey) return SignatureAlgorithm{digest, SignaturePadding::kNone};
  ASSIGN_OR_RETURN(const SignatureAlgorithm signature, ParseSignatureAlgorithm(algorithm_identifier));
  if (signature.digest != digest) {
    return Fail(Reason::kBadAlgorithm, "digestAlgorithm and signatureAlgorithm name different digests");
  }
  return signature;
}

}  // namespace pki
