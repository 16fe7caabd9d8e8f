#ifndef CERTIFIER_PKI_SEALED_H
#define CERTIFIER_PKI_SEALED_H

#include <string_view>

#include "pki/bytes.h"
#include "pki/secret.h"

namespace pki {

// Sealing is AES-256-GCM with a fresh 12-octet IV: version octet 1, IV, ciphertext, 16-octet tag. `context` is
// authenticated with it and says what the octets are ("ca-key:42"), so that no sealed value passes for another.
// `key` has 32 octets.
result::Result<Bytes> Seal(ByteView key, std::string_view context, ByteView plaintext);
// Unseal fails as bad message check if key, context or octets are not the sealed ones.
result::Result<Secret> Unseal(ByteView key, std::string_view context, ByteView sealed);

}  // namespace pki

#endif  // CERTIFIER_PKI_SEALED_H
