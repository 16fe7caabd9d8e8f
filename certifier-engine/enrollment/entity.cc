#include "enrollment/entity.h"

#include <algorithm>

namespace engine::enrollment {

namespace {

constexpr std::size_t kMostNameCharacters = 128, kMostDescriptionCharacters = 1000;

bool IsControl(char octet) {
  return (octet >= 0 && octet < 0x20) || octet == 0x7f;
}

// Protocol Buffers took the text for valid UTF-8 already, so characters are the octets that continue none.
std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char octet) { return (static_cast<unsigned char>(octet) & 0xc0u) != 0x80u; }));
}

}  // namespace

result::Result<void> CheckEntity(std::string_view name, std::string_view description) {
  if (name.empty() || CountCharacters(name) > kMostNameCharacters || std::ranges::any_of(name, IsControl)) {
    return result::Fail(result::Reason::kMalformed, "an entity's name is 1 to 128 printable characters");
  }
  return CheckDescription(description);
}

result::Result<void> CheckDescription(std::string_view description) {
  if (CountCharacters(description) > kMostDescriptionCharacters || description.find('\0') != std::string_view::npos) {
    return result::Fail(result::Reason::kMalformed, "a description has at most 1000 characters");
  }
  return {};
}

}  // namespace engine::enrollment
