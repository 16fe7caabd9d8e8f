#include "pki/der.h"

#include <catch2/catch.hpp>

#include "identity.h"
#include "openssl_x509.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

namespace {

Bytes Hex(std::string_view hex) {
  return Must(pki::FromHex(hex));
}

bool IsRead(const Bytes& octets) {
  return der::Reader(octets).Next().has_value();
}

}  // namespace

TEST_CASE("an element truncated at any length is refused", "[pki][der]") {
  const Bytes element = Element(der::kSequence, {Bytes(300, 'x')});
  for (std::size_t length = 0; length < element.size(); length++) {
    CAPTURE(length);
    CHECK_FALSE(IsRead(element.substr(0, length)));
  }
  CHECK(IsRead(element));
}

TEST_CASE("lengths that are not minimal are read", "[pki][der]") {
  for (const char* hex : {"040161", "04810161", "0482000161", "048300000161", "04840000000161"}) {
    CAPTURE(hex);
    const Bytes octets = Hex(hex);
    const auto element = Must(der::ReadOnly(octets, der::kOctetString));
    CHECK(element.value == "a");
    CHECK(element.encoding == octets);
  }
}

TEST_CASE("lengths of five octets, indefinite and reserved ones are refused", "[pki][der]") {
  for (const char* hex :
       {"0485000000000161", "30800000", "04800000", "04ff61", "0484ffffffff61", "0488ffffffffffffffff"}) {
    CAPTURE(hex);
    CHECK_FALSE(IsRead(Hex(hex)));
  }
}

TEST_CASE("a tag of more than one octet is refused", "[pki][der]") {
  CHECK_FALSE(IsRead(Hex("1f0100")));
  CHECK_FALSE(IsRead(Hex("bf210100")));
}

TEST_CASE("an element of another tag is refused and stays unread", "[pki][der]") {
  const Bytes octets = Hex("0201050401ff");
  der::Reader reader(octets);
  CHECK_FALSE(reader.Next(der::kOctetString).has_value());
  CHECK_FALSE(Must(reader.NextIf(der::kOctetString)).has_value());
  CHECK(reader.rest() == octets);
  CHECK(Must(reader.Next(der::kInteger)).value == "\x05");
  CHECK(Must(reader.NextIf(der::kOctetString))->value == "\xff");
  CHECK(reader.empty());
}

TEST_CASE("an optional element that is broken is refused, not absent", "[pki][der]") {
  const Bytes octets = Hex("a005");
  CHECK_FALSE(der::Reader(octets).NextIf(der::Context(0, true)).has_value());
}

TEST_CASE("octets behind the last element are refused", "[pki][der]") {
  CHECK(der::ReadOnly(Hex("020105"), der::kInteger).has_value());
  CHECK_FALSE(der::ReadOnly(Hex("02010500"), der::kInteger).has_value());
  CHECK_FALSE(der::ReadOnly("", der::kInteger).has_value());
}

TEST_CASE("elements of every length are written as OpenSSL writes them", "[pki][der]") {
  for (const std::size_t length : {0, 1, 127, 128, 255, 256, 65535, 65536, 70000}) {
    CAPTURE(length);
    const Bytes contents(length, 'x');
    const bool is_same = der::Encode(der::kOctetString, contents) == reference::OctetString(contents);
    CHECK(is_same);
  }
}

TEST_CASE("elements in one another are written as those written one by one", "[pki][der]") {
  using der::Part;
  for (const std::size_t length : {0, 120, 121, 122, 125, 126, 127, 128, 250, 253, 255, 256, 65530, 65536}) {
    CAPTURE(length);
    const Bytes contents(length, 'x');
    const Bytes text = der::Encode(der::kOctetString, contents);
    const Bytes one_by_one =
        der::Encode(der::kSequence, {Hex("020105"), der::Encode(der::kSet, text), der::Encode(der::kSet, ""), text});
    const Part inner = Part::Element(der::kOctetString, {Part::Borrow(contents)});
    const bool is_same = Part::Element(der::kSequence, {Hex("020105"), Part::Element(der::kSet, {inner}),
                                                        Part::Element(der::kSet, {}), Part::Borrow(text)})
                             .Write() == one_by_one;
    CHECK(is_same);
  }
  CHECK(Part::Borrow("abc").Write() == "abc");
}

TEST_CASE("unsigned integers are written as OpenSSL writes them", "[pki][der]") {
  for (const char* hex : {"", "00", "01", "7f", "80", "ff", "0080", "00007f", "0100", "8000000000000000"}) {
    CAPTURE(hex);
    CHECK(pki::HexLower(der::EncodeUnsigned(Hex(hex))) == pki::HexLower(reference::Integer(Hex(hex))));
  }
}

TEST_CASE("unsigned integers are read without their leading zeros", "[pki][der]") {
  for (const auto& [encoding, magnitude] : std::vector<std::pair<std::string, std::string>>{
           {"020100", "00"}, {"02020000", "00"}, {"02017f", "7f"}, {"02020080", "80"}, {"0204000000ff", "ff"}}) {
    const Bytes integer = Hex(encoding);
    CHECK(pki::HexLower(Must(der::ParseUnsigned(Must(der::Reader(integer).Next())))) == magnitude);
  }
  for (const char* encoding : {"0200", "020180", "0202ff00", "040101"}) {
    const Bytes other = Hex(encoding);
    CHECK_FALSE(der::ParseUnsigned(Must(der::Reader(other).Next())).has_value());
  }
}

TEST_CASE("the members of a SET OF are in the order of their octets", "[pki][der]") {
  CHECK(pki::HexLower(der::EncodeSetOf({Hex("0401ff"), Hex("04017f"), Hex("020101")})) == "310902010104017f0401ff");
  CHECK(pki::HexLower(der::EncodeSetOf({Hex("0401ff")}, der::Context(0, true))) == "a0030401ff");
}
