#ifndef CERTIFIER_ENGINE_POLICY_CHAIN_H
#define CERTIFIER_ENGINE_POLICY_CHAIN_H

#include "issuance/authorization.h"
#include "policy/module.h"

namespace engine::policy {

// Verdict is what a chain came to. Accepted carries the authorization.
struct Verdict {
  enum class Kind { kAccept, kHold, kRefuse };
  Kind kind = Kind::kRefuse;
  std::string reason;  // "MODULE: why", for the log.
  std::optional<issuance::Authorization> authorization;
};

// Chain runs modules in order. Immutable.
class Chain {
 public:
  explicit Chain(std::vector<Module> modules) : modules_(std::move(modules)) {}
  // Standard is what every policy runs: content first, vouching last.
  static Chain Standard();
  // Content is the same without binding and vouching: what still holds when an operator vouches.
  static Chain Content();

  // Evaluate runs the modules until one accepts, holds or refuses. Falling off the end refuses.
  Verdict Evaluate(const Policy& policy, const RequestFacts& facts) const;

  // Draft runs the modules for their content alone. Policy refused, with the module's reason, unless all continue.
  result::Result<issuance::CertificateTemplate> Draft(const Policy& policy, const RequestFacts& facts) const;

 private:
  // Run returns the finding that ended the chain, kContinue if none did.
  Finding Run(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate& draft) const;
  std::vector<Module> modules_;
};

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_CHAIN_H
