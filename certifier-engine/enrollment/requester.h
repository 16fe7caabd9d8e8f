#ifndef CERTIFIER_ENGINE_ENROLLMENT_REQUESTER_H
#define CERTIFIER_ENGINE_ENROLLMENT_REQUESTER_H

#include <optional>
#include <string_view>

#include "certifier/v1/ca_options.pb.h"
#include "pki/certificate.h"
#include "pki/certificate_request.h"

namespace engine::enrollment {

// Requester is who signed a PKIMessage: a key, since its throw-away certificate proves nothing else (requirements
// P-18).
struct Requester {
  pki::Certificate certificate;
  pki::Bytes key_sha256;  // Of SubjectPublicKeyInfo; the requester key of the transaction.
};

// ReadRequester parses the signer's certificate. Malformed.
result::Result<Requester> ReadRequester(pki::ByteView signer_certificate);

// IsSameKey tells whether the requester's key is the one that the PKCS#10 asks a certificate for (requirements P-16).
bool IsSameKey(const Requester& requester, const pki::CertificateRequest& request);

// SelfSignedFault says what a throw-away certificate lacks of what it must have in common with the request
// (requirements P-16), where the CA's options enforce it. Nothing: it has it.
std::optional<std::string_view> SelfSignedFault(const Requester& requester, const pki::CertificateRequest& request,
                                                const certifier::v1::CaOptions& options);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_REQUESTER_H
