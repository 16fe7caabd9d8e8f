#include "web/fingerprint_match.h"

#include "pki/digest.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Verdict = FingerprintMatch::Verdict;

constexpr std::size_t kMd5Octets = 16, kSha1Octets = 20;

std::string DigestName(std::size_t octets) {
  if (octets == kMd5Octets) return "MD5";
  return octets == kSha1Octets ? "SHA-1" : "SHA-256";
}

bool HasDigest(const v1::Fingerprints& fingerprints, const std::string& lower) {
  return fingerprints.md5().lower() == lower || fingerprints.sha1().lower() == lower ||
         fingerprints.sha256().lower() == lower;
}

}  // namespace

FingerprintMatch MatchFingerprint(const v1::RequestFingerprints& fingerprints, std::string_view typed) {
  const auto digest = pki::ParseFingerprint(typed);
  if (!digest) return {Verdict::kUnreadable, ""};
  const std::string lower = pki::HexLower(*digest), name = DigestName(digest->size());
  if (HasDigest(fingerprints.request(), lower)) return {Verdict::kMatch, name + " of the request"};
  if (HasDigest(fingerprints.unsigned_request(), lower)) return {Verdict::kMatch, name + " of the unsigned request"};
  return {Verdict::kNoMatch, name};
}

}  // namespace web
