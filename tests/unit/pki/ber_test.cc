#include <catch2/catch.hpp>

#include "identity.h"
#include "pki/der.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

namespace {

constexpr std::uint8_t kSegmented = der::kOctetString | 0x20;
constexpr std::string_view kIdData = "1.2.840.113549.1.7.1";

Bytes Indefinite(std::uint8_t tag, std::initializer_list<ByteView> parts) {
  Bytes out{static_cast<char>(tag), '\x80'};
  for (const ByteView part : parts) out += part;
  return out + Bytes(2, '\0');
}

Bytes Text(ByteView text) {
  return Element(der::kOctetString, {text});
}

result::Result<Bytes> Definite(ByteView input) {
  std::size_t consumed = 0;
  return der::Definite(input, consumed);
}

// Nested is `depth` sequences, one in another.
Bytes Nested(std::size_t depth, bool is_indefinite) {
  Bytes out;
  for (std::size_t i = 0; i < depth; i++) {
    out = is_indefinite ? Indefinite(der::kSequence, {out}) : Element(der::kSequence, {out});
  }
  return out;
}

}  // namespace

TEST_CASE("indefinite lengths become definite", "[pki][ber]") {
  const Bytes input = Indefinite(der::kSequence, {Text("a"), Indefinite(der::kSet, {Text("b")}), Indefinite(0xa0, {})});
  const Bytes expected =
      Element(der::kSequence, {Text("a"), Element(der::kSet, {Text("b")}), Element(der::Context(0, true), {})});
  CHECK_FALSE(der::IsDefinite(input));
  CHECK(der::IsDefinite(expected));
  CHECK(Must(Definite(input)) == expected);
}

TEST_CASE("what is definite stays as it is", "[pki][ber]") {
  const Bytes input = Element(der::kSequence, {Text("a"), Element(der::kSet, {Text(Bytes(300, 'b'))})});
  CHECK(Must(Definite(input)) == input);
}

TEST_CASE("lengths that are not minimal become minimal", "[pki][ber]") {
  CHECK(Must(Definite(Must(pki::FromHex("3082000404820000")))) == Element(der::kSequence, {Text("")}));
}

TEST_CASE("the segments of an octet string are joined, at any depth", "[pki][ber]") {
  const Bytes definite = Element(kSegmented, {Text("ab"), Element(kSegmented, {Text("c")})});
  const Bytes indefinite = Indefinite(kSegmented, {Text("ab"), Indefinite(kSegmented, {Text("c")}), Text("")});
  CHECK(Must(Definite(definite)) == Text("abc"));
  CHECK(Must(Definite(indefinite)) == Text("abc"));
  CHECK_FALSE(der::IsDefinite(definite));
}

TEST_CASE("a segment that is no octet string is refused", "[pki][ber]") {
  CHECK_FALSE(Definite(Indefinite(kSegmented, {Element(der::kInteger, {"\1"})})).has_value());
  CHECK_FALSE(Definite(Indefinite(kSegmented, {Element(der::kSequence, {Text("a")})})).has_value());
}

TEST_CASE("the segments of encryptedContent are joined, an explicit tag around eContent stays", "[pki][ber]") {
  const Bytes algorithm = Element(der::kSequence, {Oid("2.16.840.1.101.3.4.1.2")});
  const Bytes content = Indefinite(der::Context(0, true), {Text("a"), Text("b")});
  CHECK(Must(Definite(Indefinite(der::kSequence, {Oid(kIdData), algorithm, content}))) ==
        Element(der::kSequence, {Oid(kIdData), algorithm, Element(der::Context(0, false), {"ab"})}));
  const Bytes explicit_content = Element(der::Context(0, true), {Text("a")});
  CHECK(Must(Definite(Indefinite(der::kSequence, {Oid(kIdData), explicit_content}))) ==
        Element(der::kSequence, {Oid(kIdData), explicit_content}));
}

TEST_CASE("BER truncated at any length is refused", "[pki][ber]") {
  const Bytes input = Indefinite(
      der::kSequence, {Element(der::kSet, {Text("a")}), Indefinite(kSegmented, {Text("bc")}), Text(Bytes(200, 'd'))});
  REQUIRE(Definite(input).has_value());
  for (std::size_t length = 0; length < input.size(); length++) {
    CAPTURE(length);
    CHECK_FALSE(Definite(ByteView(input).substr(0, length)).has_value());
  }
}

TEST_CASE("an element is not read beyond what holds it", "[pki][ber]") {
  CHECK_FALSE(Definite(Must(pki::FromHex("3004020301020304"))).has_value());
  CHECK_FALSE(Definite(Must(pki::FromHex("3002308000000000"))).has_value());
}

TEST_CASE("a primitive of indefinite length and a long tag are refused", "[pki][ber]") {
  CHECK_FALSE(Definite(Must(pki::FromHex("04800000"))).has_value());
  CHECK_FALSE(Definite(Must(pki::FromHex("3f8101000000"))).has_value());
  CHECK_FALSE(Definite(Must(pki::FromHex("3085000000000000"))).has_value());
}

TEST_CASE("nesting beyond 32 is refused", "[pki][ber]") {
  for (const bool is_indefinite : {false, true}) {
    CHECK(Definite(Nested(32, is_indefinite)).has_value());
    CHECK_FALSE(Definite(Nested(33, is_indefinite)).has_value());
    CHECK_FALSE(Definite(Nested(20000, is_indefinite)).has_value());
  }
  CHECK(der::IsDefinite(Nested(32, false)));
  CHECK_FALSE(der::IsDefinite(Nested(33, false)));
}

TEST_CASE("more elements than the limit are refused", "[pki][ber]") {
  Bytes many;
  for (int i = 0; i < 4095; i++) many += Text("");
  CHECK(Definite(Indefinite(der::kSequence, {many})).has_value());
  CHECK_FALSE(Definite(Indefinite(der::kSequence, {many, Text("")})).has_value());
  CHECK(der::IsDefinite(Element(der::kSequence, {many})));
  CHECK_FALSE(der::IsDefinite(Element(der::kSequence, {many, Text("")})));
}

TEST_CASE("octets behind the element are left to the caller", "[pki][ber]") {
  const Bytes element = Indefinite(der::kSequence, {Text("a")});
  std::size_t consumed = 0;
  CHECK(der::Definite(element + "tail", consumed).has_value());
  CHECK(consumed == element.size());
}
