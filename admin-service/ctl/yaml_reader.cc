#include "ctl/yaml_reader.h"

#include <google/protobuf/descriptor.h>

#include <charconv>
#include <optional>

#include "ctl/json_printer.h"
#include "ctl/yaml_tree.h"

namespace ctl {

namespace {

namespace pb = google::protobuf;
using Kind = YamlNode::Kind;

auto Fault(const YamlNode& node, const std::string& what) {
  return result::Fail(result::Reason::kMalformed, "line " + std::to_string(node.line) + ": " + what);
}

result::Result<void> FillMessage(const YamlNode& node, pb::Message& message);

template <class Integer>
bool IsNumber(std::string_view text, Integer& number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

result::Result<int> EnumNumber(const YamlNode& node, const pb::EnumDescriptor& type) {
  std::string known;
  for (int i = 0; i < type.value_count(); ++i) {
    const pb::EnumValueDescriptor& value = *type.value(i);
    if (node.text == value.name() || node.text == EnumName(value)) return value.number();
    known += (known.empty() ? "" : ", ") + EnumName(value);
  }
  // As PrintYaml writes what only a newer engine knows.
  int number = 0;
  if (IsNumber(node.text, number) && type.FindValueByNumber(number) == nullptr) return number;
  return Fault(node, "'" + node.text + "' is none of " + known);
}

result::Result<bool> Boolean(const YamlNode& node, const pb::FieldDescriptor& field) {
  if (node.text == "true") return true;
  if (node.text == "false") return false;
  return Fault(node, field.name() + " is true or false");
}

template <class Integer>
result::Result<Integer> Number(const YamlNode& node, const pb::FieldDescriptor& field) {
  Integer number = 0;
  if (IsNumber(node.text, number)) return number;
  return Fault(node, field.name() + " is a number, and '" + node.text + "' is none that it may be");
}

// FieldSetter writes one value into a field: the only one, or one more where it is repeated.
class FieldSetter {
 public:
  FieldSetter(pb::Message& message, const pb::FieldDescriptor& field)
      : message_(message), field_(field), reflection_(*message.GetReflection()) {}

  result::Result<void> Set(const YamlNode& node) {
    if (field_.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      return FillMessage(node, *(field_.is_repeated() ? reflection_.AddMessage(&message_, &field_)
                                                      : reflection_.MutableMessage(&message_, &field_)));
    }
    if (node.kind == Kind::kNothing) return Fault(node, field_.name() + " has no value");
    if (node.kind != Kind::kScalar) return Fault(node, field_.name() + " is a single value");
    return SetScalar(node);
  }

 private:
  template <class Value>
  using Setter = void (pb::Reflection::*)(pb::Message*, const pb::FieldDescriptor*, Value) const;

  template <class Value>
  result::Result<void> Put(result::Result<Value> value, Setter<Value> set, Setter<Value> add) {
    if (!value) return tl::unexpected<result::Error>(std::move(value).error());
    (reflection_.*(field_.is_repeated() ? add : set))(&message_, &field_, *std::move(value));
    return {};
  }

  result::Result<void> SetScalar(const YamlNode& node) {
    using Reflection = pb::Reflection;
    switch (field_.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32:
        return Put(Number<std::int32_t>(node, field_), &Reflection::SetInt32, &Reflection::AddInt32);
      case pb::FieldDescriptor::CPPTYPE_INT64:
        return Put(Number<std::int64_t>(node, field_), &Reflection::SetInt64, &Reflection::AddInt64);
      case pb::FieldDescriptor::CPPTYPE_UINT32:
        return Put(Number<std::uint32_t>(node, field_), &Reflection::SetUInt32, &Reflection::AddUInt32);
      case pb::FieldDescriptor::CPPTYPE_UINT64:
        return Put(Number<std::uint64_t>(node, field_), &Reflection::SetUInt64, &Reflection::AddUInt64);
      case pb::FieldDescriptor::CPPTYPE_BOOL:
        return Put(Boolean(node, field_), &Reflection::SetBool, &Reflection::AddBool);
      case pb::FieldDescriptor::CPPTYPE_ENUM:
        return Put(EnumNumber(node, *field_.enum_type()), &Reflection::SetEnumValue, &Reflection::AddEnumValue);
      case pb::FieldDescriptor::CPPTYPE_STRING:
        if (field_.type() == pb::FieldDescriptor::TYPE_BYTES) break;
        return Put(result::Result<std::string>(node.text), &Reflection::SetString, &Reflection::AddString);
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      case pb::FieldDescriptor::CPPTYPE_FLOAT:
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        break;
    }
    return Fault(node, field_.name() + " cannot be written in YAML");
  }

  pb::Message& message_;
  const pb::FieldDescriptor& field_;
  const pb::Reflection& reflection_;
};

// Our maps are from text to text.
result::Result<void> FillMap(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& message) {
  if (node.kind != Kind::kMap) return Fault(node, field.name() + " is a map");
  const pb::Descriptor& type = *field.message_type();
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    pb::Message& entry = *message.GetReflection()->AddMessage(&message, &field);
    RETURN_IF_ERROR(FieldSetter(entry, *type.map_key()).Set(node.keys[i]));
    RETURN_IF_ERROR(FieldSetter(entry, *type.map_value()).Set(node.elements[i]));
  }
  return {};
}

result::Result<void> FillField(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& message) {
  if (field.is_map()) return FillMap(node, field, message);
  FieldSetter setter(message, field);
  if (!field.is_repeated()) return setter.Set(node);
  if (node.kind != Kind::kSequence) return Fault(node, field.name() + " is a list");
  for (const YamlNode& element : node.elements) RETURN_IF_ERROR(setter.Set(element));
  return {};
}

result::Result<void> FillMessage(const YamlNode& node, pb::Message& message) {
  const pb::Descriptor& type = *message.GetDescriptor();
  if (node.kind == Kind::kNothing) return Fault(node, type.name() + " has no value; write {} for none of its fields");
  if (node.kind != Kind::kMap) return Fault(node, type.name() + " is a map of its fields");
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& key = node.keys[i];
    const pb::FieldDescriptor* const field = type.FindFieldByName(key.text);
    if (field == nullptr) return Fault(key, "'" + key.text + "' is no field of " + type.name());
    const pb::OneofDescriptor* const oneof = field->real_containing_oneof();
    if (oneof != nullptr && message.GetReflection()->HasOneof(message, oneof)) {
      const auto& other = *message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
      return Fault(key, type.name() + " has " + other.name() + " already; it takes one of them");
    }
    RETURN_IF_ERROR(FillField(node.elements[i], *field, message));
  }
  return {};
}

}  // namespace

result::Result<void> ParseYaml(std::string_view text, pb::Message& message) {
  ASSIGN_OR_RETURN(const YamlNode root, ParseYamlTree(text));
  message.Clear();
  return FillMessage(root, message);
}

}  // namespace ctl
