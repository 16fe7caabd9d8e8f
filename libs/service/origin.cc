#include "service/origin.h"

#include <utility>

#include "service/address.h"

namespace service {

namespace {

// A handler runs on one thread from its beginning to its end.
thread_local Origin current_origin;

// Drop removes `text` from the beginning of `from`, if it is there.
bool Drop(std::string_view& from, std::string_view text) {
  if (!from.starts_with(text)) return false;
  from.remove_prefix(text.size());
  return true;
}

}  // namespace

OriginScope::OriginScope(Origin origin) : before_(std::exchange(current_origin, std::move(origin))) {}

OriginScope::~OriginScope() {
  current_origin = std::move(before_);
}

const Origin& CurrentOrigin() {
  return current_origin;
}

std::string AddressOfPeer(std::string_view peer) {
  std::string_view end = ":";
  if (Drop(peer, "ipv6:")) {
    end = Drop(peer, "%5B") ? "%5D" : "]";
    Drop(peer, "[");
  } else if (!Drop(peer, "ipv4:")) {
    return {};
  }
  const std::string_view address = peer.substr(0, peer.find(end));
  return ParseAddress(address) ? std::string(address) : std::string();
}

}  // namespace service
