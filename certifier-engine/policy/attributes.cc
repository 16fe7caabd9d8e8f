#include "policy/attributes.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "authority/object_name.h"

namespace engine::policy {

namespace {

using nlohmann::json;
using result::Reason;

constexpr std::size_t kMostValueOctets = 1000;

bool IsUtf8(const std::string& text) {
  try {
    static_cast<void>(json(text).dump());
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

bool IsControl(char octet) {
  return static_cast<unsigned char>(octet) < 0x20 || octet == 0x7f;
}

tl::unexpected<result::Error> BadName() {
  return result::Fail(Reason::kMalformed, "an attribute's name is 1 to 64 characters of [A-Za-z0-9._-]");
}

tl::unexpected<result::Error> TooMany() {
  return result::Fail(Reason::kMalformed, "there are more than 64 attributes");
}

}  // namespace

result::Result<Attributes> ReadAttributes(std::string_view text) {
  Attributes attributes;
  if (text.empty()) return attributes;
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object()) return result::Fail(Reason::kMalformed, "attributes are no JSON object");
  for (const auto& [name, value] : document.items()) {
    if (!value.is_string()) return result::Fail(Reason::kMalformed, "attribute " + name + " is no text");
    attributes.emplace(name, value.get<std::string>());
  }
  return attributes;
}

std::string WriteAttributes(const Attributes& attributes) {
  return attributes.empty() ? std::string() : json(attributes).dump();
}

result::Result<void> CheckAttributes(const Attributes& attributes) {
  if (attributes.size() > kMostAttributes) return TooMany();
  for (const auto& [name, value] : attributes) {
    if (!authority::IsObjectName(name)) return BadName();
    const bool is_value =
        !value.empty() && value.size() <= kMostValueOctets && IsUtf8(value) && std::ranges::none_of(value, IsControl);
    if (!is_value) {
      return result::Fail(Reason::kMalformed, "attribute " + name + " is not 1 to 1000 octets of printable UTF-8");
    }
  }
  return {};
}

result::Result<void> CheckAttributeNames(const std::vector<std::string>& names) {
  if (names.size() > kMostAttributes) return TooMany();
  if (!std::ranges::all_of(names, authority::IsObjectName)) return BadName();
  return {};
}

}  // namespace engine::policy
