#include "pki/secret.h"

#include <catch2/catch.hpp>
#include <type_traits>

#include "identity.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::Secret;

namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

// Whether the octets that `text` has reserved hold nothing any more; a std::string keeps them until it grows.
bool IsWiped(const Bytes& text) {
  return ByteView(text.data(), text.capacity()).find_first_not_of('\0') == ByteView::npos;
}

}  // namespace

TEST_CASE("wiping empties a string and clears what it had reserved", "[pki][secret]") {
  Bytes text = GENERATE(Bytes("short"), Bytes(1000, 's'));
  text.resize(text.size() / 2);
  pki::Wipe(text);
  CHECK(text.empty());
  CHECK(IsWiped(text));
}

TEST_CASE("a secret that was moved from is empty, whatever its length", "[pki][secret]") {
  const Bytes octets = GENERATE(Bytes("short"), Bytes(1000, 's'));
  Secret first{octets};
  const char* const place = first.Reveal().data();
  Secret second(std::move(first));
  CHECK(first.empty());
  CHECK(ByteView(place, 5) == ByteView("\0\0\0\0\0", 5));
  CHECK(second.Reveal() == octets);
  Secret third("old");
  third = std::move(second);
  CHECK(second.empty());
  CHECK(third.Reveal() == octets);
}

TEST_CASE("a secret assigned to itself keeps its octets", "[pki][secret]") {
  Secret secret("octets");
  Secret& same = secret;
  secret = std::move(same);
  CHECK(secret.Reveal() == "octets");
  CHECK(secret.Copy().Reveal() == "octets");
}

TEST_CASE("octets are equal if all of them are", "[pki][secret]") {
  CHECK(pki::ConstantTimeEquals("", ""));
  CHECK(pki::ConstantTimeEquals(ByteView("a\0b", 3), ByteView("a\0b", 3)));
  CHECK_FALSE(pki::ConstantTimeEquals(ByteView("a\0b", 3), ByteView("a\0c", 3)));
  CHECK_FALSE(pki::ConstantTimeEquals("aab", "bab"));
  CHECK_FALSE(pki::ConstantTimeEquals("ab", "abc"));
  CHECK_FALSE(pki::ConstantTimeEquals("", "a"));
}

TEST_CASE("random octets are as many as asked for and never the same", "[pki][secret]") {
  CHECK(Must(pki::RandomBytes(33)).size() == 33);
  CHECK(Must(pki::RandomBytes(16)) != Must(pki::RandomBytes(16)));
  CHECK(Must(pki::RandomSecret(16)).Reveal() != Must(pki::RandomSecret(16)).Reveal());
  CHECK(Must(pki::RandomBytes(0)).empty());
}
