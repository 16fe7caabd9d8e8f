#ifndef CERTIFIER_ADMIN_SERVICE_CTL_CONTEXT_COMMANDS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_CONTEXT_COMMANDS_H

#include "ctl/arguments.h"
#include "ctl/output.h"
#include "result/result.h"

namespace ctl {

// Where an admin service is that nothing says.
inline constexpr char kDefaultServer[] = "127.0.0.1:9443";

// WithContext fills in what neither flags nor the environment say: from the context that is named, or is in use. Not
// found for a context that there is not; malformed for a file that cannot be read, and where a context is named while
// the environment names a deployment too.
result::Result<GlobalArguments> WithContext(GlobalArguments global);

result::Result<void> Run(const GlobalArguments& global, Output& output, const ContextList& command);
result::Result<void> Run(const GlobalArguments& global, Output& output, const ContextShow& command);
result::Result<void> Run(const GlobalArguments& global, Output& output, const ContextSet& command);
result::Result<void> Run(const GlobalArguments& global, Output& output, const ContextUse& command);
result::Result<void> Run(const GlobalArguments& global, Output& output, const ContextRemove& command);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_CONTEXT_COMMANDS_H
