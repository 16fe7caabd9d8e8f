#ifndef CERTIFIER_PKI_DESCRIPTION_H
#define CERTIFIER_PKI_DESCRIPTION_H

#include <string>

#include "pki/certificate.h"
#include "pki/extensions.h"

// What certificates and requests say, in words for people, as OpenSSL has them. All of it is printable ASCII and line
// feeds: any other octet is a full stop.
namespace pki {

// OidName is OpenSSL's long name of a dotted OID, such as "X509v3 Key Usage"; the OID itself where it has none.
std::string OidName(const std::string& oid);

// Describe is the value of an extension, in lines without one at its end, cut after 4000 characters; in hexadecimal
// where OpenSSL does not know the extension or cannot read it.
std::string Describe(const Extension& extension);

// SignatureAlgorithmName is how the certificate was signed, such as "sha256WithRSAEncryption". Malformed for a
// certificate that OpenSSL cannot read.
result::Result<std::string> SignatureAlgorithmName(const Certificate& certificate);

}  // namespace pki

#endif  // CERTIFIER_PKI_DESCRIPTION_H
