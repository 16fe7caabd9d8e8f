#ifndef CERTIFIER_PKI_CERTIFICATE_H
#define CERTIFIER_PKI_CERTIFICATE_H

#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include "pki/bytes.h"
#include "pki/extensions.h"
#include "pki/key.h"
#include "pki/name.h"

namespace pki {

using TimePoint = std::chrono::system_clock::time_point;

// Certificate is an X.509 certificate read leniently (requirements M-05): a SCEP client's throw-away certificate may
// have a negative or long serial, odd extensions and absurd dates, and only its key, issuer and serial octets are
// needed. Parsed means: the outer structure is there and the whole input was one certificate. It does not mean that the
// signature, the dates or any extension were checked, nor that the key can be used; public_key() tells that.
class Certificate {
 public:
  Certificate() = default;
  static result::Result<Certificate> Parse(ByteView der);
  // FromPem reads the first "CERTIFICATE" block.
  static result::Result<Certificate> FromPem(std::string_view pem);
  // ManyFromPem reads every block, in order; malformed if there is none.
  static result::Result<std::vector<Certificate>> ManyFromPem(std::string_view pem);

  const Bytes& der() const { return der_; }
  std::string ToPem() const;
  // Contents octets of serialNumber, as they stand.
  ByteView serial_number() const;
  // DER of the issuer, as it stands.
  ByteView issuer() const;
  // DER of the subject, as it stands.
  ByteView subject() const;
  // DER of SubjectPublicKeyInfo.
  ByteView spki() const;
  result::Result<Name> subject_name() const { return Name::Parse(subject()); }
  // The key of spki(), or why it cannot be used. It is read once, for this certificate and all its copies.
  const result::Result<PublicKey>& public_key() const;
  result::Result<TimePoint> not_before() const;
  result::Result<TimePoint> not_after() const;
  result::Result<std::vector<Extension>> extensions() const;
  // Contents of subjectKeyIdentifier, or empty.
  Bytes subject_key_identifier() const;
  // IssuerAndSerialNumber (RFC 5652 section 10.2.4) with both copied octet for octet (requirements M-41).
  Bytes issuer_and_serial_number() const;
  bool is_self_issued() const { return issuer() == subject(); }

 private:
  struct Span {
    std::size_t offset = 0, length = 0;
  };
  struct LazyKey;
  ByteView At(Span span) const { return ByteView(der_).substr(span.offset, span.length); }
  Bytes der_;
  Span serial_, issuer_, validity_, subject_, spki_, extensions_;
  std::shared_ptr<LazyKey> key_;  // Nothing in a default Certificate.
};

// VerifyIssuedBy checks that `issuer`'s key made `certificate`'s signature, that the names chain, that `issuer` may
// sign certificates, and that both are in date at `now`, by OpenSSL's own chain building with X509_V_FLAG_X509_STRICT.
// Bad message check with OpenSSL's reason in the detail.
result::Result<void> VerifyIssuedBy(const Certificate& certificate, const Certificate& issuer, TimePoint now);

// SerialNumber is a positive serial of at most 20 octets (RFC 5280 section 4.1.2.2), big-endian.
struct SerialNumber {
  Bytes octets;
};
// RandomSerialNumber draws 16 octets, with the top bit clear and the next set, so that its length never varies.
result::Result<SerialNumber> RandomSerialNumber();

// TbsCertificate is what a certificate will say. The writer adds nothing of its own.
struct TbsCertificate {
  SerialNumber serial_number;
  Bytes issuer;   // Name DER.
  Bytes subject;  // Name DER.
  TimePoint not_before;
  TimePoint not_after;
  Bytes spki;  // SubjectPublicKeyInfo DER, copied octet for octet (requirements M-47).
  std::vector<Extension> extensions;
};

// SignCertificate writes version 3 and signs with `key`. Internal or unavailable as SigningKey::Sign.
result::Result<Bytes> SignCertificate(const TbsCertificate& tbs, const SigningKey& key, DigestAlgorithm digest);

}  // namespace pki

#endif  // CERTIFIER_PKI_CERTIFICATE_H
