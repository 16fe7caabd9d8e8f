#include "enrollment/approve.h"

#include "enrollment/request_fingerprints.h"
#include "enrollment/state.h"
#include "pki/digest.h"
#include "policy/book.h"
#include "service/log.h"

namespace engine::enrollment {

namespace {

using result::Reason;

constexpr std::size_t kMostReasonOctets = 1000;

// OpenRequest is the PKCS#10 that the operator was shown, and no other (requirements F-08).
result::Result<pki::CertificateRequest> OpenRequest(const store::RequestRecord& record, const keys::Sealer& sealer) {
  ASSIGN_OR_RETURN(const pki::Secret der, sealer.Unseal(record.csr_sha256, record.sealed_csr));
  if (pki::Digest(pki::DigestAlgorithm::kSha256, der.Reveal()) != record.csr_sha256) {
    return result::Fail(Reason::kConflict, "the stored request is not the one that was shown");
  }
  return pki::CertificateRequest::Parse(der.Reveal());
}

// The generation that the request was addressed to, if it does not serve its last, else the active one.
std::shared_ptr<const authority::CertificationAuthority> CaOf(const authority::Snapshot& snapshot,
                                                              const store::RequestRecord& record) {
  if (record.ca_generation_id) {
    const auto next = snapshot.FindGeneration(*record.ca_generation_id);
    if (next && next->state == store::GenerationState::kNext) return next;
  }
  return snapshot.FindCa(record.ca_id);
}

// What vouched when the request came must do so still.
result::Result<void> CheckVoucher(const store::RequestRecord& record) {
  if (record.is_renewed_revoked) {
    return result::Fail(Reason::kConflict, "the certificate that it renews, " +
                                               pki::HexLower(record.renewed_serial_number) +
                                               ", is revoked or suspended; reject the request or reactivate that");
  }
  if (!record.is_entity_active) {
    return result::Fail(Reason::kConflict, "the entity " + record.entity + " is inactive; reject the request");
  }
  return {};
}

std::optional<policy::Voucher> VoucherOf(const store::RequestRecord& record) {
  if (record.entity.empty()) return std::nullopt;
  return policy::Voucher{record.entity, {}, {}};
}

}  // namespace

result::Result<store::NewCertificate> OperatorApproval::Issue(const store::RequestRecord& record) const {
  const auto ca = CaOf(*parts_.directory.snapshot(), record);
  if (!ca) return result::Fail(Reason::kUnavailable, "the request's CA is not active on this engine");
  ASSIGN_OR_RETURN(const auto request, OpenRequest(record, parts_.requests));
  ASSIGN_OR_RETURN(const auto policy_record, parts_.store.GetPolicyVersion(record.policy_version_id));
  ASSIGN_OR_RETURN(const auto version, policy::ReadVersion(policy_record));
  const auto voucher = VoucherOf(record);
  ASSIGN_OR_RETURN(auto draft,
                   content_.Draft(version.policy, {request, voucher, ca->ca_id, ca->not_after, parts_.clock()}));
  return parts_.issuer.Issue(*ca, issuance::Authorization(ca->ca_id, std::move(draft)), parts_.clock());
}

result::Result<void> OperatorApproval::Approve(std::int64_t request_id, std::string_view fingerprint,
                                               const std::string& decided_by) const {
  ASSIGN_OR_RETURN(const auto request, parts_.store.GetRequest(request_id));
  RETURN_IF_ERROR(Next(request.state, Event::kIssue));
  RETURN_IF_ERROR(MatchFingerprint(fingerprint, request.fingerprints, request.unsigned_fingerprints));
  RETURN_IF_ERROR(CheckVoucher(request));
  ASSIGN_OR_RETURN(const auto certificate, Issue(request));
  RETURN_IF_ERROR(parts_.store.Approve(request_id, request.csr_sha256, certificate, decided_by));
  service::LogInfo("request_approved", {{"request_id", request_id},
                                        {"ca", request.ca},
                                        {"decided_by", decided_by},
                                        {"serial_number", pki::HexLower(certificate.serial_number)}});
  return {};
}

result::Result<void> OperatorApproval::Reject(std::int64_t request_id, const std::string& reason,
                                              const std::string& decided_by) const {
  if (reason.empty() || reason.size() > kMostReasonOctets) {
    return result::Fail(Reason::kMalformed, "a reason has 1 to 1000 octets");
  }
  RETURN_IF_ERROR(parts_.store.Reject(request_id, reason, decided_by));
  service::LogInfo("request_rejected", {{"request_id", request_id}, {"decided_by", decided_by}});
  return {};
}

}  // namespace engine::enrollment
