#ifndef CERTIFIER_ENGINE_POLICY_TEXT_H
#define CERTIFIER_ENGINE_POLICY_TEXT_H

#include <string>
#include <string_view>
#include <vector>

#include "clock.h"
#include "policy/module.h"

// Words for decision records.
namespace engine::policy {

// TimeText writes UTC to the second: "2026-11-24T10:00:00Z".
std::string TimeText(TimePoint time);
// ToString names a verdict: "pass", "accept", "hold", "deny".
std::string ToString(Verdict verdict);
// Joined writes "a, b, c".
std::string Joined(const std::vector<std::string>& texts);
// Excerpt is the beginning of somebody else's UTF-8: whole characters in at most `most_octets`, a space for each
// control character of ASCII, which neither logs nor the database take.
std::string Excerpt(std::string_view text, std::size_t most_octets);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_TEXT_H
