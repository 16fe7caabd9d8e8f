#ifndef CERTIFIER_ENGINE_POLICY_PARAMETERISED_MODULE_H
#define CERTIFIER_ENGINE_POLICY_PARAMETERISED_MODULE_H

#include "certifier/v1/policy_document.pb.h"
#include "policy/faults.h"
#include "policy/module.h"

namespace engine::policy {

// SetParameter puts `text` into a parameter of the module that `document` holds: a number, "true" or "false", a name of
// an enumerator without its prefix in any case, or text; a list is written with commas. False where there is no such
// parameter, or it takes no such value.
bool SetParameter(certifier::v1::Module& document, const std::string& parameter, const std::string& text);

// MakeParameterised wraps `module`, which is what `document` says by itself: it judges with the parameters that
// from_attributes finds on the key or the entity. A parameter that the module does not have is a fault.
ModulePtr MakeParameterised(const certifier::v1::Module& document, ModulePtr module, Faults& faults);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_PARAMETERISED_MODULE_H
