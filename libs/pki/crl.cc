#include "pki/crl.h"

#include <array>

#include "pki/der.h"
#include "pki/extensions.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

constexpr std::string_view kCrlNumberOid = "2.5.29.20", kReasonCodeOid = "2.5.29.21", kInvalidityDateOid = "2.5.29.24";
constexpr std::uint8_t kEnumerated = 0x0a;
constexpr std::size_t kHeaderOctets = 2;      // Tag and length of a short element.
constexpr std::size_t kMaxSerialOctets = 20;  // RFC 5280 section 4.1.2.2.
// What an entry takes at most with a reason, so that the list grows in few steps.
constexpr std::size_t kUsualEntryOctets = 56;

constexpr std::array kReasons = {
    CrlReason::kUnspecified,        CrlReason::kKeyCompromise,      CrlReason::kCaCompromise,
    CrlReason::kAffiliationChanged, CrlReason::kSuperseded,         CrlReason::kCessationOfOperation,
    CrlReason::kCertificateHold,    CrlReason::kPrivilegeWithdrawn, CrlReason::kAaCompromise};
constexpr std::size_t kReasonNumbers = 11;

Bytes BigEndian(std::uint64_t number) {
  Bytes octets;
  for (int shift = 56; shift >= 0; shift -= 8) {
    const auto octet = static_cast<char>(number >> shift & 0xff);
    if (!octets.empty() || octet != '\0') octets += octet;
  }
  return octets;
}

// OneExtension is the Extension alone, without the SEQUENCE OF around it.
result::Result<Bytes> OneExtension(std::string_view oid, Bytes value) {
  ASSIGN_OR_RETURN(const Bytes list, EncodeExtensions({{std::string(oid), false, std::move(value)}}));
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(list, der::kSequence));
  return Bytes(sequence.value);
}

// EntryWriter writes entries with the parts made once that they have in common.
class EntryWriter {
 public:
  static result::Result<EntryWriter> Make() {
    EntryWriter writer;
    for (const CrlReason reason : kReasons) {
      if (reason == CrlReason::kUnspecified) continue;
      const auto number = static_cast<char>(reason);
      ASSIGN_OR_RETURN(writer.reasons_[static_cast<std::size_t>(reason)],
                       OneExtension(kReasonCodeOid, der::Encode(kEnumerated, ByteView(&number, 1))));
    }
    return writer;
  }

  result::Result<void> Append(const RevokedCertificate& revoked, Bytes& entries) const {
    const Bytes serial_number = der::EncodeUnsigned(revoked.serial_number);
    if (revoked.serial_number.empty() || serial_number.size() > kHeaderOctets + kMaxSerialOctets) {
      return Fail(Reason::kInternal, "a serial number has 1 to 20 octets, its sign's included");
    }
    Bytes extensions = reasons_.at(static_cast<std::size_t>(revoked.reason));
    if (revoked.invalidity_date) {
      ASSIGN_OR_RETURN(const Bytes date,
                       OneExtension(kInvalidityDateOid, der::EncodeGeneralizedTime(*revoked.invalidity_date)));
      extensions += date;
    }
    if (!extensions.empty()) extensions = der::Encode(der::kSequence, extensions);
    entries += der::Encode(der::kSequence, {serial_number, der::EncodeTime(revoked.revoked_at), extensions});
    return {};
  }

 private:
  std::array<Bytes, kReasonNumbers> reasons_;  // By number; empty for those that are not written.
};

// RevokedCertificates is absent where there is none (RFC 5280 section 5.1.2.6).
result::Result<Bytes> EncodeRevoked(const std::vector<RevokedCertificate>& revoked) {
  if (revoked.empty()) return Bytes();
  ASSIGN_OR_RETURN(const EntryWriter writer, EntryWriter::Make());
  Bytes entries;
  entries.reserve(revoked.size() * kUsualEntryOctets);
  for (const RevokedCertificate& certificate : revoked) RETURN_IF_ERROR(writer.Append(certificate, entries));
  return der::Encode(der::kSequence, entries);
}

}  // namespace

std::string_view ToString(CrlReason reason) {
  switch (reason) {
    case CrlReason::kUnspecified:
      return "unspecified";
    case CrlReason::kKeyCompromise:
      return "keyCompromise";
    case CrlReason::kCaCompromise:
      return "cACompromise";
    case CrlReason::kAffiliationChanged:
      return "affiliationChanged";
    case CrlReason::kSuperseded:
      return "superseded";
    case CrlReason::kCessationOfOperation:
      return "cessationOfOperation";
    case CrlReason::kCertificateHold:
      return "certificateHold";
    case CrlReason::kPrivilegeWithdrawn:
      return "privilegeWithdrawn";
    case CrlReason::kAaCompromise:
      return "aACompromise";
  }
  return "unspecified";
}

std::optional<CrlReason> CrlReasonFromString(std::string_view identifier) {
  for (const CrlReason reason : kReasons) {
    if (ToString(reason) == identifier) return reason;
  }
  return std::nullopt;
}

result::Result<Bytes> SignCrl(const TbsCrl& crl, const SigningKey& key, DigestAlgorithm digest) {
  static const Bytes kVersion2 = der::EncodeUnsigned("\x01");
  const Bytes algorithm = SignatureAlgorithmIdentifier(key.public_key(), digest);
  if (algorithm.empty()) return Fail(Reason::kBadAlgorithm, "no signature algorithm for this key");
  if (crl.next_update <= crl.this_update) return Fail(Reason::kInternal, "a CRL's next update comes after it");
  ASSIGN_OR_RETURN(const Bytes revoked, EncodeRevoked(crl.revoked));
  ASSIGN_OR_RETURN(const Bytes extensions,
                   EncodeExtensions({AuthorityKeyIdentifierExtension(crl.issuer_key_identifier),
                                     {std::string(kCrlNumberOid), false, der::EncodeUnsigned(BigEndian(crl.number))}}));
  const Bytes body = der::Encode(
      der::kSequence, {kVersion2, algorithm, crl.issuer, der::EncodeTime(crl.this_update),
                       der::EncodeTime(crl.next_update), revoked, der::Encode(der::Context(0, true), extensions)});
  ASSIGN_OR_RETURN(const Bytes signature, key.Sign(digest, body));
  return der::Encode(der::kSequence, {body, algorithm, der::Encode(der::kBitString, {ByteView("\0", 1), signature})});
}

}  // namespace pki
