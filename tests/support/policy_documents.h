#ifndef CERTIFIER_TESTS_SUPPORT_POLICY_DOCUMENTS_H
#define CERTIFIER_TESTS_SUPPORT_POLICY_DOCUMENTS_H

#include <string>

#include "certifier/v1/policy_document.pb.h"

namespace support {

// PolicyWish is what a test asks of a policy.
struct PolicyWish {
  std::string name = "default";
  certifier::v1::Verdict with_key = certifier::v1::VERDICT_ACCEPT;
  certifier::v1::Verdict without_key = certifier::v1::VERDICT_HOLD;
  certifier::v1::RequireSigner renewal = {};  // Its `then` unspecified: accept.
  std::uint32_t days = 90;
  bool subject_may_be_empty = false;
};

// PolicyDocument is such a policy: RSA and P-256 keys, any names, digital signature and key encipherment for clients.
certifier::v1::Policy PolicyDocument(const PolicyWish& wish);

}  // namespace support

#endif  // CERTIFIER_TESTS_SUPPORT_POLICY_DOCUMENTS_H
