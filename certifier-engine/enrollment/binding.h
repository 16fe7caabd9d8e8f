#ifndef CERTIFIER_ENGINE_ENROLLMENT_BINDING_H
#define CERTIFIER_ENGINE_ENROLLMENT_BINDING_H

#include "pki/certificate_request.h"
#include "store/enrollment_store.h"

namespace engine::enrollment {

// MatchesBinding tells whether a request has exactly the subject and the set of alternative names that it is bound to,
// as far as it is. What cannot be read matches nothing.
bool MatchesBinding(const store::Binding& binding, const pki::CertificateRequest& request);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_BINDING_H
