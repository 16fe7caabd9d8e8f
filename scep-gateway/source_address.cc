#include "source_address.h"

#include <algorithm>
#include <cstring>

#include "ascii.h"

namespace gateway {

namespace {

constexpr unsigned kMappedBits = 96;

bool IsTrusted(const Address& address, const std::vector<Network>& trusted_proxies) {
  return std::any_of(trusted_proxies.begin(), trusted_proxies.end(),
                     [&](const Network& network) { return network.Contains(address); });
}

}  // namespace

result::Result<Network> Network::Parse(std::string_view text) {
  const auto fail = [&] {
    return result::Fail(result::Reason::kMalformed,
                        "\"" + std::string(text) + "\" is no network, such as 192.0.2.0/24 or 2001:db8::/32");
  };
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const auto address = ParseAddress(host);
  if (!address) return fail();
  const bool is_v4 = host.find(':') == std::string_view::npos;
  const unsigned most = is_v4 ? 32 : 128;
  unsigned bits = most;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    if (digits.empty() || digits.size() > 3 || digits.find_first_not_of("0123456789") != std::string_view::npos) {
      return fail();
    }
    bits = 0;
    for (const char digit : digits) bits = bits * 10 + static_cast<unsigned>(digit - '0');
    if (bits > most) return fail();
  }
  return Network{*address, is_v4 ? kMappedBits + bits : bits};
}

bool Network::Contains(const Address& other) const {
  const std::size_t octets = prefix_bits / 8;
  if (std::memcmp(address.data(), other.data(), octets) != 0) return false;
  const unsigned rest = prefix_bits % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xff00u >> rest & 0xffu;
  return (address[octets] & mask) == (other[octets] & mask);
}

std::string SourceOf(const std::string& peer, std::string_view forwarded_for,
                     const std::vector<Network>& trusted_proxies) {
  std::string source = peer;
  while (true) {
    const auto address = ParseAddress(source);
    if (!address || !IsTrusted(*address, trusted_proxies) || forwarded_for.empty()) return source;
    const std::size_t comma = forwarded_for.rfind(',');
    const std::string_view last =
        Trim(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
    forwarded_for = comma == std::string_view::npos ? std::string_view() : forwarded_for.substr(0, comma);
    if (!ParseAddress(last)) return source;
    source = std::string(last);
  }
}

}  // namespace gateway
