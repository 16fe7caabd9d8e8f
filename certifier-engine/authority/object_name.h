#ifndef CERTIFIER_ENGINE_AUTHORITY_OBJECT_NAME_H
#define CERTIFIER_ENGINE_AUTHORITY_OBJECT_NAME_H

#include <string_view>

namespace engine::authority {

// IsObjectName tells whether `name` is 1 to 64 characters of [A-Za-z0-9._-], as CAs and policies are named.
bool IsObjectName(std::string_view name);

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_OBJECT_NAME_H
