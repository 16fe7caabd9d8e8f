#ifndef CERTIFIER_PKI_CERTIFICATE_IDENTIFIER_H
#define CERTIFIER_PKI_CERTIFICATE_IDENTIFIER_H

#include "pki/certificate.h"

namespace pki {

// IsNamedBy tells whether Name DER and serial number contents name `certificate`: serials equal as integers, issuers
// equal in octets or else by RFC 5280 section 7.1 (requirements M-30).
bool IsNamedBy(ByteView issuer, ByteView serial_number, const Certificate& certificate);

// IsIdentifiedBy tells whether `key_identifier` is the certificate's subjectKeyIdentifier, or the SHA-1 of its key
// where it has none. An empty one identifies nothing.
bool IsIdentifiedBy(ByteView key_identifier, const Certificate& certificate);

}  // namespace pki

#endif  // CERTIFIER_PKI_CERTIFICATE_IDENTIFIER_H
