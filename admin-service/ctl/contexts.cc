#include "ctl/contexts.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "ctl/mint_files.h"

namespace ctl {

namespace {

using nlohmann::json;
using result::Reason;

constexpr std::size_t kMostNameLetters = 64;
constexpr std::size_t kMostOctets = 1 << 20;

struct Field {
  const char* name;
  std::string Context::*value;
};
constexpr Field kFields[] = {{"server", &Context::server},
                             {"tls_ca", &Context::tls_ca},
                             {"tls_certificate", &Context::tls_certificate},
                             {"tls_key", &Context::tls_key}};

std::string Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

result::Result<Context> ContextOf(const json& document) {
  if (!document.is_object()) return result::Fail(Reason::kMalformed, "a context is no object");
  Context context;
  for (const auto& [key, value] : document.items()) {
    const auto* const field = std::ranges::find_if(kFields, [&](const Field& known) { return key == known.name; });
    if (field == std::end(kFields) || !value.is_string()) {
      return result::Fail(Reason::kMalformed, "a context has no \"" + key + "\", or it is no text");
    }
    context.*field->value = value.get<std::string>();
  }
  return context;
}

result::Result<Contexts> ContextsOf(const std::string& text) {
  const json document = json::parse(text, nullptr, false);
  const bool is_ours = document.is_object() && document.size() == 2 && document.contains("current") &&
                       document["current"].is_string() && document.contains("contexts") &&
                       document["contexts"].is_object();
  if (!is_ours) return result::Fail(Reason::kMalformed, "it is not what 'context set' writes");
  Contexts contexts;
  contexts.current = document["current"].get<std::string>();
  for (const auto& [name, value] : document["contexts"].items()) {
    if (!IsContextName(name)) return result::Fail(Reason::kMalformed, "a context has a name that none may have");
    ASSIGN_OR_RETURN(contexts.by_name[name], ContextOf(value));
  }
  if (!contexts.current.empty() && !contexts.by_name.contains(contexts.current)) {
    return result::Fail(Reason::kMalformed, "the current context is none of them");
  }
  return contexts;
}

}  // namespace

bool IsContextName(const std::string& name) {
  const auto is_of_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= kMostNameLetters && std::ranges::all_of(name, is_of_name);
}

std::string DefaultContextsFile() {
  std::string base = Environment("XDG_CONFIG_HOME");
  if (base.empty() && !Environment("HOME").empty()) base = Environment("HOME") + "/.config";
  return base.empty() ? "" : base + "/certifierctl/contexts.json";
}

result::Result<Contexts> ReadContexts(const std::string& path) {
  std::error_code error;
  if (path.empty() || !std::filesystem::exists(path, error)) return Contexts();
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(path, kMostOctets));
  auto contexts = ContextsOf(text);
  if (!contexts) return result::Wrap(path, std::move(contexts).error());
  return contexts;
}

std::string ToJson(const Contexts& contexts) {
  json document = {{"current", contexts.current}, {"contexts", json::object()}};
  for (const auto& [name, context] : contexts.by_name) {
    json& written = document["contexts"][name] = json::object();
    for (const Field& field : kFields) {
      if (!(context.*field.value).empty()) written[field.name] = context.*field.value;
    }
  }
  return document.dump(2, ' ', true, json::error_handler_t::replace);
}

result::Result<void> WriteContexts(const std::string& path, const Contexts& contexts) {
  RETURN_IF_ERROR(MakeOwnDirectory(std::filesystem::absolute(path).parent_path()));
  return WriteWhole(path, ToJson(contexts) + "\n");
}

}  // namespace ctl
