#include "ctl/yaml_printer.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "ctl/json_printer.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace {

namespace pb = google::protobuf;
using Json = nlohmann::ordered_json;

// What some version of YAML takes for a truth value, a number or nothing.
constexpr std::array<std::string_view, 12> kWords = {"true", "false", "yes", "no",  "on",  "off",
                                                     "null", "y",     "n",   "nan", "inf", "infinity"};

bool IsWord(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(kWords, text) != kWords.end();
}

bool IsPlain(const std::string& text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_safe = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || std::string_view(" _./+=*@()-").find(c) != std::string_view::npos;
  };
  return !text.empty() && is_letter(text.front()) && text.back() != ' ' && std::ranges::all_of(text, is_safe) &&
         !IsWord(text);
}

// UnicodeEscape makes of TerminalText's "\u{200b}" what YAML reads.
std::string UnicodeEscape(const std::string& shown) {
  const std::string digits = shown.substr(3, shown.size() - 4);
  const std::size_t width = digits.size() <= 4 ? 4 : 8;
  return (width == 4 ? "\\u" : "\\U") + std::string(width - digits.size(), '0') + digits;
}

// JSON's escapes are YAML's, in double quotes, but for surrogates: what is beyond ASCII is written as it is, if a
// terminal shows it.
std::string Quoted(const std::string& text) {
  const std::string json = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string quoted;
  for (std::size_t at = 0, end = 0; at < json.size(); at = end) {
    end = at + 1;
    while (end < json.size() && (static_cast<unsigned char>(json[end]) & 0xc0U) == 0x80U) ++end;
    const std::string character = json.substr(at, end - at);
    const std::string shown = TerminalText(character);
    const bool is_hidden = shown.starts_with("\\u{");
    quoted += is_hidden ? UnicodeEscape(shown) : shown;  // DEL's "\x7f" is YAML's, too.
  }
  return quoted;
}

std::string Text(const std::string& text) {
  return IsPlain(text) ? text : Quoted(text);
}

// Printer writes block style: a level for each message, list and map.
class Printer {
 public:
  std::string Take() { return std::move(out_); }

  // Message writes the fields that are set, each on a line that begins with `indent`; false where none is.
  bool Message(const pb::Message& message, const std::string& indent) {
    bool is_empty = true;
    const pb::Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const pb::FieldDescriptor& field = *message.GetDescriptor()->field(i);
      const bool is_set =
          field.is_repeated() ? reflection.FieldSize(message, &field) != 0 : reflection.HasField(message, &field);
      if (!is_set) continue;
      is_empty = false;
      StartLine(indent);
      out_ += field.name() + ":";
      if (field.is_map()) {
        Map(message, field, indent + "  ");
      } else if (field.is_repeated()) {
        List(message, field, indent + "  ");
      } else {
        Value(message, field, -1, indent + "  ");
      }
    }
    return !is_empty;
  }

 private:
  // A list's element begins on the line of its dash.
  void StartLine(const std::string& indent) {
    if (!is_line_begun_) out_ += indent;
    is_line_begun_ = false;
  }

  void List(const pb::Message& message, const pb::FieldDescriptor& field, const std::string& indent) {
    out_ += "\n";
    for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
      out_ += indent + "-";
      if (field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) {
        Value(message, field, i, indent);
        continue;
      }
      out_ += " ";
      is_line_begun_ = true;
      if (!Message(message.GetReflection()->GetRepeatedMessage(message, &field, i), indent + "  ")) out_ += "{}\n";
      is_line_begun_ = false;
    }
  }

  // Our maps are from text to text.
  void Map(const pb::Message& message, const pb::FieldDescriptor& field, const std::string& indent) {
    std::map<std::string, std::string> entries;
    for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
      const pb::Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, i);
      const pb::Descriptor& type = *entry.GetDescriptor();
      entries[entry.GetReflection()->GetString(entry, type.map_key())] =
          entry.GetReflection()->GetString(entry, type.map_value());
    }
    out_ += "\n";
    for (const auto& [key, value] : entries) out_ += indent + Text(key) + ": " + Text(value) + "\n";
  }

  // Value ends the line that says whose it is; `index` is -1 for a field that is not repeated.
  void Value(const pb::Message& message, const pb::FieldDescriptor& field, int index, const std::string& indent) {
    if (field.cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      out_ += " " + Scalar(message, field, index) + "\n";
      return;
    }
    const std::size_t before = out_.size();
    out_ += "\n";
    if (Message(message.GetReflection()->GetMessage(message, &field), indent)) return;
    out_.resize(before);
    out_ += " {}\n";
  }

  static std::string Scalar(const pb::Message& message, const pb::FieldDescriptor& field, int index) {
    const pb::Reflection& from = *message.GetReflection();
    const bool is_one = index < 0;
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32:
        return std::to_string(is_one ? from.GetInt32(message, &field) : from.GetRepeatedInt32(message, &field, index));
      case pb::FieldDescriptor::CPPTYPE_INT64:
        return std::to_string(is_one ? from.GetInt64(message, &field) : from.GetRepeatedInt64(message, &field, index));
      case pb::FieldDescriptor::CPPTYPE_UINT32:
        return std::to_string(is_one ? from.GetUInt32(message, &field)
                                     : from.GetRepeatedUInt32(message, &field, index));
      case pb::FieldDescriptor::CPPTYPE_UINT64:
        return std::to_string(is_one ? from.GetUInt64(message, &field)
                                     : from.GetRepeatedUInt64(message, &field, index));
      case pb::FieldDescriptor::CPPTYPE_BOOL:
        return (is_one ? from.GetBool(message, &field) : from.GetRepeatedBool(message, &field, index)) ? "true"
                                                                                                       : "false";
      case pb::FieldDescriptor::CPPTYPE_ENUM:
        return EnumText(
            field, is_one ? from.GetEnumValue(message, &field) : from.GetRepeatedEnumValue(message, &field, index));
      case pb::FieldDescriptor::CPPTYPE_STRING:
        return Text(is_one ? from.GetString(message, &field) : from.GetRepeatedString(message, &field, index));
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      case pb::FieldDescriptor::CPPTYPE_FLOAT:
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        break;
    }
    return "{}";
  }

  // A value that only a newer engine knows is its number.
  static std::string EnumText(const pb::FieldDescriptor& field, int number) {
    const auto* const value = field.enum_type()->FindValueByNumber(number);
    return value == nullptr ? std::to_string(number) : Text(EnumName(*value));
  }

  std::string out_;
  bool is_line_begun_ = false;
};

}  // namespace

std::string PrintYaml(const google::protobuf::Message& message) {
  Printer printer;
  return printer.Message(message, "") ? printer.Take() : "{}\n";
}

}  // namespace ctl
