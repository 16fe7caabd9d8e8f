#include "policy/modules.h"
#include "policy/placeholders.h"

namespace engine::policy {

namespace {

constexpr std::size_t kMostOctets = 1000;

class SetSubject final : public Module {
 public:
  explicit SetSubject(std::string subject) : subject_(std::move(subject)) {}

  Finding Judge(const Facts& facts, Draft& draft) const override {
    const auto text = Expand(subject_, facts, draft.certificate,
                             [](std::string_view value, Chooser) { return pki::EscapeNameValue(value); });
    if (!text) return Deny(text.error().detail);
    auto subject = pki::Name::FromString(*text);
    if (!subject) return Deny("the subject that was made cannot be one: " + subject.error().detail);
    std::string saw = "the subject was " + draft.certificate.subject.ToString();
    draft.certificate.subject = *std::move(subject);
    return Changed(std::move(saw), "subject: " + draft.certificate.subject.ToString());
  }

 private:
  const std::string subject_;
};

// A document whose text is no name whatever the placeholders stand for is refused when it is applied.
void CheckSubject(const std::string& text, Faults& faults) {
  CheckPlaceholders(text, "subject", faults);
  std::string example;
  for (std::size_t at = 0; at < text.size();) {
    const bool is_placeholder = text.compare(at, 2, "${") == 0 && text.find('}', at) != std::string::npos;
    example += is_placeholder ? 'x' : text[at];
    at = is_placeholder ? text.find('}', at) + 1 : at + 1;
  }
  const auto subject = pki::Name::FromString(example);
  faults.Require(subject && !subject->is_empty(), "subject is no name in RFC 4514 form");
}

}  // namespace

ModulePtr MakeModule(const certifier::v1::SetSubject& parameters, Faults& faults) {
  faults.Require(parameters.subject().size() <= kMostOctets, "subject has more than 1000 octets");
  CheckSubject(parameters.subject(), faults);
  return std::make_unique<SetSubject>(parameters.subject());
}

}  // namespace engine::policy
