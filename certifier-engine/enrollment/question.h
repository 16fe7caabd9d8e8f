#ifndef CERTIFIER_ENGINE_ENROLLMENT_QUESTION_H
#define CERTIFIER_ENGINE_ENROLLMENT_QUESTION_H

#include <optional>

#include "pki/certificate_request.h"
#include "policy/policy.h"
#include "store/activity.h"

namespace engine::enrollment {

// SubjectKeyOf is the SHA-256 of the PKCS#10's SubjectPublicKeyInfo.
pki::Bytes SubjectKeyOf(const pki::CertificateRequest& request);

// QuestionOf is what a policy must know of earlier requests before it judges one for that entity, if it is for any. The
// rest of the query is the caller's. Nothing where there is nothing to know.
std::optional<store::ActivityQuery> QuestionOf(const policy::Needs& needs, std::optional<std::int64_t> entity_id);

// Apply puts the answer where the chains look. `entity` may be null.
void Apply(const store::Activity& activity, policy::EntityFacts* entity);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_QUESTION_H
