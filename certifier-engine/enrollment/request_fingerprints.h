#ifndef CERTIFIER_ENGINE_ENROLLMENT_REQUEST_FINGERPRINTS_H
#define CERTIFIER_ENGINE_ENROLLMENT_REQUEST_FINGERPRINTS_H

#include <optional>
#include <string_view>

#include "pki/digest.h"

namespace engine::enrollment {

// PackFingerprints writes MD5, SHA-1 and SHA-256 one after another: 68 octets, as they are stored.
pki::Bytes PackFingerprints(const pki::Fingerprints& fingerprints);
// UnpackFingerprints reads them; nothing from any other length.
std::optional<pki::Fingerprints> UnpackFingerprints(pki::ByteView packed);

// MatchFingerprint compares what an operator typed, in any notation, with two packed sets (of the whole PKCS#10, of its
// CertificationRequestInfo), and gives its octets. Policy refused unless it is one of the six digests, whole.
result::Result<pki::Bytes> MatchFingerprint(std::string_view typed, pki::ByteView packed,
                                            pki::ByteView unsigned_packed);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_REQUEST_FINGERPRINTS_H
