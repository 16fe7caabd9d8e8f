#include "pki/certificate.h"

#include <mutex>

#include "pki/der.h"
#include "pki/pem.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

constexpr std::string_view kLabel = "CERTIFICATE";

}  // namespace

struct Certificate::LazyKey {
  std::once_flag is_read;
  result::Result<PublicKey> key = Fail(Reason::kMalformed, "no certificate");
};

result::Result<Certificate> Certificate::Parse(ByteView der) {
  ASSIGN_OR_RETURN(const der::Tlv outer, der::ReadOnly(der, der::kSequence));
  der::Reader outer_reader(outer.value);
  ASSIGN_OR_RETURN(const der::Tlv tbs, outer_reader.Next(der::kSequence));
  RETURN_IF_ERROR(outer_reader.Next(der::kSequence));
  RETURN_IF_ERROR(outer_reader.Next(der::kBitString));
  RETURN_IF_ERROR(outer_reader.Finish());
  Certificate certificate;
  const auto span = [&](ByteView part) {
    return Span{static_cast<std::size_t>(part.data() - der.data()), part.size()};
  };
  der::Reader reader(tbs.value);
  RETURN_IF_ERROR(reader.NextIf(der::Context(0, true)));
  ASSIGN_OR_RETURN(const der::Tlv serial, reader.Next(der::kInteger));
  if (serial.value.empty()) return Fail(Reason::kMalformed, "a serial number without octets");
  RETURN_IF_ERROR(reader.Next(der::kSequence));
  ASSIGN_OR_RETURN(const der::Tlv issuer, reader.Next(der::kSequence));
  ASSIGN_OR_RETURN(const der::Tlv validity, reader.Next(der::kSequence));
  ASSIGN_OR_RETURN(const der::Tlv subject, reader.Next(der::kSequence));
  ASSIGN_OR_RETURN(const der::Tlv spki, reader.Next(der::kSequence));
  while (!reader.empty()) {
    ASSIGN_OR_RETURN(const der::Tlv element, reader.Next());
    if (element.tag == der::Context(3, true)) certificate.extensions_ = span(element.value);
  }
  certificate.serial_ = span(serial.value);
  certificate.issuer_ = span(issuer.encoding);
  certificate.validity_ = span(validity.value);
  certificate.subject_ = span(subject.encoding);
  certificate.spki_ = span(spki.encoding);
  certificate.der_ = der;
  certificate.key_ = std::make_shared<LazyKey>();
  return certificate;
}

result::Result<Certificate> Certificate::FromPem(std::string_view pem) {
  ASSIGN_OR_RETURN(auto certificates, ManyFromPem(pem));
  return std::move(certificates.front());
}

result::Result<std::vector<Certificate>> Certificate::ManyFromPem(std::string_view pem) {
  ASSIGN_OR_RETURN(const auto blocks, PemBlocks(pem, kLabel));
  std::vector<Certificate> certificates;
  for (const Bytes& block : blocks) {
    ASSIGN_OR_RETURN(Certificate certificate, Parse(block));
    certificates.push_back(std::move(certificate));
  }
  if (certificates.empty()) return Fail(Reason::kMalformed, "no CERTIFICATE block");
  return certificates;
}

std::string Certificate::ToPem() const {
  return PemBlock(kLabel, der_);
}

ByteView Certificate::serial_number() const {
  return At(serial_);
}
ByteView Certificate::issuer() const {
  return At(issuer_);
}
ByteView Certificate::subject() const {
  return At(subject_);
}
ByteView Certificate::spki() const {
  return At(spki_);
}

const result::Result<PublicKey>& Certificate::public_key() const {
  static const result::Result<PublicKey> kNone = Fail(Reason::kMalformed, "no certificate");
  if (!key_) return kNone;
  std::call_once(key_->is_read, [this] { key_->key = PublicKey::FromSpki(spki()); });
  return key_->key;
}

result::Result<TimePoint> Certificate::not_before() const {
  der::Reader reader(At(validity_));
  ASSIGN_OR_RETURN(const der::Tlv time, reader.Next());
  return der::ParseTime(time);
}

result::Result<TimePoint> Certificate::not_after() const {
  der::Reader reader(At(validity_));
  RETURN_IF_ERROR(reader.Next());
  ASSIGN_OR_RETURN(const der::Tlv time, reader.Next());
  return der::ParseTime(time);
}

result::Result<std::vector<Extension>> Certificate::extensions() const {
  if (extensions_.length == 0) return std::vector<Extension>();
  return ParseExtensions(At(extensions_));
}

Bytes Certificate::subject_key_identifier() const {
  const auto all = extensions();
  if (!all) return {};
  for (const Extension& extension : *all) {
    if (extension.oid != kSubjectKeyIdentifierOid) continue;
    const auto identifier = der::ReadOnly(extension.value, der::kOctetString);
    return identifier ? Bytes(identifier->value) : Bytes();
  }
  return {};
}

Bytes Certificate::issuer_and_serial_number() const {
  return der::Encode(der::kSequence, {issuer(), der::Encode(der::kInteger, serial_number())});
}

}  // namespace pki
