#include <algorithm>

#include "policy/modules.h"

namespace engine::policy {

Finding SetValidity(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft) {
  draft.not_after = std::min(facts.now + policy.validity, facts.ca_not_after);
  if (draft.not_after <= facts.now) return Refuse("the CA's certificate has ended");
  return Continue();
}

}  // namespace engine::policy
