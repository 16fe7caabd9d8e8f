#ifndef CERTIFIER_ENGINE_STORE_PAGE_H
#define CERTIFIER_ENGINE_STORE_PAGE_H

#include <cstdint>
#include <optional>
#include <vector>

namespace engine::store {

// CaIds limits what is listed to what belongs to these CAs; nothing: to none of them in particular.
using CaIds = std::optional<std::vector<std::int64_t>>;

// Page asks for at most `size` rows with an id below `before` (0: from the newest); a list that begins with the oldest,
// for those above it (0: from the oldest). Lists of what belongs to no CA ignore `ca_ids`.
struct Page {
  std::int64_t before = 0;
  std::uint32_t size = 100;
  CaIds ca_ids = {};
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_PAGE_H
