#ifndef CERTIFIER_PKI_NETWORK_H
#define CERTIFIER_PKI_NETWORK_H

#include <string_view>

#include "pki/bytes.h"

namespace pki {

// ParseIpAddress reads a numeric IPv4 or IPv6 address, without brackets, port or zone, as its 4 or 16 octets; malformed
// if it is none.
result::Result<Bytes> ParseIpAddress(std::string_view text);

// Network is a range of addresses: "192.0.2.0/24", "2001:db8::/32", or one address. IPv4-mapped IPv6 is IPv6.
class Network {
 public:
  // Parse: malformed for anything else, and for an address with bits set behind the prefix, since nobody can tell
  // whether the host or its network was meant.
  static result::Result<Network> Parse(std::string_view text);

  // Contains tells whether `ip_text` is an address of this network; false for text that is no address.
  bool Contains(std::string_view ip_text) const;

 private:
  Network(Bytes address, unsigned prefix_bits) : address_(std::move(address)), prefix_bits_(prefix_bits) {}
  Bytes address_;
  unsigned prefix_bits_;
};

}  // namespace pki

#endif  // CERTIFIER_PKI_NETWORK_H
