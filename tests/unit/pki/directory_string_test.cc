#include <catch2/catch.hpp>

#include "identity.h"
#include "pki/name.h"

using namespace testing;
using pki::ByteView;
namespace der = pki::der;

namespace {

std::string Utf8(std::uint8_t tag, ByteView value) {
  const auto text = pki::DirectoryStringToUtf8(tag, value);
  return text ? *text : "refused: " + text.error().detail;
}

bool IsRefused(std::uint8_t tag, ByteView value) {
  return !pki::DirectoryStringToUtf8(tag, value).has_value();
}

}  // namespace

TEST_CASE("every type of string becomes UTF-8", "[pki][name]") {
  CHECK(Utf8(der::kUtf8String, "gr\xc3\xbcn \xf0\x9f\x94\x91") == "gr\xc3\xbcn \xf0\x9f\x94\x91");
  CHECK(Utf8(der::kPrintableString, "Router 7") == "Router 7");
  CHECK(Utf8(der::kIa5String, "a@b") == "a@b");
  CHECK(Utf8(der::kT61String, "gr\xfcn") == "gr\xc3\xbcn");
  CHECK(Utf8(der::kBmpString, ByteView("\0g\0\xfc\x20\xac", 6)) == "g\xc3\xbc\xe2\x82\xac");
  CHECK(Utf8(der::kUniversalString, ByteView("\0\0\0g\0\1\xf5\x11", 8)) == "g\xf0\x9f\x94\x91");
  CHECK(Utf8(der::kUtf8String, "") == "");
}

TEST_CASE("a string that ends within a character is refused", "[pki][name]") {
  CHECK(IsRefused(der::kBmpString, ByteView("\0a\0", 3)));
  CHECK(IsRefused(der::kUniversalString, ByteView("\0\0\0a\0\0", 6)));
  CHECK(IsRefused(der::kUtf8String, "a\xc3"));
  CHECK(IsRefused(der::kUtf8String, "a\xf0\x9f\x94"));
}

TEST_CASE("a character that is none is refused", "[pki][name]") {
  CHECK(IsRefused(der::kBmpString, "\xd8\x3d\xdd\x11"));
  CHECK(IsRefused(der::kUniversalString, ByteView("\0\0\xd8\0", 4)));
  CHECK(IsRefused(der::kUniversalString, ByteView("\0\x11\0\0", 4)));
}

TEST_CASE("invalid UTF-8 is refused", "[pki][name]") {
  const std::string text = GENERATE("\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf",
                                    "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf",
                                    "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3(", "\xe2\x82(");
  CAPTURE(pki::HexLower(text));
  CHECK(IsRefused(der::kUtf8String, text));
}

TEST_CASE("the first and last characters of each length of UTF-8 are taken", "[pki][name]") {
  const std::string text = GENERATE("\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                    "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf");
  CHECK(Utf8(der::kUtf8String, text) == text);
}

TEST_CASE("octets beyond ASCII in ASCII's types, and other types, are refused", "[pki][name]") {
  CHECK(IsRefused(der::kPrintableString, "gr\xfcn"));
  CHECK(IsRefused(der::kIa5String, "gr\xc3\xbcn"));
  CHECK(IsRefused(der::kOctetString, "a"));
  CHECK(IsRefused(0x1a, "a"));
}
