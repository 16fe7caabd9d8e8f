#ifndef CERTIFIER_ADMIN_SERVICE_WEB_PAGES_GRANT_MODELS_H
#define CERTIFIER_ADMIN_SERVICE_WEB_PAGES_GRANT_MODELS_H

#include "certifier/v1/operator.pb.h"
#include "web/templates.h"

namespace web {

// GrantModels are the operator's grants as people write them: {"text"} each.
Model GrantModels(const certifier::v1::Operator& one);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_PAGES_GRANT_MODELS_H
