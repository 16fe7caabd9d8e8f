#include <algorithm>

#include "policy/modules.h"
#include "policy/name_set.h"
#include "policy/placeholders.h"

namespace engine::policy {

namespace {

constexpr int kMostNames = 64;
constexpr std::size_t kMostOctets = 1000, kMostInTemplate = 256;

// RFC 3986 section 2.1.
std::string PercentEncoded(std::string_view value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char octet : value) {
    if (kUnreserved.find(octet) != std::string_view::npos) {
      encoded += octet;
    } else {
      encoded += {'%', kDigits[static_cast<unsigned char>(octet) >> 4], kDigits[octet & 0xf]};
    }
  }
  return encoded;
}

// What a device chose stays one part of a URI; an operator may have chosen several.
Escape EscapeFor(std::string_view text) {
  const bool is_uri = text.starts_with("uri:");
  return [is_uri](std::string_view value, Chooser chooser) {
    return is_uri && chooser == Chooser::kDevice ? PercentEncoded(value) : std::string(value);
  };
}

class SetAlternativeNames final : public Module {
 public:
  SetAlternativeNames(std::vector<std::string> names, bool keep_requested)
      : names_(std::move(names)), keep_requested_(keep_requested) {}

  Finding Judge(const Facts& facts, Draft& draft) const override {
    std::vector<pki::GeneralName> names;
    if (keep_requested_) names = draft.certificate.alternative_names;
    Finding finding = Pass(std::to_string(draft.certificate.alternative_names.size()) +
                           (keep_requested_ ? " alternative names stay" : " alternative names go"));
    for (const auto& text : names_) {
      const auto expanded = Expand(text, facts, draft.certificate, EscapeFor(text));
      if (!expanded) return Deny(expanded.error().detail);
      auto name = pki::ParseGeneralName(*expanded);
      if (!name) return Deny("\"" + text + "\" makes no alternative name: " + name.error().detail);
      if (!IsOfItsKind(*name)) return Deny("\"" + text + "\" makes no name of its kind");
      if (std::ranges::find(names, *name) != names.end()) continue;
      finding.changes.push_back("alternative_names: " + pki::ToString(*name));
      names.push_back(*std::move(name));
    }
    // As many as pki reads from a stored template.
    if (names.size() > kMostInTemplate) return Deny("the template would have more than 256 alternative names");
    draft.certificate.alternative_names = std::move(names);
    return finding;
  }

 private:
  const std::vector<std::string> names_;
  const bool keep_requested_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::SetAlternativeNames& parameters, Faults& faults) {
  faults.Require(parameters.names_size() <= kMostNames, "names has more than 64 entries");
  std::vector<std::string> names;
  for (const auto& name : parameters.names()) {
    CheckPlaceholders(name, "names", faults);
    const bool has_kind =
        name.starts_with("dns:") || name.starts_with("ip:") || name.starts_with("email:") || name.starts_with("uri:");
    faults.Require(has_kind && name.size() <= kMostOctets, "names: \"" + name + "\" is not KIND:VALUE");
    names.push_back(name);
  }
  return std::make_unique<SetAlternativeNames>(std::move(names), parameters.keep_requested());
}

}  // namespace engine::policy
