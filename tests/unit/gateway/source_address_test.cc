#include "source_address.h"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

TEST_CASE("a network holds its addresses and no other", "[http][source]") {
  const auto [network, address, is_inside] =
      GENERATE(table<std::string, std::string, bool>({{"192.0.2.0/24", "192.0.2.255", true},
                                                      {"192.0.2.0/24", "192.0.3.0", false},
                                                      {"192.0.2.128/25", "192.0.2.127", false},
                                                      {"192.0.2.7", "192.0.2.7", true},
                                                      {"192.0.2.7", "192.0.2.6", false},
                                                      {"0.0.0.0/0", "198.51.100.1", true},
                                                      {"0.0.0.0/0", "2001:db8::1", false},
                                                      {"2001:db8::/33", "2001:db8:7fff::1", true},
                                                      {"2001:db8::/33", "2001:db8:8000::1", false},
                                                      {"::/0", "192.0.2.1", true}}));
  CAPTURE(network, address);
  CHECK(Network::Parse(network)->Contains(*ParseAddress(address)) == is_inside);
}

TEST_CASE("what is no network is refused", "[http][source]") {
  for (const char* text : {"", "/", "192.0.2.0/", "192.0.2.0/33", "192.0.2/24", "2001:db8::/129", "a.example",
                           "1.2.3.4/-1", "1.2.3.4/024x", "[::1]"}) {
    CAPTURE(text);
    CHECK(Network::Parse(text).error().reason == result::Reason::kMalformed);
  }
}

TEST_CASE("only a trusted proxy's word counts, and only as far as it goes", "[http][source]") {
  const std::vector<Network> proxies = {*Network::Parse("10.0.0.0/8"), *Network::Parse("fd00::/8")};
  const auto [peer, forwarded_for, source] = GENERATE(
      table<std::string, std::string, std::string>({{"192.0.2.1", "", "192.0.2.1"},
                                                    {"192.0.2.1", "198.51.100.1", "192.0.2.1"},
                                                    {"10.0.0.1", "", "10.0.0.1"},
                                                    {"10.0.0.1", "198.51.100.1", "198.51.100.1"},
                                                    {"10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"},
                                                    {"10.0.0.1", "198.51.100.1,10.0.0.2 , fd00::1", "198.51.100.1"},
                                                    {"10.0.0.1", "198.51.100.1, unknown, 10.0.0.2", "10.0.0.2"},
                                                    {"10.0.0.1", "2001:db8::1", "2001:db8::1"},
                                                    {"10.0.0.1", ",", "10.0.0.1"},
                                                    {"fd00::1", "10.0.0.3", "10.0.0.3"}}));
  CAPTURE(peer, forwarded_for);
  CHECK(SourceOf(peer, forwarded_for, proxies) == source);
}

}  // namespace
}  // namespace gateway
