#include "pki/sealed.h"

#include <catch2/catch.hpp>

#include "identity.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using result::Reason;

namespace {

const Bytes kKey(32, 'k');

bool IsOpened(ByteView key, std::string_view context, ByteView sealed) {
  const auto opened = pki::Unseal(key, context, sealed);
  if (!opened) CHECK(opened.error().reason == Reason::kBadMessageCheck);
  return opened.has_value();
}

}  // namespace

TEST_CASE("what was sealed opens with the same key and context", "[pki][sealed]") {
  const Bytes plaintext = GENERATE(Bytes(), Bytes("a"), Bytes("\0secret\0", 8), Bytes(5000, 'x'));
  const Bytes sealed = Must(pki::Seal(kKey, "ca-key:42", plaintext));
  CHECK(sealed.size() == 1 + 12 + plaintext.size() + 16);
  CHECK(Must(pki::Unseal(kKey, "ca-key:42", sealed)).Reveal() == plaintext);
}

TEST_CASE("sealing twice gives different octets", "[pki][sealed]") {
  CHECK(Must(pki::Seal(kKey, "c", "secret")) != Must(pki::Seal(kKey, "c", "secret")));
}

TEST_CASE("a sealed value does not hold what it seals", "[pki][sealed]") {
  CHECK(Must(pki::Seal(kKey, "c", "secret octets")).find("secret") == Bytes::npos);
}

TEST_CASE("any bit that was changed is noticed", "[pki][sealed]") {
  const Bytes sealed = Must(pki::Seal(kKey, "c", "secret"));
  for (std::size_t bit = 0; bit < sealed.size() * 8; bit++) {
    Bytes changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    CAPTURE(bit);
    CHECK_FALSE(IsOpened(kKey, "c", changed));
  }
}

TEST_CASE("a sealed value truncated or extended anywhere is refused", "[pki][sealed]") {
  const Bytes sealed = Must(pki::Seal(kKey, "c", "secret"));
  for (std::size_t length = 0; length < sealed.size(); length++) {
    CHECK_FALSE(IsOpened(kKey, "c", ByteView(sealed).substr(0, length)));
  }
  CHECK_FALSE(IsOpened(kKey, "c", sealed + '\0'));
}

TEST_CASE("another key or another context opens nothing", "[pki][sealed]") {
  const Bytes sealed = Must(pki::Seal(kKey, "ca-key:42", "secret"));
  CHECK_FALSE(IsOpened(Bytes(32, 'l'), "ca-key:42", sealed));
  CHECK_FALSE(IsOpened(kKey, "ca-key:43", sealed));
  CHECK_FALSE(IsOpened(kKey, "", sealed));
  CHECK_FALSE(IsOpened(kKey.substr(1), "ca-key:42", sealed));
}

TEST_CASE("a key of another length seals nothing", "[pki][sealed]") {
  for (const std::size_t length : {0, 16, 31, 33}) CHECK_FALSE(pki::Seal(Bytes(length, 'k'), "c", "x").has_value());
}
