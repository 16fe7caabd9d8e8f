#ifndef CERTIFIER_SCEP_GATEWAY_HTTP_HEAD_H
#define CERTIFIER_SCEP_GATEWAY_HTTP_HEAD_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace gateway {

// HeadLimits bound what stands before a body (requirements H-40).
struct HeadLimits {
  std::size_t target_octets = 64 << 10;  // Past it: 414.
  std::size_t header_octets = 16 << 10;  // All fields together; past it: 431.
  std::size_t header_count = 64;         // Past it: 431.
};

// RequestHead is a request line and the fields that decide how the message is framed (RFC 9112). All others are checked
// for form and dropped: nothing that SCEP answers depends on them.
struct RequestHead {
  std::string method;
  std::string target;
  int minor_version = 1;  // Of HTTP/1.x.
  std::optional<std::uint64_t> content_length;
  bool is_chunked = false;
  bool expects_continue = false;
  bool wants_close = false;   // Asked for, or HTTP/1.0.
  std::string forwarded_for;  // X-Forwarded-For, several joined with commas; only a trusted proxy's is believed.
  std::string if_none_match;  // Of several fields the last; empty: none.
  std::string if_modified_since;
};

// HeadScanner finds the end of a head in a buffer that grows, looking at each octet once, however slowly they come.
class HeadScanner {
 public:
  explicit HeadScanner(HeadLimits limits) : limits_(limits) {}
  // Scan returns the length of the head with its empty line, 0 while octets are missing, or the status to refuse with:
  // 400 (a line that ends without CR), 414 or 431. `input` begins with what the last call was given.
  tl::expected<std::size_t, int> Scan(std::string_view input);

 private:
  int OverLimit(std::size_t seen) const;
  HeadLimits limits_;
  std::size_t position_ = 0;      // Where to look on.
  std::size_t line_ = 0;          // Start of the line being read.
  std::size_t request_line_ = 0;  // Start of the request line, behind empty lines.
  std::size_t fields_ = 0;        // Start of the first field.
  std::size_t lines_ = 0;
};

// ParseHead reads a whole head as Scan delimited it, or gives the status to refuse with: 400, 414, 417 (an expectation
// other than 100-continue), 501 (a transfer coding other than chunked) or 505. Strict where message framing depends on
// it: no bare LF, no folded line, no space before a colon, one Content-Length, never together with Transfer-Encoding.
// Lenient for SCEP's sake: no Host is needed (requirements H-32), and the query may hold raw spaces (H-21).
tl::expected<RequestHead, int> ParseHead(std::string_view head, const HeadLimits& limits);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_HTTP_HEAD_H
