#ifndef CERTIFIER_SERVICE_ADDRESS_H
#define CERTIFIER_SERVICE_ADDRESS_H

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace service {

// Address is an IP address in 16 octets, IPv4 as IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2).
using Address = std::array<unsigned char, 16>;

// ParseAddress reads a numeric IPv4 or IPv6 address, without brackets, port or zone.
std::optional<Address> ParseAddress(std::string_view text);

// SourceKey is what requests are counted by that come from one place: the 16 octets of an IPv4 address, or the first 8
// of an IPv6 address, since one site has a whole /64. Text that is no address stands for itself.
std::string SourceKey(const std::string& source);

// AddressOfPeer is the address in what gRPC calls a peer: "192.0.2.1" of "ipv4:192.0.2.1:1234", "2001:db8::1" of
// "ipv6:[2001:db8::1]:1234" or "ipv6:%5B2001:db8::1%5D:1234"; empty for anything else.
std::string AddressOfPeer(std::string_view peer);

}  // namespace service

#endif  // CERTIFIER_SERVICE_ADDRESS_H
