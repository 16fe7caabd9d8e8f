#ifndef CERTIFIER_ADMIN_SERVICE_CTL_POLICY_FILE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_POLICY_FILE_H

#include <string>
#include <string_view>

#include "certifier/v1/policy_document.pb.h"
#include "result/result.h"

namespace ctl {

// ParsePolicy reads a document: JSON where it begins with a brace, else YAML. Malformed, with the place.
result::Result<certifier::v1::Policy> ParsePolicy(std::string_view text);

// ReadText is a file of at most 1 MiB, or standard input where `path` is "-". Malformed: the detail begins with the
// path.
result::Result<std::string> ReadText(const std::string& path);

// ReadPolicyFile reads the document in a file of at most 1 MiB, or on standard input where `path` is "-". Malformed:
// the detail begins with the path.
result::Result<certifier::v1::Policy> ReadPolicyFile(const std::string& path);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_POLICY_FILE_H
