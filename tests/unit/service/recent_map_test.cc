#include "service/recent_map.h"

#include <catch2/catch.hpp>

#include "service/address.h"

namespace {

TEST_CASE("a full map forgets who was touched longest ago", "[service][bounds]") {
  service::RecentMap<int> map(2);
  for (const char* key : {"a", "b", "a", "c"}) map.Touch(key, 0)++;
  CHECK(map.size() == 2);
  REQUIRE(map.Find("a") != nullptr);
  CHECK(*map.Find("a") == 2);
  CHECK(map.Find("b") == nullptr);
  // To look is no touch.
  map.Touch("d", 0);
  CHECK(map.Find("a") == nullptr);
  CHECK(map.begin()->first == "d");
}

TEST_CASE("an IPv4 address and an IPv6 /64 are each one source, however they are spelt", "[service]") {
  using service::SourceKey;
  CHECK(SourceKey("192.0.2.1") == SourceKey("::ffff:192.0.2.1"));
  CHECK(SourceKey("192.0.2.1") != SourceKey("192.0.2.2"));
  CHECK(SourceKey("::ffff:192.0.2.1") != SourceKey("::ffff:192.0.2.2"));
  CHECK(SourceKey("2001:db8:0:1::1") == SourceKey("2001:DB8:0:1:ffff::2"));
  CHECK(SourceKey("2001:db8:0:1::1") != SourceKey("2001:db8:0:2::1"));
  CHECK(SourceKey("elsewhere") == "elsewhere");
}

TEST_CASE("a peer's address is told from what gRPC calls it, and anything else is none", "[service]") {
  using service::AddressOfPeer;
  CHECK(AddressOfPeer("ipv4:192.0.2.1:1234") == "192.0.2.1");
  CHECK(AddressOfPeer("ipv6:[2001:db8::1]:1234") == "2001:db8::1");
  CHECK(AddressOfPeer("ipv6:%5B2001:db8::1%5D:1234") == "2001:db8::1");
  for (const char* const peer : {"", "ipv4", "ipv4:", "ipv6:[", "ipv6:[]:1", "unix:/run/socket", "unix:192.0.2.1:1",
                                 "ipv4:example.org:1", "ipv4:192.0.2.1\n:1"}) {
    INFO(peer);
    CHECK(AddressOfPeer(peer).empty());
  }
}

}  // namespace
