#include "ctl/json_parser.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "ctl/json_printer.h"

namespace ctl {

namespace {

namespace pb = google::protobuf;
using Json = nlohmann::json;

// What an operator may write by hand; deeper is a mistake.
constexpr int kMaxDepth = 16;

// KeyWatch finds a key that is written twice in an object, of which the parser would take the last.
class KeyWatch {
 public:
  const std::string& twice() const { return twice_; }

  bool operator()(int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_.pop_back();
    if (event != Json::parse_event_t::key) return true;
    const auto name = value.get<std::string>();
    if (!keys_.back().insert(name).second) twice_ = name;
    return true;
  }

 private:
  std::vector<std::set<std::string>> keys_;  // Of the objects that are open.
  std::string twice_;
};

result::Result<void> ExpandEnums(Json& json, const pb::Descriptor& type, int depth);

result::Result<void> ExpandEnum(Json& json, const pb::FieldDescriptor& field) {
  if (!json.is_string()) return {};
  const std::string name = json.get<std::string>();
  std::string known;
  for (int i = 0; i < field.enum_type()->value_count(); ++i) {
    const pb::EnumValueDescriptor& value = *field.enum_type()->value(i);
    if (name == value.name()) return {};
    if (name == EnumName(value)) {
      json = value.name();
      return {};
    }
    known += (known.empty() ? "" : ", ") + EnumName(value);
  }
  return result::Fail(result::Reason::kMalformed, field.name() + ": '" + name + "' is none of " + known);
}

result::Result<void> ExpandElement(Json& json, const pb::FieldDescriptor& field, int depth) {
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return ExpandEnum(json, field);
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return ExpandEnums(json, *field.message_type(), depth + 1);
    case pb::FieldDescriptor::CPPTYPE_INT32:
    case pb::FieldDescriptor::CPPTYPE_INT64:
    case pb::FieldDescriptor::CPPTYPE_UINT32:
    case pb::FieldDescriptor::CPPTYPE_UINT64:
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
    case pb::FieldDescriptor::CPPTYPE_BOOL:
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return {};
  }
  return {};
}

// ExpandEnums turns short enum names into the full ones, which are all that protobuf's own parser takes.
result::Result<void> ExpandEnums(Json& json, const pb::Descriptor& type, int depth) {
  if (depth > kMaxDepth) return result::Fail(result::Reason::kMalformed, "nested too deep");
  if (!json.is_object()) return {};
  for (auto& [name, value] : json.items()) {
    const pb::FieldDescriptor* field = type.FindFieldByName(name);
    if (field == nullptr) {
      return result::Fail(result::Reason::kMalformed, "'" + name + "' is no field of " + type.name());
    }
    if (!field->is_repeated()) {
      RETURN_IF_ERROR(ExpandElement(value, *field, depth));
      continue;
    }
    for (Json& element : value) RETURN_IF_ERROR(ExpandElement(element, *field, depth));
  }
  return {};
}

}  // namespace

result::Result<void> ParseJson(std::string_view text, google::protobuf::Message& message) {
  Json json;
  KeyWatch watch;
  try {
    json = Json::parse(text, std::ref(watch));
  } catch (const Json::parse_error& error) {
    std::string what = error.what();
    what.erase(0, what.find("] ") + 2);
    return result::Fail(result::Reason::kMalformed, "not JSON: " + what);
  }
  if (!watch.twice().empty()) {
    return result::Fail(result::Reason::kMalformed, "'" + watch.twice() + "' is there twice in one object");
  }
  if (!json.is_object()) return result::Fail(result::Reason::kMalformed, "not a JSON object");
  RETURN_IF_ERROR(ExpandEnums(json, *message.GetDescriptor(), 0));
  const auto status = pb::util::JsonStringToMessage(json.dump(), &message);
  if (!status.ok()) return result::Fail(result::Reason::kMalformed, std::string(status.message()));
  return {};
}

}  // namespace ctl
