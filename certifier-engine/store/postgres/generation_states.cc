#include "store/postgres/generation_states.h"

#include <array>
#include <string>
#include <utility>

namespace engine::store {

namespace {

template <class Value>
using Texts = std::array<std::pair<Value, std::string_view>, 3>;

constexpr Texts<GenerationState> kStates = {
    {{GenerationState::kNext, "next"}, {GenerationState::kActive, "active"}, {GenerationState::kRetired, "retired"}}};
constexpr Texts<RegistrationAuthorityMode> kModes = {{{RegistrationAuthorityMode::kCombined, "combined"},
                                                      {RegistrationAuthorityMode::kSplit, "split"},
                                                      {RegistrationAuthorityMode::kNone, "none"}}};
constexpr Texts<RegistrationAuthorityState> kAuthorityStates = {{{RegistrationAuthorityState::kNext, "next"},
                                                                 {RegistrationAuthorityState::kCurrent, "current"},
                                                                 {RegistrationAuthorityState::kRetired, "retired"}}};
constexpr Texts<RegistrationAuthorityUsage> kUsages = {{{RegistrationAuthorityUsage::kCombined, "combined"},
                                                        {RegistrationAuthorityUsage::kSigning, "signing"},
                                                        {RegistrationAuthorityUsage::kEncryption, "encryption"}}};

template <class Value>
std::string_view TextOf(const Texts<Value>& texts, Value value) {
  for (const auto& [known, text] : texts) {
    if (known == value) return text;
  }
  return {};
}

template <class Value>
Result<Value> ValueOf(const Texts<Value>& texts, std::string_view text) {
  for (const auto& [value, known] : texts) {
    if (known == text) return value;
  }
  return result::Fail(result::Reason::kInternal, "the database says " + std::string(text));
}

}  // namespace

std::string_view ToText(GenerationState state) {
  return TextOf(kStates, state);
}
Result<GenerationState> GenerationStateFromText(std::string_view text) {
  return ValueOf(kStates, text);
}

std::string_view ToText(RegistrationAuthorityMode mode) {
  return TextOf(kModes, mode);
}
Result<RegistrationAuthorityMode> ModeFromText(std::string_view text) {
  return ValueOf(kModes, text);
}

std::string_view ToText(RegistrationAuthorityState state) {
  return TextOf(kAuthorityStates, state);
}
Result<RegistrationAuthorityState> RegistrationAuthorityStateFromText(std::string_view text) {
  return ValueOf(kAuthorityStates, text);
}

std::string_view ToText(RegistrationAuthorityUsage usage) {
  return TextOf(kUsages, usage);
}
Result<RegistrationAuthorityUsage> UsageFromText(std::string_view text) {
  return ValueOf(kUsages, text);
}

}  // namespace engine::store
