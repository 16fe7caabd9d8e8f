#include "policy/parameterised_module.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "policy/modules.h"
#include "policy/placeholders.h"

namespace engine::policy {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t kMostAttributeName = 64;

// The message of the module that is set; null where none is.
Message* ParametersOf(certifier::v1::Module& document) {
  const auto* oneof = certifier::v1::Module::descriptor()->FindOneofByName("kind");
  const auto* field = document.GetReflection()->GetOneofFieldDescriptor(document, oneof);
  return field == nullptr ? nullptr : document.GetReflection()->MutableMessage(&document, field);
}

// Enumerators are named by what follows the prefix that they share with the one of 0: "hold" is VERDICT_HOLD.
const google::protobuf::EnumValueDescriptor* FindEnumerator(const FieldDescriptor& field, std::string text) {
  std::string prefix = field.enum_type()->FindValueByNumber(0)->name();
  prefix.resize(prefix.rfind('_') + 1);
  std::ranges::transform(text, text.begin(),
                         [](unsigned char octet) { return static_cast<char>(std::toupper(octet)); });
  for (int i = 0; i < field.enum_type()->value_count(); i++) {
    const auto* value = field.enum_type()->value(i);
    const bool is_named = value->name() == text || value->name() == prefix + text;
    if (is_named && value->number() != 0) return value;
  }
  return nullptr;
}

std::optional<std::uint32_t> ToNumber(const std::string& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool SetOne(Message& parameters, const FieldDescriptor& field, const std::string& text) {
  const auto* reflection = parameters.GetReflection();
  const auto type = field.cpp_type();
  if (type == FieldDescriptor::CPPTYPE_UINT32) {
    const auto number = ToNumber(text);
    if (number) reflection->SetUInt32(&parameters, &field, *number);
    return number.has_value();
  }
  if (type == FieldDescriptor::CPPTYPE_BOOL) {
    reflection->SetBool(&parameters, &field, text == "true");
    return text == "true" || text == "false";
  }
  if (type == FieldDescriptor::CPPTYPE_ENUM) {
    const auto* const value = FindEnumerator(field, text);
    if (value != nullptr) reflection->SetEnum(&parameters, &field, value);
    return value != nullptr;
  }
  if (type != FieldDescriptor::CPPTYPE_STRING) return false;
  reflection->SetString(&parameters, &field, text);
  return true;
}

// Only lists of text are parameters, and none is empty: an empty list of patterns would match anything.
bool SetList(Message& parameters, const FieldDescriptor& field, std::string_view text) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING || text.empty()) return false;
  parameters.GetReflection()->ClearField(&parameters, &field);
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    std::string_view entry = text.substr(0, comma);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    parameters.GetReflection()->AddString(&parameters, &field, std::string(entry));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return true;
}

const FieldDescriptor* FindParameter(const certifier::v1::Module& document, const std::string& parameter) {
  auto copy = document;
  const Message* const parameters = ParametersOf(copy);
  return parameters == nullptr ? nullptr : parameters->GetDescriptor()->FindFieldByName(parameter);
}

class ParameterisedModule final : public Module {
 public:
  ParameterisedModule(certifier::v1::Module document, ModulePtr module)
      : document_(std::move(document)), module_(std::move(module)) {}

  Finding Judge(const Facts& facts, Draft& draft) const override {
    std::optional<certifier::v1::Module> own;
    std::string saw;
    for (const auto& [parameter, attribute] : document_.from_attributes()) {
      const std::string* const value = FindAttribute(facts, attribute);
      if (value == nullptr) continue;
      if (!own) own = document_;
      if (!SetParameter(*own, parameter, *value)) return Deny("attribute " + attribute + " is no " + parameter);
      saw += (saw.empty() ? " (" : ", ") + parameter + " from attribute " + attribute;
    }
    if (!own) return module_->Judge(facts, draft);
    own->clear_from_attributes();
    Faults faults;
    const ModulePtr module = MakeModule(*own, faults);
    if (!faults.text().empty()) return Deny("by its attributes " + faults.text());
    Finding finding = module->Judge(facts, draft);
    finding.saw += saw + ")";
    return finding;
  }

 private:
  const certifier::v1::Module document_;
  const ModulePtr module_;
};

}  // namespace

bool SetParameter(certifier::v1::Module& document, const std::string& parameter, const std::string& text) {
  const FieldDescriptor* const field = FindParameter(document, parameter);
  if (field == nullptr) return false;
  Message* const parameters = ParametersOf(document);
  return field->is_repeated() ? SetList(*parameters, *field, text) : SetOne(*parameters, *field, text);
}

ModulePtr MakeParameterised(const certifier::v1::Module& document, ModulePtr module, Faults& faults) {
  for (const auto& [parameter, attribute] : document.from_attributes()) {
    const FieldDescriptor* const field = FindParameter(document, parameter);
    faults.Require(field != nullptr && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE,
                   "from_attributes: there is no parameter " + parameter + " that an attribute could be");
    faults.Require(!attribute.empty() && attribute.size() <= kMostAttributeName,
                   "from_attributes: the name of an attribute has 1 to 64 octets");
  }
  return std::make_unique<ParameterisedModule>(document, std::move(module));
}

}  // namespace engine::policy
