#ifndef CERTIFIER_ADMIN_SERVICE_WEB_FINGERPRINT_MATCH_H
#define CERTIFIER_ADMIN_SERVICE_WEB_FINGERPRINT_MATCH_H

#include <string>
#include <string_view>

#include "certifier/v1/request.pb.h"

namespace web {

// FingerprintMatch is what comes of comparing what an operator typed with the fingerprints of a request.
struct FingerprintMatch {
  enum class Verdict { kUnreadable, kNoMatch, kMatch };
  Verdict verdict;
  // "MD5 of the request", "SHA-256 of the unsigned request"; of what does not match "SHA-1".
  std::string which;
};

FingerprintMatch MatchFingerprint(const certifier::v1::RequestFingerprints& fingerprints, std::string_view typed);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_FINGERPRINT_MATCH_H
