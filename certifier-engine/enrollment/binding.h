#ifndef CERTIFIER_ENGINE_ENROLLMENT_BINDING_H
#define CERTIFIER_ENGINE_ENROLLMENT_BINDING_H

#include "pki/certificate_request.h"
#include "store/enrollment_store.h"

namespace engine::enrollment {

// ReadBinding is what operators bind an entity or a key to: a subject in RFC 4514 form, or none, and at most 256 names
// as "kind:value", which it writes as they are compared. Malformed. ReadBoundNames is the latter alone.
result::Result<store::Binding> ReadBinding(const std::string& subject,
                                           const std::vector<std::string>& alternative_names);
result::Result<std::vector<std::string>> ReadBoundNames(const std::vector<std::string>& texts);

// MatchesBinding tells whether a request has exactly the subject and the set of alternative names that it is bound to,
// as far as it is. What cannot be read matches nothing.
bool MatchesBinding(const store::Binding& binding, const pki::CertificateRequest& request);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_BINDING_H
