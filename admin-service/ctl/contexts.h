#ifndef CERTIFIER_ADMIN_SERVICE_CTL_CONTEXTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_CONTEXTS_H

#include <map>
#include <string>

#include "result/result.h"

namespace ctl {

// Context is one deployment: where its admin service is, and as whom to talk to it. Paths of files, no secrets. What is
// empty is not set.
struct Context {
  std::string server;  // HOST:PORT.
  std::string tls_ca;  // PEM files, absolute paths.
  std::string tls_certificate;
  std::string tls_key;
  friend bool operator==(const Context&, const Context&) = default;
};

// Contexts are the deployments that an operator works with, by name: 1 to 64 of [A-Za-z0-9._-].
struct Contexts {
  std::string current;  // Empty, or one of them.
  std::map<std::string, Context> by_name;
};

// DefaultContextsFile is $XDG_CONFIG_HOME/certifierctl/contexts.json, or that under ~/.config; empty where neither is
// known.
std::string DefaultContextsFile();

// ReadContexts reads the file, at most 1 MiB; a file that is not there holds none. Malformed, with the path, for
// anything else than what WriteContexts wrote.
result::Result<Contexts> ReadContexts(const std::string& path);

// ToJson is what the file holds, in ASCII, without a newline at its end.
std::string ToJson(const Contexts& contexts);

// WriteContexts replaces the file in one step, and makes its directory; both are for their owner alone. Unavailable.
result::Result<void> WriteContexts(const std::string& path, const Contexts& contexts);

// IsContextName tells whether a context may have this name.
bool IsContextName(const std::string& name);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_CONTEXTS_H
