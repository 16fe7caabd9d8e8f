#ifndef CERTIFIER_ENGINE_POLICY_PATTERN_H
#define CERTIFIER_ENGINE_POLICY_PATTERN_H

#include <string_view>

namespace engine::policy {

// MatchesPattern compares `text` with `pattern` without regard to ASCII case; "*" stands for any characters, none too.
// Time is linear in the product of the lengths.
bool MatchesPattern(std::string_view text, std::string_view pattern);

// EqualsIgnoringCase compares without regard to ASCII case; other characters are compared octet for octet.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_PATTERN_H
