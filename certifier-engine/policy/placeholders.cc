#include "policy/placeholders.h"

#include <algorithm>
#include <array>
#include <optional>

#include "policy/pattern.h"

namespace engine::policy {

namespace {

constexpr std::string_view kOpen = "${", kAttribute = "attribute.";
constexpr std::array<std::string_view, 4> kNames = {"entity", "common_name", "serial_number", "reference_number"};
constexpr std::size_t kMostValueOctets = 255;

// Cut takes the text before the next placeholder and its name from the front of `text`. The name is nothing where there
// is no further one, and empty where it does not end.
struct Part {
  std::string_view before;
  std::optional<std::string_view> name;
};
Part Cut(std::string_view& text) {
  const auto begin = text.find(kOpen);
  Part part = {text.substr(0, begin), std::nullopt};
  if (begin == std::string_view::npos) {
    text = {};
    return part;
  }
  const auto end = text.find('}', begin);
  const auto name_begin = begin + kOpen.size();
  part.name = end == std::string_view::npos ? std::string_view() : text.substr(name_begin, end - name_begin);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

std::optional<std::string> ValueOfType(const pki::Name& subject, std::string_view type) {
  const auto attributes = subject.Attributes();
  if (!attributes) return std::nullopt;
  const auto found = std::ranges::find(*attributes, type, &pki::NameAttribute::type);
  if (found == attributes->end()) return std::nullopt;
  return found->value;
}

Chooser ChooserOf(std::string_view name) {
  return name == "common_name" || name == "serial_number" ? Chooser::kDevice : Chooser::kOperator;
}

std::optional<std::string> ValueOf(std::string_view name, const Facts& facts, const pki::Name& subject) {
  if (name.starts_with(kAttribute)) {
    const std::string* const value = FindAttribute(facts, name.substr(kAttribute.size()));
    return value == nullptr ? std::nullopt : std::optional(*value);
  }
  if (name == "entity" && facts.entity != nullptr) return facts.entity->name;
  if (name == "reference_number" && facts.key != nullptr) return facts.key->reference_number;
  if (name == "common_name") return subject.CommonName();
  if (name == "serial_number") return ValueOfType(subject, "SERIALNUMBER");
  return std::nullopt;
}

}  // namespace

const std::string* FindAttribute(const Facts& facts, std::string_view name) {
  if (facts.key != nullptr) {
    const auto found = facts.key->attributes.find(name);
    if (found != facts.key->attributes.end()) return &found->second;
  }
  if (facts.entity == nullptr) return nullptr;
  const auto found = facts.entity->attributes.find(name);
  return found == facts.entity->attributes.end() ? nullptr : &found->second;
}

void CheckPlaceholders(std::string_view text, std::string_view parameter, Faults& faults) {
  while (!text.empty()) {
    const auto name = Cut(text).name;
    if (!name) return;
    const bool is_known = std::ranges::find(kNames, *name) != kNames.end() ||
                          (name->starts_with(kAttribute) && name->size() > kAttribute.size());
    faults.Require(is_known, std::string(parameter) + ": \"${" + std::string(*name) + "}\" is no placeholder");
  }
}

result::Result<std::string> Expand(std::string_view text, const Facts& facts,
                                   const issuance::CertificateTemplate& draft, const Escape& escape) {
  std::string expanded;
  while (!text.empty()) {
    const Part part = Cut(text);
    expanded += part.before;
    if (!part.name) break;
    const auto value = ValueOf(*part.name, facts, draft.subject);
    if (!value || value->empty() || value->size() > kMostValueOctets) {
      return result::Fail(result::Reason::kPolicyRefused,
                          "${" + std::string(*part.name) + "} stands for nothing, or for more than 255 octets");
    }
    const Chooser chooser = ChooserOf(*part.name);
    if (chooser == Chooser::kDevice && !IsPlain(*value)) {
      return result::Fail(result::Reason::kPolicyRefused,
                          "${" + std::string(*part.name) + "} stands for a \"*\" or a control character");
    }
    expanded += escape(*value, chooser);
  }
  return expanded;
}

}  // namespace engine::policy
