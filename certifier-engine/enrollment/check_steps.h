#ifndef CERTIFIER_ENGINE_ENROLLMENT_CHECK_STEPS_H
#define CERTIFIER_ENGINE_ENROLLMENT_CHECK_STEPS_H

#include <string_view>
#include <vector>

#include "pki/certificate_request.h"
#include "policy/chain.h"
#include "store/enrollment_store.h"

namespace engine::enrollment {

// CheckSteps are what the checks before every chain looked at, in words, for the decision record: the pre-shared key
// that was brought, what it and its entity are bound to, and the certificate of ours that signed. `fault` is the one
// that refused; empty: none did.
std::vector<policy::Step> CheckSteps(const pki::CertificateRequest& request, bool has_challenge,
                                     const store::EnrollmentFacts& facts, std::string_view fault);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_CHECK_STEPS_H
