#include "rpc/page.h"

#include <algorithm>
#include <charconv>

namespace engine::rpc {

namespace {
constexpr std::uint32_t kDefaultPageSize = 100, kMaxPageSize = 1000;
}

result::Result<std::int64_t> ParseId(const std::string& text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id <= 0) {
    return result::Fail(result::Reason::kMalformed, "an id is a decimal number");
  }
  return id;
}

result::Result<store::Page> ParsePage(std::uint32_t page_size, const std::string& page_token) {
  store::Page page;
  page.size = page_size == 0 ? kDefaultPageSize : std::min(page_size, kMaxPageSize);
  if (page_token.empty()) return page;
  ASSIGN_OR_RETURN(page.before, ParseId(page_token));
  return page;
}

}  // namespace engine::rpc
