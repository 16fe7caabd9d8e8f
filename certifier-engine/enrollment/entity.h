#ifndef CERTIFIER_ENGINE_ENROLLMENT_ENTITY_H
#define CERTIFIER_ENGINE_ENROLLMENT_ENTITY_H

#include <string_view>

#include "result/result.h"

namespace engine::enrollment {

// CheckEntity says what is wrong with a new entity: its name is 1 to 128 characters of UTF-8 without control
// characters, its description at most 1000 of them, as CheckDescription says alone. Malformed.
result::Result<void> CheckEntity(std::string_view name, std::string_view description);
result::Result<void> CheckDescription(std::string_view description);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_ENTITY_H
