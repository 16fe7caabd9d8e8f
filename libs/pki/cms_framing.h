#ifndef CERTIFIER_PKI_CMS_FRAMING_H
#define CERTIFIER_PKI_CMS_FRAMING_H

#include <memory>

#include "pki/der.h"

namespace pki {

// OwnDefinite copies the one SEQUENCE that `message` is: DER as it stands, BER rewritten with definite lengths. What
// stands behind it must be zero, CR or LF (requirements H-24). Malformed otherwise.
result::Result<std::unique_ptr<const Bytes>> OwnDefinite(ByteView message);

// ReadContentInfo opens ContentInfo (RFC 5652 section 3) and gives the contents of the SEQUENCE inside. `message` is
// definite. Malformed: another content type.
result::Result<ByteView> ReadContentInfo(ByteView message, ByteView content_type);

// WriteContentInfo writes one around `content`. `content_type` is the contents of the OID.
Bytes WriteContentInfo(ByteView content_type, der::Part content);

}  // namespace pki

#endif  // CERTIFIER_PKI_CMS_FRAMING_H
