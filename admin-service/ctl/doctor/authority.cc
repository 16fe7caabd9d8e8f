#include "doctor/authority.h"

#include <algorithm>
#include <utility>

#include "doctor/report.h"
#include "pki/der.h"

namespace doctor {

namespace {

using result::Fail;
using result::Reason;

// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, ... }
bool ReadIsCa(pki::ByteView value) {
  const auto sequence = pki::der::ReadOnly(value, pki::der::kSequence);
  if (!sequence.has_value()) return false;
  pki::der::Reader reader(sequence->value);
  const auto is_ca = reader.NextIf(pki::der::kBoolean);
  return is_ca.has_value() && is_ca->has_value() && (*is_ca)->value != pki::ByteView("\0", 1);
}

// KeyUsage ::= BIT STRING; bit 0 is the highest of the first octet behind the count of unused bits.
std::optional<unsigned> ReadKeyUsage(pki::ByteView value) {
  const auto bits = pki::der::ReadOnly(value, pki::der::kBitString);
  if (!bits.has_value() || bits->value.empty()) return std::nullopt;
  unsigned usage = 0;
  const auto octet = bits->value.size() < 2 ? 0u : static_cast<unsigned char>(bits->value[1]);
  for (unsigned bit = 0; bit < 8; ++bit) usage |= (octet >> (7 - bit) & 1u) << bit;
  return usage;
}

bool IsRsa(const pki::Certificate& certificate) {
  const auto& key = certificate.public_key();
  return key.has_value() && key->type() == pki::KeyType::kRsa;
}

bool Allows(const CaCertificate& certificate, unsigned bit) {
  return !certificate.key_usage.has_value() || (*certificate.key_usage & bit) != 0;
}

std::size_t IssuerOf(const std::vector<CaCertificate>& certificates, std::size_t index) {
  const pki::Certificate& issued = certificates[index].certificate;
  if (issued.is_self_issued()) return index;
  const auto found = std::find_if(certificates.begin(), certificates.end(), [&issued](const CaCertificate& candidate) {
    return VerifySignature(issued, candidate.certificate).has_value();
  });
  return found == certificates.end() ? index : static_cast<std::size_t>(found - certificates.begin());
}

bool NamesChain(const pki::Certificate& certificate, const pki::Certificate& issuer) {
  if (certificate.issuer() == issuer.subject()) return true;
  const auto named = pki::Name::Parse(certificate.issuer());
  const auto name = issuer.subject_name();
  return named.has_value() && name.has_value() && named->Matches(*name);
}

}  // namespace

CaCertificate CaCertificate::Read(pki::Certificate certificate) {
  CaCertificate read;
  const auto name = certificate.subject_name();
  read.subject = name.has_value() ? Excerpt(name->ToString()) : "a subject that is no name";
  const auto& key = certificate.public_key();
  read.key = key.has_value() ? key->ToString() : Excerpt(key.error().detail);
  if (const auto extensions = certificate.extensions(); extensions.has_value()) {
    for (const pki::Extension& extension : *extensions) {
      if (extension.oid == pki::kBasicConstraintsOid) read.is_ca = ReadIsCa(extension.value);
      if (extension.oid == pki::kKeyUsageOid) read.key_usage = ReadKeyUsage(extension.value);
    }
  }
  read.certificate = std::move(certificate);
  return read;
}

bool CaCertificate::CanReceive() const {
  return IsRsa(certificate) && Allows(*this, pki::kKeyEncipherment);
}

bool CaCertificate::CanSign() const {
  return certificate.public_key().has_value() && Allows(*this, pki::kDigitalSignature);
}

std::optional<Authority> Authority::Choose(std::vector<CaCertificate> certificates) {
  const auto first = [&certificates](const auto& condition) {
    return std::find_if(certificates.begin(), certificates.end(), condition);
  };
  auto found = first([](const CaCertificate& candidate) { return !candidate.is_ca && candidate.CanReceive(); });
  if (found == certificates.end()) found = first([](const CaCertificate& candidate) { return candidate.CanReceive(); });
  if (found == certificates.end()) {
    found = first([](const CaCertificate& candidate) { return IsRsa(candidate.certificate); });
  }
  if (found == certificates.end()) return std::nullopt;
  Authority authority;
  authority.recipient_index = static_cast<std::size_t>(found - certificates.begin());
  authority.issuer_index = IssuerOf(certificates, authority.recipient_index);
  authority.certificates = std::move(certificates);
  return authority;
}

bool Authority::Contains(const pki::Certificate& certificate) const {
  return std::any_of(certificates.begin(), certificates.end(), [&certificate](const CaCertificate& candidate) {
    return candidate.certificate.der() == certificate.der();
  });
}

bool Authority::HasFingerprint(const pki::Bytes& digest) const {
  return std::any_of(certificates.begin(), certificates.end(), [&digest](const CaCertificate& candidate) {
    const pki::Fingerprints fingerprints = pki::FingerprintsOf(candidate.certificate.der());
    return digest == fingerprints.sha256 || digest == fingerprints.sha1 || digest == fingerprints.md5;
  });
}

result::Result<void> VerifySignature(const pki::Certificate& certificate, const pki::Certificate& issuer) {
  if (!NamesChain(certificate, issuer)) return Fail(Reason::kBadMessageCheck, "its issuer has another name");
  ASSIGN_OR_RETURN(const pki::der::Tlv outer, pki::der::ReadOnly(certificate.der(), pki::der::kSequence));
  pki::der::Reader reader(outer.value);
  ASSIGN_OR_RETURN(const pki::der::Tlv to_be_signed, reader.Next(pki::der::kSequence));
  ASSIGN_OR_RETURN(const pki::der::Tlv identifier, reader.Next(pki::der::kSequence));
  ASSIGN_OR_RETURN(const pki::der::Tlv signature, reader.Next(pki::der::kBitString));
  RETURN_IF_ERROR(reader.Finish());
  ASSIGN_OR_RETURN(const pki::SignatureAlgorithm algorithm, pki::ParseSignatureAlgorithm(identifier.encoding));
  ASSIGN_OR_RETURN(const pki::PublicKey key, issuer.public_key());
  const bool is_ecdsa = algorithm.padding == pki::SignaturePadding::kNone;
  if (is_ecdsa == (key.type() == pki::KeyType::kRsa) || signature.value.empty()) {
    return Fail(Reason::kBadMessageCheck, "its signature is not for the issuer's key");
  }
  return key.Verify(algorithm, to_be_signed.encoding, signature.value.substr(1));
}

}  // namespace doctor
