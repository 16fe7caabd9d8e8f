#include "issuance/revoker.h"

#include "service/log.h"

namespace engine::issuance {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kMostCommentOctets = 1000;

result::Result<void> Check(const store::NewRevocation& revocation, TimePoint now) {
  if (revocation.comment.size() > kMostCommentOctets || revocation.comment.find('\0') != std::string::npos) {
    return Fail(Reason::kMalformed, "a comment has at most 1000 octets");
  }
  if (!revocation.invalidity_date) return {};
  if (*revocation.invalidity_date <= TimePoint()) return Fail(Reason::kMalformed, "the invalidity date is none");
  if (*revocation.invalidity_date > now) {
    return Fail(Reason::kMalformed,
                "the invalidity date lies in the future; it says since when the key is not trusted");
  }
  return {};
}

}  // namespace

result::Result<void> Revoker::Revoke(const Revocable& certificate, const store::NewRevocation& revocation) const {
  if (revocation.reason == pki::CrlReason::kCertificateHold) {
    return Fail(Reason::kMalformed, "certificateHold is the reason of a suspension; suspend the certificate");
  }
  return Record(certificate, revocation);
}

result::Result<void> Revoker::Suspend(const Revocable& certificate, store::NewRevocation revocation) const {
  revocation.reason = pki::CrlReason::kCertificateHold;
  return Record(certificate, revocation);
}

result::Result<void> Revoker::Record(const Revocable& certificate, const store::NewRevocation& revocation) const {
  RETURN_IF_ERROR(Check(revocation, clock_()));
  RETURN_IF_ERROR(store_.Revoke(certificate.serial_number, certificate.ca, revocation));
  service::LogInfo("certificate_revoked", {{"serial_number", pki::HexLower(certificate.serial_number)},
                                           {"ca", certificate.ca},
                                           {"reason", ToString(revocation.reason)},
                                           {"revoked_by", revocation.revoked_by}});
  return {};
}

result::Result<void> Revoker::Reactivate(const Revocable& certificate, const std::string& operator_login) const {
  RETURN_IF_ERROR(store_.Reactivate(certificate.serial_number, certificate.ca));
  service::LogInfo("certificate_reactivated", {{"serial_number", pki::HexLower(certificate.serial_number)},
                                               {"ca", certificate.ca},
                                               {"reactivated_by", operator_login}});
  return {};
}

}  // namespace engine::issuance
