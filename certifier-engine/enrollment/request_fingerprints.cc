#include "enrollment/request_fingerprints.h"

#include "pki/secret.h"

namespace engine::enrollment {

namespace {

constexpr std::size_t kMd5Octets = 16, kSha1Octets = 20, kSha256Octets = 32;

bool Holds(const std::optional<pki::Fingerprints>& set, pki::ByteView digest) {
  if (!set) return false;
  const bool is_md5 = pki::ConstantTimeEquals(set->md5, digest);
  const bool is_sha1 = pki::ConstantTimeEquals(set->sha1, digest);
  const bool is_sha256 = pki::ConstantTimeEquals(set->sha256, digest);
  return is_md5 || is_sha1 || is_sha256;
}

}  // namespace

pki::Bytes PackFingerprints(const pki::Fingerprints& fingerprints) {
  return fingerprints.md5 + fingerprints.sha1 + fingerprints.sha256;
}

std::optional<pki::Fingerprints> UnpackFingerprints(pki::ByteView packed) {
  if (packed.size() != kMd5Octets + kSha1Octets + kSha256Octets) return std::nullopt;
  return pki::Fingerprints{pki::Bytes(packed.substr(0, kMd5Octets)), pki::Bytes(packed.substr(kMd5Octets, kSha1Octets)),
                           pki::Bytes(packed.substr(kMd5Octets + kSha1Octets))};
}

result::Result<pki::Bytes> MatchFingerprint(std::string_view typed, pki::ByteView packed,
                                            pki::ByteView unsigned_packed) {
  auto digest = pki::ParseFingerprint(typed);
  if (!digest) {
    return result::Fail(result::Reason::kPolicyRefused,
                        "that is no fingerprint: type the whole MD5, SHA-1 or SHA-256 that the device shows");
  }
  if (Holds(UnpackFingerprints(packed), *digest) || Holds(UnpackFingerprints(unsigned_packed), *digest)) return digest;
  return result::Fail(
      result::Reason::kPolicyRefused,
      "the fingerprint is not this request's; nothing was approved. If it was typed as the device shows "
      "it, somebody else's request is in the queue under this name");
}

}  // namespace engine::enrollment
