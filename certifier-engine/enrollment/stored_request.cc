#include "enrollment/stored_request.h"

#include "pki/digest.h"
#include "policy/attributes.h"

namespace engine::enrollment {

result::Result<pki::CertificateRequest> OpenRequest(const store::RequestRecord& record, const keys::Sealer& sealer) {
  ASSIGN_OR_RETURN(const pki::Secret der, sealer.Unseal(record.csr_sha256, record.sealed_csr));
  if (pki::Digest(pki::DigestAlgorithm::kSha256, der.Reveal()) != record.csr_sha256) {
    return result::Fail(result::Reason::kConflict, "the stored request is not the one that was shown");
  }
  return pki::CertificateRequest::Parse(der.Reveal());
}

std::shared_ptr<const authority::CertificationAuthority> CaOf(const authority::Snapshot& snapshot,
                                                              const store::RequestRecord& record) {
  if (record.ca_generation_id) {
    const auto next = snapshot.FindGeneration(*record.ca_generation_id);
    if (next && next->state == store::GenerationState::kNext) return next;
  }
  return snapshot.FindCa(record.ca_id);
}

result::Result<Vouchers> VouchersOf(const store::RequestRecord& record) {
  Vouchers vouchers;
  if (!record.entity.empty()) {
    ASSIGN_OR_RETURN(auto attributes, policy::ReadAttributes(record.entity_attributes));
    vouchers.entity = policy::EntityFacts{record.entity, std::move(attributes), {}, {}};
  }
  if (!record.reference_number.empty()) {
    ASSIGN_OR_RETURN(auto attributes, policy::ReadAttributes(record.key_attributes));
    vouchers.key = policy::KeyFacts{record.reference_number, std::move(attributes), record.key_makers};
  }
  return vouchers;
}

}  // namespace engine::enrollment
