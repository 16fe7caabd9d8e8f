#ifndef CERTIFIER_ENGINE_POLICY_MODULE_H
#define CERTIFIER_ENGINE_POLICY_MODULE_H

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "issuance/certificate_template.h"
#include "policy/facts.h"

namespace engine::policy {

enum class Verdict { kPass, kAccept, kHold, kDeny };

using ApprovalTerms = store::ApprovalTerms;

// Finding is what one module says. Anything but kPass ends the chain.
struct Finding {
  Verdict verdict = Verdict::kDeny;
  std::string saw;                    // In words, for the decision record; the device does not see it. No challenge.
  std::vector<std::string> changes;   // Of the template, "FIELD: value" each.
  ApprovalTerms terms;                // Of kHold.
  std::vector<std::int64_t> revokes;  // Certificates to revoke as superseded with the issue, if it comes to that.
};

inline Finding Say(Verdict verdict, std::string saw) {
  Finding finding;
  finding.verdict = verdict;
  finding.saw = std::move(saw);
  return finding;
}
inline Finding Pass(std::string saw) {
  return Say(Verdict::kPass, std::move(saw));
}
inline Finding Deny(std::string saw) {
  return Say(Verdict::kDeny, std::move(saw));
}
// Changed is a pass after the change that `change` describes.
inline Finding Changed(std::string saw, std::string change) {
  Finding finding = Pass(std::move(saw));
  finding.changes.push_back(std::move(change));
  return finding;
}

// Draft is the template as the chain has made it so far, and whether anybody vouches for the device: a valid key, a
// certificate of ours that entitles to a successor, or operators. What nobody vouches for no chain accepts.
struct Draft {
  issuance::CertificateTemplate certificate;
  bool is_vouched_for = false;
};

// Module is one step of a chain: it looks at the request and the draft, may change the draft, and says how to go on.
// Immutable, safe from any thread. It touches nothing else, so that a chain can be run dry; only a webhook talks to
// somebody, and says so.
class Module {
 public:
  virtual ~Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  virtual Finding Judge(const Facts& facts, Draft& draft) const = 0;

 protected:
  Module() = default;
};

using ModulePtr = std::unique_ptr<const Module>;

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_MODULE_H
