#ifndef CERTIFIER_ENGINE_POLICY_CHAIN_H
#define CERTIFIER_ENGINE_POLICY_CHAIN_H

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "policy/module.h"

namespace engine::policy {

// Step is what one module of a chain made of a request, or one of the checks that come before every chain.
struct Step {
  std::string_view chain;  // Empty for a check.
  std::uint32_t position = 0;
  std::string_view module;
  Verdict verdict = Verdict::kDeny;
  std::string saw;  // Of this and of each change, at most the first 1000 octets.
  std::vector<std::string> changes;
  std::chrono::nanoseconds duration{0};
};

// Conclusion is what a chain came to: never kPass.
struct Conclusion {
  Verdict verdict = Verdict::kDeny;
  std::string reason;   // "MODULE: why".
  ApprovalTerms terms;  // Of all modules that asked for approvals, also of those that a hold kept from running.
  std::vector<std::int64_t> revokes;
};

// Chain is modules in order. Immutable.
class Chain {
 public:
  struct Link {
    std::string_view name;  // Of the module; of a static string.
    ModulePtr module;
  };
  Chain() = default;
  // `name` is a static string: "receive_request" ...
  Chain(std::string_view name, std::vector<Link> links) : name_(name), links_(std::move(links)) {}

  // Run goes through the modules until one does not pass, and adds a step for each to `steps`. Falling off the end
  // denies, and so does an accept where nobody vouches for the device. A hold whose terms the approvals fulfil is a
  // pass.
  Conclusion Run(const Facts& facts, Draft& draft, std::vector<Step>& steps) const;

 private:
  void AddLaterTerms(std::size_t held_at, const Facts& facts, const Draft& draft, ApprovalTerms& terms) const;

  std::string_view name_;
  std::vector<Link> links_;
};

// MissingFrom says in words what of the terms the approvals leave open: so many different operators, one of each group
// among them, and one who did not make `key`, the request's if it has one. Empty: they are fulfilled.
std::string MissingFrom(const ApprovalTerms& terms, const std::vector<Approval>& approvals, const KeyFacts* key);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_CHAIN_H
