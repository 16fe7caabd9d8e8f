#ifndef CERTIFIER_ENGINE_POLICY_PATTERN_H
#define CERTIFIER_ENGINE_POLICY_PATTERN_H

#include <string>
#include <string_view>
#include <vector>

namespace engine::policy {

// MatchesPattern compares `text` with `pattern` without regard to ASCII case; "*" stands for any characters, none too.
// Time is linear in the product of the lengths.
bool MatchesPattern(std::string_view text, std::string_view pattern);

// IsPlain tells whether what a device calls itself is without "*" and control characters: who relies on its certificate
// may take the one for a wildcard, and the name to end at the other.
bool IsPlain(std::string_view name);
// MatchesOneOf tells whether a name that a device gave itself is plain and matches one of the patterns.
bool MatchesOneOf(std::string_view name, const std::vector<std::string>& patterns);

// EqualsIgnoringCase compares without regard to ASCII case; other characters are compared octet for octet.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_PATTERN_H
