#ifndef CERTIFIER_PKI_CERTIFICATE_REQUEST_H
#define CERTIFIER_PKI_CERTIFICATE_REQUEST_H

#include <optional>
#include <vector>

#include "pki/bytes.h"
#include "pki/extensions.h"
#include "pki/key.h"
#include "pki/name.h"
#include "pki/secret.h"

namespace pki {

// CertificateRequest is a PKCS#10 (RFC 2986) whose self-signature holds: there is no other kind of object.
class CertificateRequest {
 public:
  // Parse reads the whole of `der`, at most 64 KiB, and verifies the proof of possession with the request's own key.
  // Requirements P-10 to P-13: attributes in any order or absent, unknown ones ignored, extensions from PKCS#9 and
  // Microsoft's attribute (PKCS#9 wins), challengePassword of any DirectoryString type or IA5String, empty as absent.
  // Malformed; bad algorithm for a key or signature we do not know; bad message check for a broken self-signature.
  static result::Result<CertificateRequest> Parse(ByteView der);

  const Bytes& der() const { return der_; }
  // DER of CertificationRequestInfo, for the second set of fingerprints (requirements F-03).
  ByteView info() const { return ByteView(der_).substr(info_offset_, info_length_); }
  const Name& subject() const { return subject_; }
  const PublicKey& public_key() const { return public_key_; }
  // challengePassword in UTF-8; empty where there is none.
  const Secret& challenge() const { return challenge_; }
  // Requested extensions, as they stand in the request.
  const std::vector<Extension>& requested_extensions() const { return extensions_; }
  // Names from the requested subjectAltName, in order; malformed ones failed Parse.
  const std::vector<GeneralName>& alternative_names() const { return alternative_names_; }

 private:
  CertificateRequest(Bytes der, PublicKey key) : der_(std::move(der)), public_key_(std::move(key)) {}
  Bytes der_;
  std::size_t info_offset_ = 0, info_length_ = 0;
  Name subject_;
  PublicKey public_key_;
  Secret challenge_;
  std::vector<Extension> extensions_;
  std::vector<GeneralName> alternative_names_;
};

// LooksLikeCertificateRequest tells whether `der` is one element with the outline of a PKCS#10 (info, algorithm, bit
// string). It is the gateway's last check of a decrypted envelope, so that garbage never travels (requirements S-02).
bool LooksLikeCertificateRequest(ByteView der);

// CertificateRequestTemplate is what a client asks for; used by our own client and by tests.
struct CertificateRequestTemplate {
  Name subject;
  ByteView challenge;  // UTF-8; empty: none.
  std::vector<GeneralName> alternative_names;
};
// SignCertificateRequest writes a PKCS#10 for `key`, signed by it.
result::Result<Bytes> SignCertificateRequest(const CertificateRequestTemplate& request, const SigningKey& key,
                                             DigestAlgorithm digest);

}  // namespace pki

#endif  // CERTIFIER_PKI_CERTIFICATE_REQUEST_H
