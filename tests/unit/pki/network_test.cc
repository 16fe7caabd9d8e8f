#include "pki/network.h"

#include <catch2/catch.hpp>

#include "identity.h"

using namespace testing;
using pki::Network;

namespace {

bool Holds(std::string_view network, std::string_view address) {
  return Must(Network::Parse(network)).Contains(address);
}

}  // namespace

TEST_CASE("a network holds its addresses and no other", "[pki][network]") {
  const auto [network, address, is_inside] =
      GENERATE(table<std::string, std::string, bool>({{"192.0.2.0/24", "192.0.2.0", true},
                                                      {"192.0.2.0/24", "192.0.2.255", true},
                                                      {"192.0.2.0/24", "192.0.3.0", false},
                                                      {"192.0.2.128/25", "192.0.2.127", false},
                                                      {"192.0.2.128/25", "192.0.2.128", true},
                                                      {"192.0.2.6/31", "192.0.2.7", true},
                                                      {"192.0.2.6/31", "192.0.2.8", false},
                                                      {"192.0.2.7/32", "192.0.2.7", true},
                                                      {"192.0.2.7", "192.0.2.7", true},
                                                      {"192.0.2.7", "192.0.2.6", false},
                                                      {"0.0.0.0/0", "198.51.100.1", true},
                                                      {"128.0.0.0/1", "127.255.255.255", false},
                                                      {"2001:db8::/32", "2001:DB8:ffff::1", true},
                                                      {"2001:db8::/33", "2001:db8:7fff::1", true},
                                                      {"2001:db8::/33", "2001:db8:8000::1", false},
                                                      {"2001:db8::1", "2001:0db8:0:0::1", true},
                                                      {"2001:db8::1", "2001:db8::2", false},
                                                      {"::/0", "2001:db8::1", true}}));
  CAPTURE(network, address);
  CHECK(Holds(network, address) == is_inside);
}

TEST_CASE("no network of one family holds an address of the other, mapped or not", "[pki][network]") {
  CHECK_FALSE(Holds("0.0.0.0/0", "2001:db8::1"));
  CHECK_FALSE(Holds("::/0", "192.0.2.1"));
  CHECK_FALSE(Holds("192.0.2.0/24", "::ffff:192.0.2.1"));
  CHECK_FALSE(Holds("::ffff:192.0.2.0/120", "192.0.2.1"));
  CHECK(Holds("::ffff:192.0.2.0/120", "::ffff:c000:201"));
}

TEST_CASE("text that is no address is in no network", "[pki][network]") {
  for (const auto& text : {std::string(), std::string("a.example"), std::string("10.0.0"), std::string("10.0.0.1/32"),
                           std::string("[::1]"), std::string("fe80::1%eth0"), std::string("010.0.0.1"),
                           std::string("10.0.0.1\0", 9), std::string("10.0.0.1 "), std::string(100, '1')}) {
    CAPTURE(text);
    CHECK_FALSE(Holds("0.0.0.0/0", text));
    CHECK_FALSE(Holds("::/0", text));
  }
}

TEST_CASE("what is no network is malformed", "[pki][network]") {
  const auto text =
      GENERATE(as<std::string>(), "", "/", "/8", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/+1",
               "192.0.2.0/ 8", "192.0.2.0/24x", "192.0.2.0/24/24", "192.0.2.0/4294967320", "192.0.2/24",
               "192.0.2.0/255.255.255.0", "2001:db8::/129", "2001:db8::/", "[2001:db8::]/32", "a.example", "*");
  CAPTURE(text);
  const auto network = Network::Parse(text);
  REQUIRE_FALSE(network.has_value());
  CHECK(network.error().reason == result::Reason::kMalformed);
}

TEST_CASE("a network with bits set behind its prefix is malformed", "[pki][network]") {
  for (const char* text :
       {"192.0.2.1/24", "192.0.2.0/22", "192.0.2.7/31", "128.0.0.0/0", "2001:db8::1/64", "::1/127"}) {
    CAPTURE(text);
    CHECK_FALSE(Network::Parse(text).has_value());
  }
}
