#ifndef CERTIFIER_PKI_CMS_ALGORITHMS_H
#define CERTIFIER_PKI_CMS_ALGORITHMS_H

#include <optional>

#include "pki/cms.h"
#include "pki/der.h"

namespace pki {

// Contents octets of the content types (RFC 5652 sections 4, 5 and 6).
inline constexpr ByteView kDataType = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
inline constexpr ByteView kSignedDataType = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
inline constexpr ByteView kEnvelopedDataType = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";

// Each Parse reads one AlgorithmIdentifier, parameters NULL or absent where the algorithm has none, and is nothing for
// an algorithm that we do not know; each Identifier writes one.
std::optional<DigestAlgorithm> ParseDigestIdentifier(ByteView algorithm_identifier);
Bytes DigestIdentifier(DigestAlgorithm digest);

// RSAES-OAEP with one digest for hash and mask, SHA-1 or SHA-256, and no label (RFC 4055 section 4.1).
std::optional<KeyTransport> ParseKeyTransportIdentifier(ByteView algorithm_identifier);
Bytes KeyTransportIdentifier(KeyTransport transport);

// ContentEncryption is a contentEncryptionAlgorithm: nothing in `cipher` is one that we do not know.
struct ContentEncryption {
  std::optional<ContentCipher> cipher;
  ByteView iv;
};
// Malformed: no AlgorithmIdentifier, or a CBC cipher without its IV.
result::Result<ContentEncryption> ParseContentEncryption(ByteView algorithm_identifier);
Bytes ContentEncryptionIdentifier(ContentCipher cipher, ByteView iv);

// ParseSignerAlgorithm reads a signerInfo's signatureAlgorithm, which names the key's kind alone or together with the
// digest. Bad algorithm: unknown, or its digest is not `digest` (requirements M-11).
result::Result<SignatureAlgorithm> ParseSignerAlgorithm(ByteView algorithm_identifier, DigestAlgorithm digest);

}  // namespace pki

#endif  // CERTIFIER_PKI_CMS_ALGORITHMS_H
