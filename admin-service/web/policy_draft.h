#ifndef CERTIFIER_ADMIN_SERVICE_WEB_POLICY_DRAFT_H
#define CERTIFIER_ADMIN_SERVICE_WEB_POLICY_DRAFT_H

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "certifier/v1/policy_document.pb.h"
#include "result/result.h"
#include "web/http_message.h"

namespace web {

// The chains of a policy, as documents name them, and when each runs.
struct ChainKind {
  const char* name;
  const char* when;
  bool is_optional;
};
inline constexpr std::array<ChainKind, 4> kChainKinds = {{
    {"receive_request", "when a request arrives", false},
    {"accept_request", "before the certificate is made", false},
    {"view_request", "when an operator opens a request", true},
    {"update_request", "when an operator's edit is saved", true},
}};

// DraftModule is a module as a form has it: nothing of it need be right.
struct DraftModule {
  std::string name;
  std::string note;
  // YAML: the module's own parameters, and the map from_attributes.
  std::string parameters, from_attributes;
};

// PolicyDraft is a policy that somebody edits. The form holds all of it, so that nothing is kept between two requests.
class PolicyDraft {
 public:
  explicit PolicyDraft(const certifier::v1::Policy& policy);
  // FromForm reads the fields "description" and, of each chain, CHAIN.module, CHAIN.note, CHAIN.parameters and
  // CHAIN.from_attributes, once for each module; an optional chain is there where the field CHAIN is.
  static PolicyDraft FromForm(const std::string& name, const Request& form);

  // Carry does what a button says: "up CHAIN NUMBER", "down CHAIN NUMBER", "remove CHAIN NUMBER" (from 1), or "add
  // CHAIN" with the module's name in `module`, or "begin CHAIN" and "end CHAIN" of an optional one. What it cannot be
  // is passed over.
  void Carry(const std::string& action, const std::string& module);

  // ToPolicy is the document. Malformed, with the chain, the module and the line.
  result::Result<certifier::v1::Policy> ToPolicy() const;

  const std::string& description() const { return description_; }
  // Nothing where an optional chain is absent.
  const std::optional<std::vector<DraftModule>>& chain(const std::string& name) const { return chains_.at(name); }

 private:
  PolicyDraft() = default;
  std::string name_, description_;
  std::map<std::string, std::optional<std::vector<DraftModule>>> chains_;
};

// ModuleNames are the modules that there are, by name.
std::vector<std::string> ModuleNames();

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_POLICY_DRAFT_H
