#include <algorithm>
#include <array>

#include "pki/der.h"
#include "pki/key.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

constexpr ByteView kNull("\x05\x00", 2);
constexpr std::size_t kDefaultSalt = 20;
constexpr ByteView kPss("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", 9), kMgf1("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08", 9);

struct Known {
  ByteView oid;
  SignatureAlgorithm algorithm;
};
constexpr std::array kSignatures = {
    Known{{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", 9}, {DigestAlgorithm::kMd5, SignaturePadding::kPkcs1}},
    Known{{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", 9}, {DigestAlgorithm::kSha1, SignaturePadding::kPkcs1}},
    Known{{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e", 9}, {DigestAlgorithm::kSha224, SignaturePadding::kPkcs1}},
    Known{{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", 9}, {DigestAlgorithm::kSha256, SignaturePadding::kPkcs1}},
    Known{{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", 9}, {DigestAlgorithm::kSha384, SignaturePadding::kPkcs1}},
    Known{{"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", 9}, {DigestAlgorithm::kSha512, SignaturePadding::kPkcs1}},
    Known{{"\x2a\x86\x48\xce\x3d\x04\x01", 7}, {DigestAlgorithm::kSha1, SignaturePadding::kNone}},
    Known{{"\x2a\x86\x48\xce\x3d\x04\x03\x01", 8}, {DigestAlgorithm::kSha224, SignaturePadding::kNone}},
    Known{{"\x2a\x86\x48\xce\x3d\x04\x03\x02", 8}, {DigestAlgorithm::kSha256, SignaturePadding::kNone}},
    Known{{"\x2a\x86\x48\xce\x3d\x04\x03\x03", 8}, {DigestAlgorithm::kSha384, SignaturePadding::kNone}},
    Known{{"\x2a\x86\x48\xce\x3d\x04\x03\x04", 8}, {DigestAlgorithm::kSha512, SignaturePadding::kNone}},
};

struct KnownDigest {
  ByteView oid;
  DigestAlgorithm digest;
};
constexpr std::array kDigests = {
    KnownDigest{{"\x2b\x0e\x03\x02\x1a", 5}, DigestAlgorithm::kSha1},
    KnownDigest{{"\x60\x86\x48\x01\x65\x03\x04\x02\x04", 9}, DigestAlgorithm::kSha224},
    KnownDigest{{"\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9}, DigestAlgorithm::kSha256},
    KnownDigest{{"\x60\x86\x48\x01\x65\x03\x04\x02\x02", 9}, DigestAlgorithm::kSha384},
    KnownDigest{{"\x60\x86\x48\x01\x65\x03\x04\x02\x03", 9}, DigestAlgorithm::kSha512},
};

struct Identifier {
  ByteView oid;
  ByteView parameters;
};
result::Result<Identifier> ReadIdentifier(ByteView der) {
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(der, der::kSequence));
  der::Reader reader(sequence.value);
  ASSIGN_OR_RETURN(const der::Tlv oid, reader.Next(der::kObjectIdentifier));
  return Identifier{oid.value, reader.rest()};
}

result::Result<DigestAlgorithm> ReadDigest(ByteView der) {
  ASSIGN_OR_RETURN(const Identifier identifier, ReadIdentifier(der));
  const auto known =
      std::find_if(kDigests.begin(), kDigests.end(), [&](const KnownDigest& d) { return d.oid == identifier.oid; });
  if (known == kDigests.end() || (!identifier.parameters.empty() && identifier.parameters != kNull)) {
    return Fail(Reason::kBadAlgorithm, "a digest that we do not know");
  }
  return known->digest;
}

// The explicit tag [number] around an INTEGER of one octet, or `absent`.
result::Result<std::size_t> ReadSmall(der::Reader& reader, std::uint8_t number, std::size_t absent) {
  ASSIGN_OR_RETURN(const auto tagged, reader.NextIf(der::Context(number, true)));
  if (!tagged) return absent;
  ASSIGN_OR_RETURN(const der::Tlv integer, der::ReadOnly(tagged->value, der::kInteger));
  if (integer.value.size() != 1) return Fail(Reason::kBadAlgorithm, "a PSS parameter out of bounds");
  return static_cast<std::uint8_t>(integer.value[0]);
}

// RSASSA-PSS-params (RFC 4055 section 3.1). Verification reads the salt's length from the signature; here only those
// that are in use pass.
result::Result<SignatureAlgorithm> ReadPss(ByteView parameters) {
  SignatureAlgorithm algorithm{DigestAlgorithm::kSha1, SignaturePadding::kPss};
  DigestAlgorithm mask = DigestAlgorithm::kSha1;
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(parameters, der::kSequence));
  der::Reader reader(sequence.value);
  ASSIGN_OR_RETURN(const auto hash, reader.NextIf(der::Context(0, true)));
  if (hash) {
    ASSIGN_OR_RETURN(algorithm.digest, ReadDigest(hash->value));
  }
  ASSIGN_OR_RETURN(const auto generator, reader.NextIf(der::Context(1, true)));
  if (generator) {
    ASSIGN_OR_RETURN(const Identifier identifier, ReadIdentifier(generator->value));
    if (identifier.oid != kMgf1) return Fail(Reason::kBadAlgorithm, "a mask generation other than MGF1");
    ASSIGN_OR_RETURN(mask, ReadDigest(identifier.parameters));
  }
  ASSIGN_OR_RETURN(const std::size_t salt, ReadSmall(reader, 2, kDefaultSalt));
  ASSIGN_OR_RETURN(const std::size_t trailer, ReadSmall(reader, 3, 1));
  RETURN_IF_ERROR(reader.Finish());
  if (mask != algorithm.digest) return Fail(Reason::kBadAlgorithm, "PSS with two digests");
  if (trailer != 1 || (salt != kDefaultSalt && salt != DigestLength(algorithm.digest))) {
    return Fail(Reason::kBadAlgorithm, "PSS with an odd salt or trailer");
  }
  return algorithm;
}

}  // namespace

result::Result<SignatureAlgorithm> ParseSignatureAlgorithm(ByteView algorithm_identifier_der) {
  ASSIGN_OR_RETURN(const Identifier identifier, ReadIdentifier(algorithm_identifier_der));
  if (identifier.oid == kPss) return ReadPss(identifier.parameters);
  const auto known =
      std::find_if(kSignatures.begin(), kSignatures.end(), [&](const Known& k) { return k.oid == identifier.oid; });
  if (known == kSignatures.end() || (!identifier.parameters.empty() && identifier.parameters != kNull)) {
    return Fail(Reason::kBadAlgorithm, "a signature algorithm that we do not know");
  }
  return known->algorithm;
}

Bytes SignatureAlgorithmIdentifier(const PublicKey& key, DigestAlgorithm digest) {
  const bool is_rsa = key.type() == KeyType::kRsa;
  const SignaturePadding padding = is_rsa ? SignaturePadding::kPkcs1 : SignaturePadding::kNone;
  for (const Known& known : kSignatures) {
    if (known.algorithm.digest != digest || known.algorithm.padding != padding) continue;
    const Bytes oid = der::Encode(der::kObjectIdentifier, known.oid);
    return der::Encode(der::kSequence, {oid, is_rsa ? kNull : ByteView()});
  }
  return {};
}

}  // namespace pki
