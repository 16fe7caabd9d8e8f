#ifndef CERTIFIER_ENGINE_RPC_PAGE_H
#define CERTIFIER_ENGINE_RPC_PAGE_H

#include <string>
#include <vector>

#include "store/administration_store.h"

namespace engine::rpc {

// ParseId reads a decimal number above 0; malformed otherwise.
result::Result<std::int64_t> ParseId(const std::string& text);

// ParsePage reads page_size (0: 100; at most 1000) and page_token (the id that the page before ended with).
result::Result<store::Page> ParsePage(std::uint32_t page_size, const std::string& page_token);

// NextPageToken names the last row of a full page by `id`; empty: there is no further page.
template <class Row>
std::string NextPageToken(const store::Page& page, const std::vector<Row>& rows, std::int64_t Row::*id) {
  return rows.size() < page.size ? std::string() : std::to_string(rows.back().*id);
}

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_PAGE_H
