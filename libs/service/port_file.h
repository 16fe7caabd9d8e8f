#ifndef CERTIFIER_SERVICE_PORT_FILE_H
#define CERTIFIER_SERVICE_PORT_FILE_H

#include <map>
#include <string>

#include "result/result.h"

namespace service {

// WritePortFile writes {"name": port, ...} to `path` at once (a rename), so that who started a service with port 0
// learns where it listens. Nothing happens for an empty path. Internal if the file cannot be written.
result::Result<void> WritePortFile(const std::string& path, const std::map<std::string, int>& ports);

}  // namespace service

#endif  // CERTIFIER_SERVICE_PORT_FILE_H
