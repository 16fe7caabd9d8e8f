#include "ctl/context_commands.h"

#include <cstdlib>
#include <filesystem>

#include "ctl/contexts.h"
#include "ctl/output.h"

namespace ctl {

namespace {

using result::Reason;

constexpr const char* kVariables[] = {"CERTIFIER_SERVER", "CERTIFIER_TLS_CA", "CERTIFIER_TLS_CERTIFICATE",
                                      "CERTIFIER_TLS_KEY"};

std::string FileOf(const GlobalArguments& global) {
  return global.contexts_file.empty() ? DefaultContextsFile() : global.contexts_file;
}

// Whoever names a deployment must not talk to another one.
result::Result<void> CheckEnvironment() {
  for (const char* const variable : kVariables) {
    const char* const value = std::getenv(variable);
    if (value != nullptr && *value != '\0') {
      return result::Fail(
          Reason::kMalformed,
          std::string(variable) + " is set and --context says otherwise: unset it, or leave --context out");
    }
  }
  return {};
}

result::Result<Context*> Find(Contexts& contexts, const std::string& name) {
  const auto found = contexts.by_name.find(name);
  if (found == contexts.by_name.end()) return result::Fail(Reason::kNotFound, "there is no context \"" + name + "\"");
  return &found->second;
}

void Take(const std::string& value, std::string& field) {
  if (field.empty()) field = value;
}

void Replace(const std::string& value, std::string& field) {
  if (!value.empty()) field = value;
}

std::string Absolute(const std::string& path) {
  return path.empty() ? path : std::filesystem::absolute(path).string();
}

Details DetailsOf(const std::string& name, const Context& context) {
  return {{"context", name},
          {"server", context.server},
          {"internal CA", context.tls_ca},
          {"certificate", context.tls_certificate},
          {"key", context.tls_key}};
}

std::string JsonOf(const Contexts& contexts, const std::string& name) {
  Contexts one;
  one.by_name[name] = contexts.by_name.at(name);
  one.current = contexts.current == name ? name : "";
  return ToJson(one);
}

result::Result<void> Save(Output& output, const GlobalArguments& global, const Contexts& contexts,
                          const std::string& note) {
  const std::string path = FileOf(global);
  if (path.empty()) return result::Fail(Reason::kMalformed, "give --contexts-file FILE: there is no home directory");
  RETURN_IF_ERROR(WriteContexts(path, contexts));
  output.Note(note);
  return {};
}

}  // namespace

result::Result<GlobalArguments> WithContext(GlobalArguments global) {
  ASSIGN_OR_RETURN(auto contexts, ReadContexts(FileOf(global)));
  const bool is_named = !global.context.empty();
  const std::string name = is_named ? global.context : contexts.current;
  if (is_named) RETURN_IF_ERROR(CheckEnvironment());
  if (!name.empty()) {
    ASSIGN_OR_RETURN(const Context* const context, Find(contexts, name));
    Take(context->server, global.server);
    Take(context->tls_ca, global.tls_ca);
    Take(context->tls_certificate, global.tls_certificate);
    Take(context->tls_key, global.tls_key);
  }
  Take(kDefaultServer, global.server);
  return global;
}

result::Result<void> Run(const GlobalArguments& global, Output& output, const ContextList&) {
  ASSIGN_OR_RETURN(const auto contexts, ReadContexts(FileOf(global)));
  if (output.is_json()) {
    output.Text(ToJson(contexts));
    return {};
  }
  Table table({{""}, {"CONTEXT", 8}, {"SERVER", 10}, {"CERTIFICATE", 12}});
  for (const auto& [name, context] : contexts.by_name) {
    table.Add({name == contexts.current ? "*" : "", name, context.server, context.tls_certificate});
  }
  output.Rows(table);
  if (contexts.by_name.empty()) output.Note("None. Make one: certifierctl context set NAME --server HOST:PORT ...");
  return {};
}

result::Result<void> Run(const GlobalArguments& global, Output& output, const ContextShow& command) {
  ASSIGN_OR_RETURN(auto contexts, ReadContexts(FileOf(global)));
  const std::string name = command.name.empty() ? contexts.current : command.name;
  ASSIGN_OR_RETURN(const Context* const context, Find(contexts, name));
  if (output.is_json()) {
    output.Text(JsonOf(contexts, name));
  } else {
    output.Values(DetailsOf(name, *context));
  }
  return {};
}

result::Result<void> Run(const GlobalArguments& global, Output& output, const ContextSet& command) {
  if (!IsContextName(command.name)) {
    return result::Fail(Reason::kMalformed, "a context's name is 1 to 64 of letters, digits, '.', '_' and '-'");
  }
  ASSIGN_OR_RETURN(auto contexts, ReadContexts(FileOf(global)));
  Context& context = contexts.by_name[command.name];
  Replace(global.server, context.server);
  Replace(Absolute(global.tls_ca), context.tls_ca);
  Replace(Absolute(global.tls_certificate), context.tls_certificate);
  Replace(Absolute(global.tls_key), context.tls_key);
  if (context == Context()) {
    return result::Fail(Reason::kMalformed, "say where it is: --server, --tls-ca, --tls-certificate, --tls-key");
  }
  if (contexts.current.empty()) contexts.current = command.name;
  return Save(output, global, contexts, "Context " + command.name + " is set; " + contexts.current + " is in use.");
}

result::Result<void> Run(const GlobalArguments& global, Output& output, const ContextUse& command) {
  ASSIGN_OR_RETURN(auto contexts, ReadContexts(FileOf(global)));
  RETURN_IF_ERROR(Find(contexts, command.name));
  contexts.current = command.name;
  return Save(output, global, contexts, "Context " + command.name + " is in use.");
}

result::Result<void> Run(const GlobalArguments& global, Output& output, const ContextRemove& command) {
  ASSIGN_OR_RETURN(auto contexts, ReadContexts(FileOf(global)));
  RETURN_IF_ERROR(Find(contexts, command.name));
  contexts.by_name.erase(command.name);
  if (contexts.current == command.name) contexts.current.clear();
  return Save(output, global, contexts, "Context " + command.name + " is removed.");
}

}  // namespace ctl
