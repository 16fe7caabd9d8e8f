#include "service/address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace service {

namespace {

constexpr std::array<unsigned char, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kV6SiteOctets = 8;

}  // namespace

std::optional<Address> ParseAddress(std::string_view text) {
  if (text.empty() || text.size() > INET6_ADDRSTRLEN) return std::nullopt;
  const std::string copy(text);
  Address address{};
  if (inet_pton(AF_INET6, copy.c_str(), address.data()) == 1) return address;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.begin());
  if (inet_pton(AF_INET, copy.c_str(), address.data() + kMappedPrefix.size()) == 1) return address;
  return std::nullopt;
}

std::string SourceKey(const std::string& source) {
  const auto address = ParseAddress(source);
  if (!address) return source;
  const bool is_v4 = std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address->begin());
  const std::size_t octets = is_v4 ? address->size() : kV6SiteOctets;
  return std::string(address->begin(), address->begin() + static_cast<std::ptrdiff_t>(octets));
}

std::string AddressOfPeer(std::string_view peer) {
  if (!peer.starts_with("ipv4:") && !peer.starts_with("ipv6:")) return "";
  auto host = peer.substr(std::string_view("ipv4:").size());
  host = host.substr(0, host.rfind(':'));
  for (const std::string_view bracket : {"[", "%5B"}) {
    if (host.starts_with(bracket)) host.remove_prefix(bracket.size());
  }
  for (const std::string_view bracket : {"]", "%5D"}) {
    if (host.ends_with(bracket)) host.remove_suffix(bracket.size());
  }
  return ParseAddress(host) ? std::string(host) : std::string();
}

}  // namespace service
