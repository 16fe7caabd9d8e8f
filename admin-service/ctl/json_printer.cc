#include "ctl/json_printer.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "pki/bytes.h"

namespace ctl {

namespace {

namespace pb = google::protobuf;
using Json = nlohmann::ordered_json;

Json ToJson(const pb::Message& message, Fields fields);

Json EnumToJson(const pb::FieldDescriptor& field, int number) {
  const pb::EnumValueDescriptor* value = field.enum_type()->FindValueByNumber(number);
  return value == nullptr ? Json(number) : Json(EnumName(*value));
}

Json TextToJson(const pb::FieldDescriptor& field, const std::string& value) {
  if (field.type() != pb::FieldDescriptor::TYPE_BYTES) return value;
  return pki::Base64(value);
}

Json SingleToJson(const pb::Message& message, const pb::FieldDescriptor& field, Fields fields) {
  const pb::Reflection& reflection = *message.GetReflection();
  if (field.has_presence() && !reflection.HasField(message, &field)) return {};
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetInt32(message, &field);
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return reflection.GetInt64(message, &field);
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(message, &field);
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return reflection.GetUInt64(message, &field);
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetDouble(message, &field);
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.GetFloat(message, &field);
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field);
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return EnumToJson(field, reflection.GetEnumValue(message, &field));
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return TextToJson(field, reflection.GetString(message, &field));
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return ToJson(reflection.GetMessage(message, &field), fields);
  }
  return {};
}

Json ElementToJson(const pb::Message& message, const pb::FieldDescriptor& field, int index, Fields fields) {
  const pb::Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetRepeatedInt32(message, &field, index);
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return reflection.GetRepeatedInt64(message, &field, index);
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetRepeatedUInt32(message, &field, index);
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return reflection.GetRepeatedUInt64(message, &field, index);
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetRepeatedDouble(message, &field, index);
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.GetRepeatedFloat(message, &field, index);
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetRepeatedBool(message, &field, index);
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return EnumToJson(field, reflection.GetRepeatedEnumValue(message, &field, index));
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return TextToJson(field, reflection.GetRepeatedString(message, &field, index));
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return ToJson(reflection.GetRepeatedMessage(message, &field, index), fields);
  }
  return {};
}

// Our maps are from text to text.
Json MapToJson(const pb::Message& message, const pb::FieldDescriptor& field) {
  std::map<std::string, std::string> entries;
  const pb::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const pb::Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    const pb::Descriptor& type = *entry.GetDescriptor();
    entries.emplace(entry.GetReflection()->GetString(entry, type.map_key()),
                    entry.GetReflection()->GetString(entry, type.map_value()));
  }
  return Json(entries);
}

bool IsPrinted(const pb::Message& message, const pb::FieldDescriptor& field, Fields fields) {
  const pb::Reflection& reflection = *message.GetReflection();
  if (field.real_containing_oneof() != nullptr) return reflection.HasField(message, &field);
  if (fields == Fields::kAll) return true;
  return field.is_repeated() ? reflection.FieldSize(message, &field) != 0 : reflection.HasField(message, &field);
}

Json ToJson(const pb::Message& message, Fields fields) {
  if (message.GetDescriptor() == pb::Timestamp::descriptor()) {
    return pb::util::TimeUtil::ToString(static_cast<const pb::Timestamp&>(message));
  }
  if (message.GetDescriptor() == pb::Duration::descriptor()) {
    return pb::util::TimeUtil::ToString(static_cast<const pb::Duration&>(message));
  }
  Json object = Json::object();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const pb::FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (!IsPrinted(message, field, fields)) continue;
    if (!field.is_repeated()) {
      object[field.name()] = SingleToJson(message, field, fields);
      continue;
    }
    if (field.is_map()) {
      object[field.name()] = MapToJson(message, field);
      continue;
    }
    Json& elements = object[field.name()] = Json::array();
    for (int j = 0; j < message.GetReflection()->FieldSize(message, &field); ++j) {
      elements.push_back(ElementToJson(message, field, j, fields));
    }
  }
  return object;
}

std::string Dump(const Json& json) {
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string EnumName(const google::protobuf::EnumValueDescriptor& value) {
  std::string prefix;  // RequestState gives REQUEST_STATE_.
  for (const char c : value.type()->name()) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  prefix += '_';
  std::string name = value.name();
  if (name.starts_with(prefix)) name.erase(0, prefix.size());
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

std::string PrintJson(const google::protobuf::Message& message, Fields fields) {
  return Dump(ToJson(message, fields));
}

std::string PrintErrorJson(const result::Error& error) {
  Json json;
  json["error"]["reason"] = result::ToString(error.reason);
  json["error"]["message"] = error.detail;
  return json.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace ctl
