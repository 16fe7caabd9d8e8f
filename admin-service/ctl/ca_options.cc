#include "ctl/ca_options.h"

#include <algorithm>
#include <charconv>

namespace ctl {

namespace {

using certifier::v1::CaOptions;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using result::Fail;
using result::Reason;

std::string Replaced(std::string text, char from, char to) {
  std::ranges::replace(text, from, to);
  return text;
}

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return text;
}

// WordOf is an enum's value without the name of the enum: "leaf-issuer".
std::string WordOf(const EnumValueDescriptor& value) {
  constexpr std::string_view kUnspecified = "UNSPECIFIED";
  const std::string& first = value.type()->value(0)->name();
  return Replaced(Lower(value.name().substr(first.size() - kUnspecified.size())), '_', '-');
}

std::string WordsOf(const FieldDescriptor& field) {
  std::string words;
  for (int i = 1; i < field.enum_type()->value_count(); i++) {
    words += (words.empty() ? "" : ", ") + WordOf(*field.enum_type()->value(i));
  }
  return words;
}

tl::unexpected<result::Error> Takes(const FieldDescriptor& field, const std::string& what) {
  return Fail(Reason::kMalformed, Replaced(field.name(), '_', '-') + " takes " + what);
}

result::Result<void> SetBool(CaOptions& options, const FieldDescriptor& field, const std::string& value) {
  const bool is_on = value == "on" || value == "true" || value == "yes";
  const bool is_off = value == "off" || value == "false" || value == "no";
  if (!is_on && !is_off) return Takes(field, "on or off");
  CaOptions::GetReflection()->SetBool(&options, &field, is_on);
  return {};
}

result::Result<void> SetNumber(CaOptions& options, const FieldDescriptor& field, const std::string& value) {
  std::uint32_t number = 0;
  const char* const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, number);
  if (value.empty() || read.ec != std::errc() || read.ptr != end) return Takes(field, "a number");
  CaOptions::GetReflection()->SetUInt32(&options, &field, number);
  return {};
}

result::Result<void> SetWord(CaOptions& options, const FieldDescriptor& field, const std::string& value) {
  const std::string word = Replaced(Replaced(Lower(value), '_', '-'), '+', '-');
  for (int i = 1; i < field.enum_type()->value_count(); i++) {
    const auto* const known = field.enum_type()->value(i);
    if (WordOf(*known) != word) continue;
    CaOptions::GetReflection()->SetEnum(&options, &field, known);
    return {};
  }
  return Takes(field, WordsOf(field));
}

result::Result<const FieldDescriptor*> FieldOf(const std::string& name) {
  const auto* const descriptor = CaOptions::GetDescriptor();
  const auto* const field = descriptor->FindFieldByName(Replaced(Lower(name), '-', '_'));
  if (field != nullptr) return field;
  std::string names;
  for (int i = 0; i < descriptor->field_count(); i++) {
    names += (i == 0 ? "" : ", ") + Replaced(descriptor->field(i)->name(), '_', '-');
  }
  return Fail(Reason::kMalformed, "no option is named so; they are " + names);
}

std::string TextOf(const CaOptions& options, const FieldDescriptor& field) {
  const auto* const reflection = CaOptions::GetReflection();
  const auto type = field.cpp_type();
  if (type == FieldDescriptor::CPPTYPE_BOOL) return reflection->GetBool(options, &field) ? "on" : "off";
  if (type == FieldDescriptor::CPPTYPE_UINT32) return std::to_string(reflection->GetUInt32(options, &field));
  if (type == FieldDescriptor::CPPTYPE_ENUM) return WordOf(*reflection->GetEnum(options, &field));
  return reflection->GetString(options, &field);
}

}  // namespace

result::Result<void> SetOption(CaOptions& options, const std::string& assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string::npos) return Fail(Reason::kMalformed, "an option is set as NAME=VALUE");
  ASSIGN_OR_RETURN(const FieldDescriptor* const field, FieldOf(assignment.substr(0, equals)));
  const std::string value = assignment.substr(equals + 1);
  const auto type = field->cpp_type();
  if (type == FieldDescriptor::CPPTYPE_BOOL) return SetBool(options, *field, value);
  if (type == FieldDescriptor::CPPTYPE_UINT32) return SetNumber(options, *field, value);
  if (type == FieldDescriptor::CPPTYPE_ENUM) return SetWord(options, *field, value);
  CaOptions::GetReflection()->SetString(&options, field, value);
  return {};
}

result::Result<std::string> OptionName(const std::string& name) {
  ASSIGN_OR_RETURN(const FieldDescriptor* const field, FieldOf(name));
  return field->name();
}

std::vector<std::pair<std::string, std::string>> OptionTexts(const CaOptions& options) {
  std::vector<const FieldDescriptor*> fields;
  CaOptions::GetReflection()->ListFields(options, &fields);
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto* const field : fields) {
    texts.emplace_back(Replaced(field->name(), '_', '-'), TextOf(options, *field));
  }
  return texts;
}

}  // namespace ctl
