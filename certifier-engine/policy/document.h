#ifndef CERTIFIER_ENGINE_POLICY_DOCUMENT_H
#define CERTIFIER_ENGINE_POLICY_DOCUMENT_H

#include <string>

#include "certifier/v1/policy_document.pb.h"
#include "policy/policy.h"

namespace engine::policy {

// The most requests of an entity that a request_rate_limit counts.
inline constexpr std::uint32_t kMostRecentRequests = 10'000;

// FromProto checks the document as a whole. Malformed: the detail names each fault, separated by "; ".
result::Result<Policy> FromProto(const certifier::v1::Policy& document);

// ToJson writes the document as it is stored, with proto field names. Internal if it cannot.
result::Result<std::string> ToJson(const certifier::v1::Policy& document);
// FromJson reads what ToJson wrote; an unknown field is malformed, since it might be a rule.
result::Result<certifier::v1::Policy> FromJson(const std::string& json);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_DOCUMENT_H
