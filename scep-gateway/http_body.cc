#include "http_body.h"

#include <algorithm>

#include "ascii.h"

namespace gateway {
namespace {

// Chunk extensions and trailers mean nothing to SCEP; these bounds only keep them from holding memory.
constexpr std::size_t kMaxLineOctets = 1024;
constexpr std::size_t kMaxTrailerOctets = 4096;
constexpr std::size_t kMaxSizeDigits = 8;

// LineLength is the length of the first line with its CRLF, 0 while it is not all there; 400 for a bare LF or no end.
tl::expected<std::size_t, int> LineLength(std::string_view input) {
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos) {
    if (input.size() > kMaxLineOctets) return tl::unexpected(400);
    return 0;
  }
  if (end == 0 || input[end - 1] != '\r' || end > kMaxLineOctets) return tl::unexpected(400);
  return end + 1;
}

}  // namespace

tl::expected<BodyReader, int> BodyReader::For(const RequestHead& head, std::size_t max_octets) {
  BodyReader reader;
  reader.max_octets_ = max_octets;
  if (head.is_chunked) {
    reader.state_ = State::kChunkSize;
    return reader;
  }
  reader.left_ = head.content_length.value_or(0);
  if (reader.left_ > max_octets) return tl::unexpected(413);
  if (reader.left_ > 0) reader.state_ = State::kOctets;
  return reader;
}

tl::expected<std::size_t, int> BodyReader::Consume(std::string_view input, std::string& body) {
  std::size_t used = 0;
  while (!is_complete() && used < input.size()) {
    const auto step = Step(input.substr(used), body);
    if (!step) return tl::unexpected(step.error());
    if (*step == 0) break;
    used += *step;
  }
  return used;
}

tl::expected<std::size_t, int> BodyReader::Step(std::string_view input, std::string& body) {
  switch (state_) {
    case State::kOctets:
    case State::kChunk:
      return TakeOctets(input, body);
    case State::kChunkSize:
      return TakeChunkSize(input, body.size());
    case State::kChunkEnd:
      return TakeChunkEnd(input);
    case State::kTrailer:
      return TakeTrailerLine(input);
    case State::kComplete:
      return 0;
  }
  return 0;
}

std::size_t BodyReader::TakeOctets(std::string_view input, std::string& body) {
  const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  body.append(input.substr(0, taken));
  left_ -= taken;
  if (left_ == 0) state_ = state_ == State::kChunk ? State::kChunkEnd : State::kComplete;
  return taken;
}

tl::expected<std::size_t, int> BodyReader::TakeChunkSize(std::string_view input, std::size_t body_octets) {
  const auto length = LineLength(input);
  if (!length || *length == 0) return length;
  std::size_t digits = 0;
  std::uint64_t size = 0;
  for (; digits < *length; ++digits) {
    const auto digit = HexDigit(input[digits]);
    if (!digit) break;
    if (digits == kMaxSizeDigits) return tl::unexpected(413);
    size = size << 4 | *digit;
  }
  const std::string_view rest = Trim(input.substr(digits, *length - 2 - digits));
  if (digits == 0 || (!rest.empty() && rest.front() != ';')) return tl::unexpected(400);
  if (size > max_octets_ - body_octets) return tl::unexpected(413);
  left_ = size;
  state_ = size == 0 ? State::kTrailer : State::kChunk;
  return length;
}

tl::expected<std::size_t, int> BodyReader::TakeChunkEnd(std::string_view input) {
  if (input.size() < 2) return 0;
  if (!input.starts_with("\r\n")) return tl::unexpected(400);
  state_ = State::kChunkSize;
  return 2;
}

tl::expected<std::size_t, int> BodyReader::TakeTrailerLine(std::string_view input) {
  const auto length = LineLength(input);
  if (!length || *length == 0) return length;
  trailer_octets_ += *length;
  if (trailer_octets_ > kMaxTrailerOctets) return tl::unexpected(431);
  if (*length == 2) state_ = State::kComplete;
  return length;
}

}  // namespace gateway
