#include "policy/module_descriptions.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "policy/module_source.h"

namespace engine::policy {

namespace {

namespace pb = google::protobuf;
namespace v1 = certifier::v1;

// What begins the sentence that says what a missing field means.
constexpr std::array<std::string_view, 4> kDefaults = {"0: ", "Empty: ", "Unspecified: ", "Absent: "};
constexpr std::string_view kVerdicts = "Verdicts: ";

// Place is where a message or a field is declared: a path of SourceCodeInfo.
using Place = std::vector<int>;

Place PlaceOf(const pb::Descriptor& message) {
  if (message.containing_type() == nullptr) {
    return {pb::FileDescriptorProto::kMessageTypeFieldNumber, message.index()};
  }
  Place place = PlaceOf(*message.containing_type());
  place.insert(place.end(), {pb::DescriptorProto::kNestedTypeFieldNumber, message.index()});
  return place;
}

Place PlaceOf(const pb::FieldDescriptor& field) {
  Place place = PlaceOf(*field.containing_type());
  place.insert(place.end(), {pb::DescriptorProto::kFieldFieldNumber, field.index()});
  return place;
}

// OneLine joins the lines of a comment.
std::string OneLine(std::string_view comment) {
  std::string text;
  for (const char c : comment) {
    const bool is_space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!is_space) text += c;
    if (is_space && !text.empty() && text.back() != ' ') text += ' ';
  }
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::map<Place, std::string> ReadComments() {
  pb::FileDescriptorSet files;
  std::map<Place, std::string> comments;
  const std::string_view source = ModuleSource();
  if (!files.ParseFromArray(source.data(), static_cast<int>(source.size())) || files.file_size() != 1) return comments;
  for (const auto& location : files.file(0).source_code_info().location()) {
    if (!location.has_leading_comments()) continue;
    comments[Place(location.path().begin(), location.path().end())] = OneLine(location.leading_comments());
  }
  return comments;
}

// CutSentence takes the sentence that begins with `opening` out of `text`, without the opening and its full stop.
std::optional<std::string> CutSentence(std::string& text, std::string_view opening) {
  std::size_t begin = text.find(opening);
  while (begin != std::string::npos && begin != 0 && !std::string_view(text).substr(0, begin).ends_with(". ")) {
    begin = text.find(opening, begin + 1);
  }
  if (begin == std::string::npos) return std::nullopt;
  const std::size_t end = std::min(text.find(". ", begin), text.size() - 1);
  std::string sentence = text.substr(begin + opening.size(), end - begin - opening.size());
  text.erase(begin, end + 2 - begin);
  while (text.ends_with(' ')) text.pop_back();
  return sentence;
}

std::string ShortName(const pb::EnumValueDescriptor& value) {
  constexpr std::string_view kUnspecified = "UNSPECIFIED";
  std::string name = value.name().substr(value.type()->value(0)->name().size() - kUnspecified.size());
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

std::string TypeOf(const pb::FieldDescriptor& field);

std::string ListOf(const pb::FieldDescriptor& field) {
  if (field.message_type() == nullptr) return "list of " + std::string(field.enum_type() ? "names" : "texts");
  std::string names;
  for (int i = 0; i < field.message_type()->field_count(); ++i) {
    names += (i == 0 ? "" : ", ") + field.message_type()->field(i)->name();
  }
  return "list of {" + names + "}";
}

std::string TypeOf(const pb::FieldDescriptor& field) {
  if (field.is_repeated()) return ListOf(field);
  if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_BOOL) return "true or false";
  if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING) return "text";
  if (field.enum_type() == nullptr) return "number";
  std::string names;
  for (int i = 1; i < field.enum_type()->value_count(); ++i) {
    names += (i == 1 ? "" : ", ") + ShortName(*field.enum_type()->value(i));
  }
  return "one of " + names;
}

// Describer reads the comments for one document's modules.
class Describer {
 public:
  Describer() {
    for (int i = 0; i < kinds_.field_count(); ++i) {
      modules_.emplace_back(kinds_.field(i)->message_type()->name(), kinds_.field(i)->name());
    }
  }

  std::vector<v1::ModuleDescription> DescribeAll() const {
    std::vector<v1::ModuleDescription> descriptions;
    for (int i = 0; i < kinds_.field_count(); ++i) descriptions.push_back(Describe(*kinds_.field(i)));
    return descriptions;
  }

 private:
  v1::ModuleDescription Describe(const pb::FieldDescriptor& kind) const {
    v1::ModuleDescription description;
    description.set_name(kind.name());
    std::string help = CommentAt(PlaceOf(*kind.message_type()));
    AddVerdicts(CutSentence(help, kVerdicts).value_or(""), description);
    description.set_help(std::move(help));
    AddParameters(*kind.message_type(), "", description);
    return description;
  }

  static void AddVerdicts(const std::string& names, v1::ModuleDescription& description) {
    const pb::EnumDescriptor& type = *v1::Verdict_descriptor();
    for (int i = 1; i < type.value_count(); ++i) {
      if ((", " + names + ",").find(", " + ShortName(*type.value(i)) + ",") == std::string::npos) continue;
      description.add_verdicts(static_cast<v1::Verdict>(type.value(i)->number()));
    }
  }

  void AddParameters(const pb::Descriptor& message, const std::string& prefix,
                     v1::ModuleDescription& description) const {
    for (int i = 0; i < message.field_count(); ++i) {
      const pb::FieldDescriptor& field = *message.field(i);
      auto& parameter = *description.add_parameters();
      parameter.set_name(prefix + field.name());
      parameter.set_type(TypeOf(field));
      std::string help = CommentAt(PlaceOf(field));
      if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_BOOL) parameter.set_default_value("false");
      for (const auto opening : kDefaults) {
        if (auto found = CutSentence(help, opening)) parameter.set_default_value(*std::move(found));
      }
      parameter.set_help(std::move(help));
      if (field.message_type() != nullptr) AddParameters(*field.message_type(), parameter.name() + ".", description);
    }
  }

  // A module is called in a comment as its message is; operators know it as its field is.
  std::string CommentAt(const Place& place) const {
    const auto found = comments_.find(place);
    std::string text = found == comments_.end() ? "" : found->second;
    const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    for (const auto& [message, module] : modules_) {
      for (std::size_t at = text.find(message); at != std::string::npos; at = text.find(message, at + 1)) {
        const std::size_t end = at + message.size();
        if ((at != 0 && is_letter(text[at - 1])) || (end < text.size() && is_letter(text[end]))) continue;
        text.replace(at, message.size(), module);
      }
    }
    return text;
  }

  const pb::OneofDescriptor& kinds_ = *v1::Module::descriptor()->FindOneofByName("kind");
  const std::map<Place, std::string> comments_ = ReadComments();
  std::vector<std::pair<std::string, std::string>> modules_;  // Names of messages and of their fields.
};

}  // namespace

const std::vector<v1::ModuleDescription>& ModuleDescriptions() {
  static const std::vector<v1::ModuleDescription> kDescriptions = Describer().DescribeAll();
  return kDescriptions;
}

}  // namespace engine::policy
