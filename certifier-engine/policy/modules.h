#ifndef CERTIFIER_ENGINE_POLICY_MODULES_H
#define CERTIFIER_ENGINE_POLICY_MODULES_H

#include "policy/module.h"

namespace engine::policy {

// The modules, one file each.

// JudgeKey takes RSA keys of the size allowed, with an exponent of 65537 or more, and the curves allowed.
Finding JudgeKey(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft);
// JudgeSubject takes the request's subject as it stands where the rule allows it.
Finding JudgeSubject(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft);
// JudgeAlternativeNames copies the request's alternative names where the rule allows every one of them.
Finding JudgeAlternativeNames(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft);
// JudgeBinding takes exactly the subject and the set of names that the key is bound to, if it is bound.
Finding JudgeBinding(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft);
// SetUsage writes key usage and extended key usage from the policy, less what the kind of key cannot do.
Finding SetUsage(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft);
// SetValidity writes the end of validity, cut at the CA's own.
Finding SetValidity(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft);
// JudgeVouching accepts, holds or refuses as the policy says for requests with and without a valid key.
Finding JudgeVouching(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_MODULES_H
