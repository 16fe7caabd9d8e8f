#ifndef CERTIFIER_ENGINE_POLICY_PLACEHOLDERS_H
#define CERTIFIER_ENGINE_POLICY_PLACEHOLDERS_H

#include <functional>
#include <string>
#include <string_view>

#include "policy/faults.h"
#include "policy/module.h"

namespace engine::policy {

// FindAttribute finds an attribute of the request's key, or else of its entity; null where neither has it.
const std::string* FindAttribute(const Facts& facts, std::string_view name);

// CheckPlaceholders says what is wrong with the placeholders of `text`, which certifier.v1.SetSubject lists.
void CheckPlaceholders(std::string_view text, std::string_view parameter, Faults& faults);

// Chooser is whose words a placeholder stands for: the subject's are the device's.
enum class Chooser { kDevice, kOperator };

// Expand puts what they stand for in the place of the placeholders, each through `escape`. Policy refused where one
// stands for nothing, or where a device chose a "*" or a control character, which could make more of a name than the
// text says; the detail names it.
using Escape = std::function<std::string(std::string_view value, Chooser chooser)>;
result::Result<std::string> Expand(std::string_view text, const Facts& facts,
                                   const issuance::CertificateTemplate& draft, const Escape& escape);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_PLACEHOLDERS_H
