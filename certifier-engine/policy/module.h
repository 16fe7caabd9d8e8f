#ifndef CERTIFIER_ENGINE_POLICY_MODULE_H
#define CERTIFIER_ENGINE_POLICY_MODULE_H

#include <optional>
#include <string>
#include <vector>

#include "clock.h"
#include "issuance/certificate_template.h"
#include "pki/certificate_request.h"
#include "policy/policy.h"

namespace engine::policy {

// Voucher is what a valid pre-shared key says of the device that brought it, or, in a renewal, its present certificate.
struct Voucher {
  std::string entity;                                // Empty: none is known, in a renewal.
  std::string bound_subject;                         // RFC 4514; empty: none.
  std::vector<std::string> bound_alternative_names;  // "kind:value"; empty: none.
  bool is_renewal = false;
};

// RequestFacts is what a chain may look at. It borrows the request for the length of one evaluation.
struct RequestFacts {
  const pki::CertificateRequest& request;
  const std::optional<Voucher>& voucher;  // Nothing: nobody vouches.
  std::int64_t ca_id = 0;
  TimePoint ca_not_after;
  TimePoint now;
};

// Finding is what one module says. Anything but kContinue ends the chain.
struct Finding {
  enum class Kind { kContinue, kAccept, kHold, kRefuse };
  Kind kind = Kind::kContinue;
  std::string reason;  // For the log; the device does not see it.
};

inline Finding Continue() {
  return {};
}
inline Finding Refuse(std::string reason) {
  return {Finding::Kind::kRefuse, std::move(reason)};
}

// Module is one step of a chain: it looks at the request, writes its part of the certificate and says how to go on. It
// holds no state and touches nothing else, so that a chain can be run dry.
struct Module {
  std::string_view name;
  Finding (*judge)(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft);
};

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_MODULE_H
