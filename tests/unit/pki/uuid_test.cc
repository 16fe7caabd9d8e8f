#include "pki/uuid.h"

#include <catch2/catch.hpp>

namespace {

TEST_CASE("a UUID of a digest is of version 8 and reads back", "[pki][uuid]") {
  const std::string text = pki::DigestUuid({"a", "b"});
  REQUIRE(text.size() == 36);
  CHECK(text[14] == '8');
  CHECK(std::string("89ab").find(text[19]) != std::string::npos);
  const auto octets = pki::ParseUuid(text);
  REQUIRE(octets);
  CHECK(octets->size() == 16);
  CHECK(pki::DigestUuid({"a", "b"}) == text);
}

TEST_CASE("no two lists of parts have one UUID", "[pki][uuid]") {
  const std::string text = pki::DigestUuid({"a", "bc"});
  CHECK(pki::DigestUuid({"ab", "c"}) != text);
  CHECK(pki::DigestUuid({"a", "bc", ""}) != text);
  CHECK(pki::DigestUuid({"bc", "a"}) != text);
}

TEST_CASE("what is no UUID is refused", "[pki][uuid]") {
  CHECK(pki::ParseUuid("0123ABCD-0000-8000-8000-00000000000f"));
  for (const std::string wrong : {"", "1234", "00000000-0000-8000-8000-00000000000",
                                  "00000000-0000-8000-8000-0000000000000", "00000000000080008000000000000000",
                                  "0000000g-0000-8000-8000-000000000000", "-00000000000-8000-8000-000000000000"}) {
    CHECK_FALSE(pki::ParseUuid(wrong));
  }
}

}  // namespace
