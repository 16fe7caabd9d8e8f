#include "policy/pattern.h"

#include <algorithm>
#include <cstddef>

namespace engine::policy {

namespace {

char Lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

}  // namespace

bool MatchesPattern(std::string_view text, std::string_view pattern) {
  std::size_t at = 0, in_pattern = 0;
  // Where to go on after a mismatch: behind the last star, one character of text further.
  std::size_t star = std::string_view::npos, star_text = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      star_text = at;
    } else if (in_pattern < pattern.size() && Lower(pattern[in_pattern]) == Lower(text[at])) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

bool IsPlain(std::string_view name) {
  return std::ranges::all_of(
      name, [](char octet) { return octet != '*' && static_cast<unsigned char>(octet) >= 0x20 && octet != 0x7f; });
}

bool MatchesOneOf(std::string_view name, const std::vector<std::string>& patterns) {
  return IsPlain(name) &&
         std::ranges::any_of(patterns, [&](const auto& pattern) { return MatchesPattern(name, pattern); });
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return Lower(x) == Lower(y); });
}

}  // namespace engine::policy
