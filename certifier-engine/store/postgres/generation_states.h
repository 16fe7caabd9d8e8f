#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_GENERATION_STATES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_GENERATION_STATES_H

#include <string_view>

#include "store/administration_store.h"

// What the schema calls the states, modes and usages of a CA's keys. FromText: internal for a text that the schema does
// not allow.
namespace engine::store {

std::string_view ToText(GenerationState state);
Result<GenerationState> GenerationStateFromText(std::string_view text);

std::string_view ToText(RegistrationAuthorityMode mode);
Result<RegistrationAuthorityMode> ModeFromText(std::string_view text);

std::string_view ToText(RegistrationAuthorityState state);
Result<RegistrationAuthorityState> RegistrationAuthorityStateFromText(std::string_view text);

std::string_view ToText(RegistrationAuthorityUsage usage);
Result<RegistrationAuthorityUsage> UsageFromText(std::string_view text);

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_GENERATION_STATES_H
