#ifndef CERTIFIER_SCEP_GATEWAY_HTTP_BODY_H
#define CERTIFIER_SCEP_GATEWAY_HTTP_BODY_H

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "http_head.h"

namespace gateway {

// BodyReader takes one message body off a stream, by length or in chunks (RFC 9112 sections 6 and 7), under one bound.
class BodyReader {
 public:
  // A body of no octets.
  BodyReader() = default;
  // For reads the body that `head` announces; 413 if that is more than `max_octets`.
  static tl::expected<BodyReader, int> For(const RequestHead& head, std::size_t max_octets);

  bool is_complete() const { return state_ == State::kComplete; }
  // Consume appends what belongs to the body to `body` and returns how many octets of `input` it used; the rest is
  // wanted again with more behind it, or belongs to the next request. 400: broken chunking. 413: too much. 431:
  // trailer.
  tl::expected<std::size_t, int> Consume(std::string_view input, std::string& body);

 private:
  enum class State { kOctets, kChunkSize, kChunk, kChunkEnd, kTrailer, kComplete };
  // Each handles one piece from the front of `input` and returns its length, 0 while octets are missing.
  tl::expected<std::size_t, int> Step(std::string_view input, std::string& body);
  std::size_t TakeOctets(std::string_view input, std::string& body);
  tl::expected<std::size_t, int> TakeChunkSize(std::string_view input, std::size_t body_octets);
  tl::expected<std::size_t, int> TakeChunkEnd(std::string_view input);
  tl::expected<std::size_t, int> TakeTrailerLine(std::string_view input);

  State state_ = State::kComplete;
  std::uint64_t left_ = 0;  // Octets of the body, or of the chunk, still to come.
  std::size_t max_octets_ = 0;
  std::size_t trailer_octets_ = 0;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_HTTP_BODY_H
