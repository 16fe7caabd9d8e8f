#ifndef CERTIFIER_ADMIN_SERVICE_WEB_PAGES_POLICY_MODELS_H
#define CERTIFIER_ADMIN_SERVICE_WEB_PAGES_POLICY_MODELS_H

#include <string>

#include "certifier/v1/policy_document.pb.h"
#include "web/templates.h"

namespace web {

// PolicySide is one of two documents that are compared; one that says nothing is no line.
struct PolicySide {
  std::string name;
  const certifier::v1::Policy& policy;
};
// DiffModels are the lines of a comparison: {"text", "is_added", "is_removed"} each.
Model DiffModels(const PolicySide& before, const PolicySide& after);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_PAGES_POLICY_MODELS_H
