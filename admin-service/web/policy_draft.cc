#include "web/policy_draft.h"

#include <google/protobuf/map_field.h>

#include <algorithm>
#include <sstream>

#include "ctl/yaml_printer.h"
#include "ctl/yaml_reader.h"
#include "web/form_values.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using google::protobuf::FieldDescriptor;
using Modules = std::vector<DraftModule>;

const google::protobuf::OneofDescriptor& Kinds() {
  return *v1::Module::descriptor()->FindOneofByName("kind");
}

const FieldDescriptor* KindNamed(const std::string& name) {
  const FieldDescriptor* field = v1::Module::descriptor()->FindFieldByName(name);
  return field != nullptr && field->containing_oneof() == &Kinds() ? field : nullptr;
}

std::string Yaml(const google::protobuf::Message& message) {
  const std::string yaml = ctl::PrintYaml(message);
  return yaml == "{}\n" ? "" : yaml;
}

// from_attributes alone, as the lines of a map.
std::string AttributesYaml(const v1::Module& module) {
  std::map<std::string, std::string> sorted(module.from_attributes().begin(), module.from_attributes().end());
  std::string yaml;
  for (const auto& [parameter, attribute] : sorted) yaml += parameter + ": " + attribute + "\n";
  return yaml;
}

DraftModule DraftOf(const v1::Module& module) {
  const auto& reflection = *v1::Module::GetReflection();
  const FieldDescriptor* const field = reflection.GetOneofFieldDescriptor(module, &Kinds());
  if (field == nullptr) return {};
  return {field->name(), module.note(), Yaml(reflection.GetMessage(module, field)), AttributesYaml(module)};
}

// Browsers end lines with CRLF.
std::vector<std::string> ValuesOf(const Request& form, const std::string& name) {
  std::vector<std::string> values;
  const auto [first, last] = form.parameters.equal_range(name);
  for (auto one = first; one != last; ++one) std::erase(values.emplace_back(one->second), '\r');
  return values;
}

result::Result<void> SetAttributes(const std::string& text, v1::Module& module) {
  for (const std::string& line : LinesOf(text)) {
    const auto colon = line.find(':');
    const auto value = colon == std::string::npos ? colon : line.find_first_not_of(' ', colon + 1);
    if (colon == 0 || value == std::string::npos) {
      return result::Fail(result::Reason::kMalformed, "attributes are lines PARAMETER: ATTRIBUTE");
    }
    (*module.mutable_from_attributes())[line.substr(0, colon)] = line.substr(value);
  }
  return {};
}

result::Result<v1::Module> ModuleOf(const DraftModule& draft) {
  const FieldDescriptor* const kind = KindNamed(draft.name);
  if (kind == nullptr) return result::Fail(result::Reason::kMalformed, "there is no such module");
  v1::Module module;
  module.set_note(draft.note);
  RETURN_IF_ERROR(SetAttributes(draft.from_attributes, module));
  auto& parameters = *v1::Module::GetReflection()->MutableMessage(&module, kind);
  if (LinesOf(draft.parameters).empty()) return module;
  RETURN_IF_ERROR(ctl::ParseYaml(draft.parameters, parameters));
  return module;
}

v1::PolicyChain& ChainOf(v1::Policy& policy, const std::string& name) {
  const FieldDescriptor* const field = v1::Policy::descriptor()->FindFieldByName(name);
  return static_cast<v1::PolicyChain&>(*v1::Policy::GetReflection()->MutableMessage(&policy, field));
}

}  // namespace

PolicyDraft::PolicyDraft(const v1::Policy& policy) : name_(policy.name()), description_(policy.description()) {
  const auto& reflection = *v1::Policy::GetReflection();
  for (const ChainKind& kind : kChainKinds) {
    const FieldDescriptor* const field = v1::Policy::descriptor()->FindFieldByName(kind.name);
    auto& chain = chains_[kind.name];
    if (kind.is_optional && !reflection.HasField(policy, field)) continue;
    chain.emplace();
    const auto& modules = static_cast<const v1::PolicyChain&>(reflection.GetMessage(policy, field));
    for (const v1::Module& module : modules.modules()) chain->push_back(DraftOf(module));
  }
}

PolicyDraft PolicyDraft::FromForm(const std::string& name, const Request& form) {
  PolicyDraft draft;
  draft.name_ = name;
  draft.description_ = form.Parameter("description");
  for (const ChainKind& kind : kChainKinds) {
    const std::string chain_name = kind.name;
    auto& chain = draft.chains_[chain_name];
    if (kind.is_optional && form.Parameter(chain_name).empty()) continue;
    chain.emplace();
    const auto names = ValuesOf(form, chain_name + ".module"), notes = ValuesOf(form, chain_name + ".note"),
               parameters = ValuesOf(form, chain_name + ".parameters"),
               attributes = ValuesOf(form, chain_name + ".from_attributes");
    const std::size_t count = std::min({names.size(), notes.size(), parameters.size(), attributes.size()});
    for (std::size_t i = 0; i < count; ++i) chain->push_back({names[i], notes[i], parameters[i], attributes[i]});
  }
  return draft;
}

void PolicyDraft::Carry(const std::string& action, const std::string& module) {
  std::istringstream words(action);
  std::string verb, name;
  std::size_t number = 0;
  words >> verb >> name >> number;
  const auto found = chains_.find(name);
  if (found == chains_.end()) return;
  auto& chain = found->second;
  const auto* const kind =
      std::ranges::find(kChainKinds, name, [](const ChainKind& one) { return std::string(one.name); });
  if (verb == "begin" && !chain) chain.emplace();
  if (verb == "end" && kind->is_optional) chain.reset();
  if (!chain) return;
  if (verb == "add" && KindNamed(module) != nullptr) chain->push_back({module, "", "", ""});
  if (number == 0 || number > chain->size()) return;
  const auto at = chain->begin() + static_cast<std::ptrdiff_t>(number - 1);
  if (verb == "remove") chain->erase(at);
  if (verb == "up" && number > 1) std::iter_swap(at, at - 1);
  if (verb == "down" && number < chain->size()) std::iter_swap(at, at + 1);
}

result::Result<v1::Policy> PolicyDraft::ToPolicy() const {
  v1::Policy policy;
  policy.set_name(name_);
  policy.set_description(description_);
  for (const ChainKind& kind : kChainKinds) {
    const auto& chain = chains_.at(kind.name);
    if (!chain) continue;
    auto& modules = ChainOf(policy, kind.name);
    for (std::size_t i = 0; i < chain->size(); ++i) {
      auto module = ModuleOf((*chain)[i]);
      if (!module) {
        return result::Wrap(
            std::string(kind.name) + ", module " + std::to_string(i + 1) + " (" + (*chain)[i].name + ")",
            std::move(module).error());
      }
      *modules.add_modules() = *std::move(module);
    }
  }
  return policy;
}

std::vector<std::string> ModuleNames() {
  std::vector<std::string> names;
  for (int i = 0; i < Kinds().field_count(); ++i) names.push_back(Kinds().field(i)->name());
  std::ranges::sort(names);
  return names;
}

}  // namespace web
