#ifndef CERTIFIER_PKI_BYTES_H
#define CERTIFIER_PKI_BYTES_H

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "result/result.h"

namespace pki {

// Bytes are octets, owned; ByteView are octets, borrowed. They are std::string because Protocol Buffers' bytes are.
using Bytes = std::string;
using ByteView = std::string_view;

// Octets is a string of octets that is not interchangeable with another: Octets<struct NonceTag> and so on.
template <class Tag>
class Octets {
 public:
  Octets() = default;
  explicit Octets(Bytes octets) : octets_(std::move(octets)) {}
  const Bytes& octets() const { return octets_; }
  bool empty() const { return octets_.empty(); }
  auto operator<=>(const Octets&) const = default;

 private:
  Bytes octets_;
};

// HexLower writes two lower-case digits an octet, without separators.
std::string HexLower(ByteView octets);
// FromHex reads hexadecimal of either case; malformed: an odd count or another character.
result::Result<Bytes> FromHex(std::string_view hex);
// Base64 writes RFC 4648 section 4 without line breaks.
std::string Base64(ByteView octets);
// FromBase64 reads RFC 4648 section 4, padding optional, no white space; malformed otherwise.
result::Result<Bytes> FromBase64(std::string_view text);

}  // namespace pki

#endif  // CERTIFIER_PKI_BYTES_H
