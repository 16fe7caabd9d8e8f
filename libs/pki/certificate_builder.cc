#include "pki/certificate.h"
#include "pki/der.h"

namespace pki {

namespace {

constexpr std::size_t kHeaderOctets = 2;      // Tag and length of a short element.
constexpr std::size_t kMaxSerialOctets = 20;  // RFC 5280 section 4.1.2.2.

}  // namespace

result::Result<SerialNumber> RandomSerialNumber() {
  ASSIGN_OR_RETURN(Bytes octets, RandomBytes(16));
  octets[0] = static_cast<char>((octets[0] & 0x7f) | 0x40);
  return SerialNumber{std::move(octets)};
}

result::Result<Bytes> SignCertificate(const TbsCertificate& tbs, const SigningKey& key, DigestAlgorithm digest) {
  static const Bytes kVersion3 = der::Encode(der::Context(0, true), der::EncodeUnsigned("\x02"));
  const Bytes algorithm = SignatureAlgorithmIdentifier(key.public_key(), digest);
  if (algorithm.empty()) return result::Fail(result::Reason::kBadAlgorithm, "no signature algorithm for this key");
  const Bytes serial_number = der::EncodeUnsigned(tbs.serial_number.octets);
  if (tbs.serial_number.octets.empty() || serial_number.size() > kHeaderOctets + kMaxSerialOctets) {
    return result::Fail(result::Reason::kInternal, "a serial number has 1 to 20 octets, its sign's included");
  }
  Bytes extensions;
  if (!tbs.extensions.empty()) {
    ASSIGN_OR_RETURN(const Bytes list, EncodeExtensions(tbs.extensions));
    extensions = der::Encode(der::Context(3, true), list);
  }
  const Bytes validity = der::Encode(der::kSequence, {der::EncodeTime(tbs.not_before), der::EncodeTime(tbs.not_after)});
  const Bytes body = der::Encode(
      der::kSequence, {kVersion3, serial_number, algorithm, tbs.issuer, validity, tbs.subject, tbs.spki, extensions});
  ASSIGN_OR_RETURN(const Bytes signature, key.Sign(digest, body));
  const Bytes bits = der::Encode(der::kBitString, {ByteView("\0", 1), signature});
  return der::Encode(der::kSequence, {body, algorithm, bits});
}

}  // namespace pki
