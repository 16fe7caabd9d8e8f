#include "rpc/revocation.h"

#include "timestamp.h"

namespace engine::rpc {

certifier::v1::RevocationReason ToProto(pki::CrlReason reason) {
  switch (reason) {
    case pki::CrlReason::kUnspecified:
      return certifier::v1::REVOCATION_REASON_UNSPECIFIED;
    case pki::CrlReason::kKeyCompromise:
      return certifier::v1::REVOCATION_REASON_KEY_COMPROMISE;
    case pki::CrlReason::kCaCompromise:
      return certifier::v1::REVOCATION_REASON_CA_COMPROMISE;
    case pki::CrlReason::kAffiliationChanged:
      return certifier::v1::REVOCATION_REASON_AFFILIATION_CHANGED;
    case pki::CrlReason::kSuperseded:
      return certifier::v1::REVOCATION_REASON_SUPERSEDED;
    case pki::CrlReason::kCessationOfOperation:
      return certifier::v1::REVOCATION_REASON_CESSATION_OF_OPERATION;
    case pki::CrlReason::kCertificateHold:
      return certifier::v1::REVOCATION_REASON_CERTIFICATE_HOLD;
    case pki::CrlReason::kPrivilegeWithdrawn:
      return certifier::v1::REVOCATION_REASON_PRIVILEGE_WITHDRAWN;
    case pki::CrlReason::kAaCompromise:
      return certifier::v1::REVOCATION_REASON_AA_COMPROMISE;
  }
  return certifier::v1::REVOCATION_REASON_UNSPECIFIED;
}

result::Result<pki::CrlReason> FromProto(certifier::v1::RevocationReason reason) {
  for (const auto known :
       {pki::CrlReason::kUnspecified, pki::CrlReason::kKeyCompromise, pki::CrlReason::kCaCompromise,
        pki::CrlReason::kAffiliationChanged, pki::CrlReason::kSuperseded, pki::CrlReason::kCessationOfOperation,
        pki::CrlReason::kCertificateHold, pki::CrlReason::kPrivilegeWithdrawn, pki::CrlReason::kAaCompromise}) {
    if (ToProto(known) == reason) return known;
  }
  return result::Fail(result::Reason::kMalformed, "no such reason");
}

void FillStatus(const std::optional<store::Revocation>& revocation, certifier::v1::Certificate& certificate) {
  if (!revocation) return certificate.set_status(certifier::v1::CERTIFICATE_STATUS_GOOD);
  certificate.set_status(revocation->is_suspension() ? certifier::v1::CERTIFICATE_STATUS_SUSPENDED
                                                     : certifier::v1::CERTIFICATE_STATUS_REVOKED);
  auto& shown = *certificate.mutable_revocation();
  shown.set_reason(ToProto(revocation->reason));
  *shown.mutable_revoked_at() = ToTimestamp(revocation->revoked_at);
  if (revocation->invalidity_date) *shown.mutable_invalidity_date() = ToTimestamp(*revocation->invalidity_date);
  shown.set_comment(revocation->comment);
  shown.set_revoked_by(revocation->revoked_by);
}

}  // namespace engine::rpc
