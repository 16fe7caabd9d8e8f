#include "pki/bytes.h"

#include <catch2/catch.hpp>

#include "identity.h"
#include "pki/pem.h"

using namespace testing;
using pki::Bytes;

TEST_CASE("octets are written in hexadecimal and read back in either case", "[pki][bytes]") {
  CHECK(pki::HexLower(Bytes("\x00\x7f\x80\xff", 4)) == "007f80ff");
  CHECK(Must(pki::FromHex("007F80fF")) == Bytes("\x00\x7f\x80\xff", 4));
}

TEST_CASE("what is no hexadecimal is refused", "[pki][bytes]") {
  for (const char* text : {"0", "0g", " 00", "0x00", "00 ", "0/", "0:", "0@", "0`"}) {
    CAPTURE(text);
    CHECK_FALSE(pki::FromHex(text).has_value());
  }
}

// RFC 4648 section 10.
TEST_CASE("base64 is RFC 4648's, with its padding or without", "[pki][bytes]") {
  const auto [octets, text] = GENERATE(table<std::string, std::string>({{"", ""},
                                                                        {"f", "Zg=="},
                                                                        {"fo", "Zm8="},
                                                                        {"foo", "Zm9v"},
                                                                        {"foob", "Zm9vYg=="},
                                                                        {"fooba", "Zm9vYmE="},
                                                                        {"foobar", "Zm9vYmFy"}}));
  CHECK(pki::Base64(octets) == text);
  CHECK(Must(pki::FromBase64(text)) == octets);
  CHECK(Must(pki::FromBase64(text.substr(0, text.find('=')))) == octets);
}

TEST_CASE("what is no base64 is refused", "[pki][bytes]") {
  for (const char* text : {"A", "AAAAA", "AA A", "AA\nA", "AA-_", "Zg==Zg==", "\xff\xff"}) {
    CAPTURE(text);
    CHECK_FALSE(pki::FromBase64(text).has_value());
  }
}

TEST_CASE("a PEM block is read as it is written, and text around it is passed over", "[pki][pem]") {
  const Bytes octets(100, '\xa5');
  const std::string text = "noise\n" + pki::PemBlock("THING", octets) + "more\n" + pki::PemBlock("OTHER", "x");
  CHECK(Must(pki::PemBlocks(text, "THING")) == std::vector<Bytes>{octets});
  CHECK(Must(pki::PemBlocks(text, "NOTHING")).empty());
}

TEST_CASE("PEM lines have 64 characters", "[pki][pem]") {
  const std::string text = pki::PemBlock("THING", Bytes(48 + 1, 'x'));
  CHECK(text == "-----BEGIN THING-----\n" + pki::Base64(Bytes(48, 'x')) + "\neA==\n-----END THING-----\n");
}

TEST_CASE("PEM with line ends of Windows is read, several blocks in their order", "[pki][pem]") {
  const std::string text =
      "-----BEGIN A-----\r\nYQ==\r\n-----END A-----\r\n-----BEGIN A-----\r\nYg==\r\n-----END A-----";
  CHECK(Must(pki::PemBlocks(text, "A")) == std::vector<Bytes>{"a", "b"});
}

TEST_CASE("a PEM block that does not end or is no base64 is refused", "[pki][pem]") {
  CHECK_FALSE(pki::PemBlocks("-----BEGIN A-----\nYQ==\n", "A").has_value());
  CHECK_FALSE(pki::PemBlocks("-----BEGIN A-----\nYQ==\n-----END B-----\n", "A").has_value());
  CHECK_FALSE(pki::PemBlocks("-----BEGIN A-----\nY*==\n-----END A-----\n", "A").has_value());
  CHECK_FALSE(pki::PemBlocks("-----BEGIN A-----\nYQ==\n" + pki::PemBlock("A", "b"), "A").has_value());
}
