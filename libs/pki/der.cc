#include "pki/der.h"

#include <algorithm>

namespace pki::der {

namespace {

using result::Fail;
using result::Reason;

// Reads identifier and length octets; `header` is set to how many they are.
result::Result<std::size_t> ReadLength(ByteView input, std::size_t& header) {
  if (input.size() < 2) return Fail(Reason::kMalformed, "an element ends early");
  if ((input[0] & 0x1f) == 0x1f) return Fail(Reason::kMalformed, "a tag of more than one octet");
  const auto first = static_cast<unsigned char>(input[1]);
  header = 2;
  if (first < 0x80) return first;
  const std::size_t count = first & 0x7f;
  if (count == 0) return Fail(Reason::kMalformed, "an indefinite length");
  if (count > 4 || input.size() < 2 + count) return Fail(Reason::kMalformed, "a length that is too long");
  std::size_t length = 0;
  for (std::size_t i = 0; i < count; i++) length = length << 8 | static_cast<unsigned char>(input[2 + i]);
  header += count;
  return length;
}

// LengthOctets is how many octets of length follow the first: none in the short form.
int LengthOctets(std::size_t length) {
  int count = 0;
  if (length < 0x80) return count;
  while (length >> (8 * count) != 0) count++;
  return count;
}

std::size_t HeaderLength(std::size_t length) {
  return 2 + static_cast<std::size_t>(LengthOctets(length));
}

void AppendHeader(Bytes& out, std::uint8_t tag, std::size_t length) {
  const int count = LengthOctets(length);
  out += static_cast<char>(tag);
  out += static_cast<char>(count == 0 ? length : 0x80 | static_cast<std::size_t>(count));
  for (int i = count - 1; i >= 0; i--) out += static_cast<char>(length >> (8 * i));
}

}  // namespace

result::Result<Tlv> Reader::Next() {
  std::size_t header = 0;
  ASSIGN_OR_RETURN(const std::size_t length, ReadLength(rest_, header));
  if (length > rest_.size() - header) return Fail(Reason::kMalformed, "an element is longer than its input");
  const Tlv element{static_cast<std::uint8_t>(rest_[0]), rest_.substr(header, length),
                    rest_.substr(0, header + length)};
  rest_.remove_prefix(header + length);
  return element;
}

result::Result<Tlv> Reader::Next(std::uint8_t tag) {
  if (rest_.empty() || static_cast<std::uint8_t>(rest_[0]) != tag) {
    return Fail(Reason::kMalformed,
                "expected an element of tag 0x" + HexLower(ByteView(reinterpret_cast<char*>(&tag), 1)));
  }
  return Next();
}

result::Result<std::optional<Tlv>> Reader::NextIf(std::uint8_t tag) {
  if (rest_.empty() || static_cast<std::uint8_t>(rest_[0]) != tag) return std::nullopt;
  ASSIGN_OR_RETURN(const Tlv element, Next());
  return element;
}

result::Result<void> Reader::Finish() const {
  if (!rest_.empty()) return Fail(Reason::kMalformed, "octets behind the last element");
  return {};
}

result::Result<Tlv> ReadOnly(ByteView input, std::uint8_t tag) {
  Reader reader(input);
  ASSIGN_OR_RETURN(const Tlv element, reader.Next(tag));
  RETURN_IF_ERROR(reader.Finish());
  return element;
}

Bytes Encode(std::uint8_t tag, std::initializer_list<ByteView> parts) {
  std::size_t length = 0;
  for (const ByteView part : parts) length += part.size();
  Bytes out;
  out.reserve(HeaderLength(length) + length);
  AppendHeader(out, tag, length);
  for (const ByteView part : parts) out += part;
  return out;
}

Part Part::Element(std::uint8_t tag, std::vector<Part> parts) {
  Part element;
  element.tag_ = tag;
  element.parts_ = std::move(parts);
  for (const Part& part : element.parts_) {
    element.length_ += part.length_ + (part.tag_.has_value() ? HeaderLength(part.length_) : 0);
  }
  return element;
}

Part Part::Borrow(ByteView octets) {
  Part part;
  part.borrowed_ = octets;
  part.length_ = octets.size();
  return part;
}

Bytes Part::Write() const {
  Bytes out;
  out.reserve(HeaderLength(length_) + length_);
  AppendTo(out);
  return out;
}

void Part::AppendTo(Bytes& out) const {
  if (tag_.has_value()) AppendHeader(out, *tag_, length_);
  out += octets_;
  out += borrowed_;
  for (const Part& part : parts_) part.AppendTo(out);
}

Bytes EncodeSetOf(std::vector<Bytes> members, std::uint8_t tag) {
  std::sort(members.begin(), members.end());
  Bytes all;
  for (const Bytes& member : members) all += member;
  return Encode(tag, all);
}

Bytes EncodeUnsigned(ByteView magnitude) {
  while (magnitude.size() > 1 && magnitude[0] == 0) magnitude.remove_prefix(1);
  if (magnitude.empty()) return Encode(kInteger, ByteView("\0", 1));
  if (magnitude[0] & 0x80) return Encode(kInteger, {ByteView("\0", 1), magnitude});
  return Encode(kInteger, magnitude);
}

result::Result<ByteView> ParseUnsigned(const Tlv& integer) {
  ByteView magnitude = integer.value;
  if (integer.tag != kInteger || magnitude.empty() || (magnitude[0] & 0x80) != 0) {
    return Fail(Reason::kMalformed, "not an integer of 0 or more");
  }
  while (magnitude.size() > 1 && magnitude[0] == 0) magnitude.remove_prefix(1);
  return magnitude;
}

}  // namespace pki::der
