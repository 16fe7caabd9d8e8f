#ifndef CERTIFIER_ENGINE_POLICY_MODULE_SOURCE_H
#define CERTIFIER_ENGINE_POLICY_MODULE_SOURCE_H

#include <string_view>

namespace engine::policy {

// ModuleSource is policy_module.proto with its comments: a google.protobuf.FileDescriptorSet of one file, put here by
// the build.
std::string_view ModuleSource();

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_MODULE_SOURCE_H
