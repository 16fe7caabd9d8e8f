#ifndef CERTIFIER_ADMIN_SERVICE_WEB_REQUEST_FRAMING_H
#define CERTIFIER_ADMIN_SERVICE_WEB_REQUEST_FRAMING_H

#include <cstddef>
#include <string_view>
#include <tl/expected.hpp>

namespace web {

struct FramingLimits {
  std::size_t head_octets;
  std::size_t body_octets;
};

// Frame is how long the first request in a connection's octets is.
struct Frame {
  std::size_t head = 0;  // With its empty line; 0 while octets are missing.
  std::size_t body = 0;
};

// FrameOf finds the first request in `input`, which grows, or gives the status to refuse it with: 400, 411 (a transfer
// coding), 413, 415 (a content coding), 417 (an expectation) or 431. What it lets through is a request that cpp-httplib
// reads as this does: it has one length or none, whole lines, and no part that would be unpacked or multiplied.
tl::expected<Frame, int> FrameOf(std::string_view input, const FramingLimits& limits);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_REQUEST_FRAMING_H
