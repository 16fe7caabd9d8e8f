#ifndef CERTIFIER_ADMIN_SERVICE_WEB_PAGES_DECISION_MODEL_H
#define CERTIFIER_ADMIN_SERVICE_WEB_PAGES_DECISION_MODEL_H

#include "certifier/v1/request.pb.h"
#include "web/templates.h"

namespace web {

// DecisionModel is a decision for the template "_decision": all of it, in plain words too, and what to do about it.
Model DecisionModel(const certifier::v1::DecisionRecord& decision);

// DecisionModels are all that an answer explains.
Model DecisionModels(const certifier::v1::ExplainRequestResponse& answer);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_PAGES_DECISION_MODEL_H
