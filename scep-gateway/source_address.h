#ifndef CERTIFIER_SCEP_GATEWAY_SOURCE_ADDRESS_H
#define CERTIFIER_SCEP_GATEWAY_SOURCE_ADDRESS_H

#include <string>
#include <string_view>
#include <vector>

#include "result/result.h"
#include "service/address.h"

namespace gateway {

using service::Address;
using service::ParseAddress;

// Network is a range of addresses: "192.0.2.0/24", "2001:db8::/32", or one address.
struct Network {
  Address address{};
  unsigned prefix_bits = 128;  // Of the 16 octets.

  // Parse: malformed for anything else.
  static result::Result<Network> Parse(std::string_view text);
  bool Contains(const Address& address) const;
};

// SourceOf is where a request came from: `peer` itself, unless it is one of `trusted_proxies`; then the last address of
// `forwarded_for` (X-Forwarded-For, fields joined with commas) that is none of them. What stands left of an element
// that is no address is not believed.
std::string SourceOf(const std::string& peer, std::string_view forwarded_for,
                     const std::vector<Network>& trusted_proxies);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_SOURCE_ADDRESS_H
