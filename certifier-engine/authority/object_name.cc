#include "authority/object_name.h"

namespace engine::authority {

bool IsObjectName(std::string_view name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  constexpr std::size_t kMaxLength = 64;
  return !name.empty() && name.size() <= kMaxLength && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace engine::authority
