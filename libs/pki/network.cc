#include "pki/network.h"

#include <arpa/inet.h>

#include <charconv>

namespace pki {

namespace {

using result::Fail;
using result::Reason;

// `address` with every bit behind the first `bits` cleared.
Bytes Prefix(Bytes address, unsigned bits) {
  for (std::size_t i = 0; i < address.size(); i++) {
    const unsigned kept = bits < 8 ? bits : 8;
    address[i] = static_cast<char>(address[i] & (0xff00u >> kept));
    bits -= kept;
  }
  return address;
}

}  // namespace

result::Result<Bytes> ParseIpAddress(std::string_view text) {
  const auto fail = [&] { return Fail(Reason::kMalformed, "not an IP address: " + std::string(text)); };
  if (text.size() > INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return fail();
  const std::string terminated(text);
  Bytes octets(16, '\0');
  if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1) return octets;
  octets.resize(4);
  if (inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1) return octets;
  return fail();
}

result::Result<Network> Network::Parse(std::string_view text) {
  const auto fail = [&](std::string_view why) {
    return Fail(Reason::kMalformed, "\"" + std::string(text) + "\" " + std::string(why));
  };
  const std::size_t slash = text.find('/');
  const auto address = ParseIpAddress(text.substr(0, slash));
  if (!address) return fail("is no network, such as 192.0.2.0/24 or 2001:db8::/32");
  const auto most = static_cast<unsigned>(address->size() * 8);
  if (slash == std::string_view::npos) return Network(*address, most);
  const std::string_view digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size() || bits > most) {
    return fail("has no prefix length of 0 to " + std::to_string(most));
  }
  if (Prefix(*address, bits) != *address) return fail("has bits set behind its prefix");
  return Network(*address, bits);
}

bool Network::Contains(std::string_view ip_text) const {
  const auto address = ParseIpAddress(ip_text);
  return address && Prefix(*address, prefix_bits_) == address_;
}

}  // namespace pki
