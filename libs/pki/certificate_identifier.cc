#include "pki/certificate_identifier.h"

#include "pki/digest.h"

namespace pki {

namespace {

// Drops the octets that only repeat the sign, so that equal integers are equal octets.
ByteView Minimal(ByteView integer) {
  const auto repeats_sign = [](ByteView octets) {
    const bool is_negative = (static_cast<unsigned char>(octets[1]) & 0x80) != 0;
    return octets[0] == (is_negative ? '\xff' : '\0');
  };
  while (integer.size() > 1 && repeats_sign(integer)) integer.remove_prefix(1);
  return integer;
}

bool NamesMatch(ByteView a, ByteView b) {
  const auto first = Name::Parse(a);
  const auto second = Name::Parse(b);
  return first.has_value() && second.has_value() && first->Matches(*second);
}

}  // namespace

bool IsNamedBy(ByteView issuer, ByteView serial_number, const Certificate& certificate) {
  if (Minimal(serial_number) != Minimal(certificate.serial_number())) return false;
  return issuer == certificate.issuer() || NamesMatch(issuer, certificate.issuer());
}

bool IsIdentifiedBy(ByteView key_identifier, const Certificate& certificate) {
  const Bytes own = certificate.subject_key_identifier();
  if (!own.empty()) return own == key_identifier;
  const auto key = certificate.public_key();
  return key.has_value() && Digest(DigestAlgorithm::kSha1, key->subject_public_key()) == key_identifier;
}

}  // namespace pki
