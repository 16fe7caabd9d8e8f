#ifndef CERTIFIER_PKI_DIGEST_H
#define CERTIFIER_PKI_DIGEST_H

#include <optional>
#include <string_view>

#include "pki/bytes.h"

namespace pki {

enum class DigestAlgorithm { kMd5, kSha1, kSha224, kSha256, kSha384, kSha512 };

// ToString names the digest in lower case: "md5", "sha1", "sha256" ...
std::string_view ToString(DigestAlgorithm algorithm);
// DigestLength is the digest's length in octets.
std::size_t DigestLength(DigestAlgorithm algorithm);

// Digest hashes `data`. It throws std::runtime_error if OpenSSL cannot, which is no expected failure.
Bytes Digest(DigestAlgorithm algorithm, ByteView data);
// HmacSha256 is RFC 2104 with SHA-256: 32 octets.
Bytes HmacSha256(ByteView key, ByteView data);
// HkdfSha256 is RFC 5869 with an empty salt: `length` octets for the purpose named by `info`.
Bytes HkdfSha256(ByteView key, std::string_view info, std::size_t length);

// Fingerprints are the three digests that clients and operators compare (requirements F-04).
struct Fingerprints {
  Bytes md5;
  Bytes sha1;
  Bytes sha256;
};
Fingerprints FingerprintsOf(ByteView octets);

// Notations of one digest, as devices and tools print it (requirements F-05).
struct FingerprintNotations {
  std::string lower;    // "2c0cace7d3f299ed..."
  std::string upper;    // "2C0CACE7D3F299ED..."
  std::string grouped;  // "2C0CACE7 D3F299ED ..."
  std::string colon;    // "2C:0C:AC:E7:..."
};
FingerprintNotations NotationsOf(ByteView digest);

// ParseFingerprint reads a whole fingerprint in any notation (requirements F-06): spaces, colons, dots, hyphens, line
// ends and a leading "MD5:", "SHA1:", "SHA-1:", "SHA256:", "SHA-256:" or "0x" are dropped, case is folded. 16, 20 or 32
// octets come out; malformed: anything else.
result::Result<Bytes> ParseFingerprint(std::string_view typed);

}  // namespace pki

#endif  // CERTIFIER_PKI_DIGEST_H
