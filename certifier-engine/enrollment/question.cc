#include "enrollment/question.h"

#include "pki/digest.h"

namespace engine::enrollment {

pki::Bytes SubjectKeyOf(const pki::CertificateRequest& request) {
  return pki::Digest(pki::DigestAlgorithm::kSha256, request.public_key().spki());
}

std::optional<store::ActivityQuery> QuestionOf(const policy::Needs& needs, std::optional<std::int64_t> entity_id) {
  store::ActivityQuery query;
  query.entity_id = entity_id;
  query.wants_certificates = entity_id && needs.active_certificates;
  query.recent_requests = entity_id ? needs.recent_requests : 0;
  query.wants_key_use = needs.key_use;
  if (!query.wants_certificates && query.recent_requests == 0 && !query.wants_key_use) return std::nullopt;
  return query;
}

void Apply(const store::Activity& activity, policy::EntityFacts* entity) {
  if (entity == nullptr) return;
  entity->active_certificates = activity.active_certificates;
  entity->recent_requests = activity.recent_requests;
}

}  // namespace engine::enrollment
