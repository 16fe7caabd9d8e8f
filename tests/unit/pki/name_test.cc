#include "pki/name.h"

#include <catch2/catch.hpp>
#include <ctime>

#include "identity.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::Name;
using pki::NameAttribute;
namespace der = pki::der;

namespace {

Bytes Value(std::string_view oid, std::uint8_t tag, ByteView value) {
  return Element(der::kSequence, {Oid(oid), Element(tag, {value})});
}

Bytes Rdn(std::initializer_list<ByteView> attributes) {
  return Element(der::kSet, attributes);
}

Name NameOf(std::initializer_list<ByteView> rdns) {
  return Must(Name::Parse(Element(der::kSequence, rdns)));
}

Name Text(std::string_view text) {
  return Must(Name::FromString(text));
}

constexpr std::string_view kCommonName = "2.5.4.3", kOrganization = "2.5.4.10";

// NameOfMany is one RDN with numbered attributes, or with the same from the last to the first.
Name NameOfMany(int count, bool is_reversed) {
  Bytes attributes;
  for (int i = 0; i < count; i++) {
    const std::string number = std::to_string(100000 + (is_reversed ? count - 1 - i : i));
    attributes += Value(kCommonName, der::kUtf8String, number);
  }
  return NameOf({Rdn({attributes})});
}

}  // namespace

TEST_CASE("a name keeps its octets, its order and its string types", "[pki][name]") {
  const Bytes encoding = Element(der::kSequence, {Rdn({Value(kCommonName, der::kT61String, "gr\xfcn")}),
                                                  Rdn({Value(kOrganization, der::kBmpString, ByteView("\0o", 2))})});
  const Name name = Must(Name::Parse(encoding));
  CHECK(name.der() == encoding);
  CHECK(name.ToString() == "O=o,CN=gr\xc3\xbcn");
}

TEST_CASE("a name truncated at any length is refused", "[pki][name]") {
  const Bytes encoding = Text("CN=a+SN=b,O=c,C=FI").der();
  for (std::size_t length = 0; length < encoding.size(); length++) {
    CAPTURE(length);
    CHECK_FALSE(Name::Parse(ByteView(encoding).substr(0, length)).has_value());
  }
}

TEST_CASE("what is no RDNSequence is refused", "[pki][name]") {
  const Bytes attribute = Value(kCommonName, der::kUtf8String, "a");
  const Bytes longer = Element(der::kSequence, {Oid(kCommonName), Element(der::kUtf8String, {"a"}), attribute});
  CHECK_FALSE(Name::Parse(Element(der::kSequence, {Rdn({})})).has_value());
  CHECK_FALSE(Name::Parse(Element(der::kSequence, {attribute})).has_value());
  CHECK_FALSE(Name::Parse(Element(der::kSet, {Rdn({attribute})})).has_value());
  CHECK_FALSE(Name::Parse(Element(der::kSequence, {Rdn({longer})})).has_value());
  CHECK_FALSE(Name::Parse(Element(der::kSequence, {Rdn({Element(der::kSequence, {Oid(kCommonName)})})})).has_value());
  CHECK_FALSE(Name::Parse(Element(der::kSequence, {Rdn({attribute})}) + "x").has_value());
}

TEST_CASE("the empty name is a name without text", "[pki][name]") {
  const Name name = Must(Name::Parse(Element(der::kSequence, {})));
  CHECK(name.is_empty());
  CHECK(name.ToString().empty());
  CHECK_FALSE(name.CommonName().has_value());
  CHECK(Text(" ").is_empty());
  CHECK_FALSE(Text("CN=a").is_empty());
}

TEST_CASE("the last commonName counts, and only if it is text", "[pki][name]") {
  CHECK(Text("CN=last,O=x,CN=first").CommonName() == "last");
  CHECK_FALSE(Text("O=x").CommonName().has_value());
  CHECK_FALSE(NameOf({Rdn({Value(kCommonName, der::kUtf8String, "\xff")})}).CommonName().has_value());
}

TEST_CASE("a name's attributes are told in the order of the DER, in UTF-8, all of them", "[pki][name]") {
  const Name name = NameOf({Rdn({Value("2.5.4.6", der::kPrintableString, "FI")}),
                            Rdn({Value(kOrganization, der::kBmpString, ByteView("\0g\0r\0\xfc\0n", 8))}),
                            Rdn({Value(kCommonName, der::kT61String, "\xfc"), Value("1.2.3.4", der::kIa5String, "x,")}),
                            Rdn({Value(kCommonName, der::kUtf8String, ByteView(" a\0", 3))})});
  CHECK(Must(name.Attributes()) ==
        std::vector<NameAttribute>{
            {"C", "FI"}, {"O", "gr\xc3\xbcn"}, {"CN", "\xc3\xbc"}, {"1.2.3.4", "x,"}, {"CN", std::string(" a\0", 3)}});
}

TEST_CASE("the empty name and the name that is none yet have no attributes", "[pki][name]") {
  CHECK(Must(Text("").Attributes()).empty());
  CHECK(Must(Name().Attributes()).empty());
}

TEST_CASE("the attributes of a name with a value that is no text are malformed", "[pki][name]") {
  const Bytes sound = Value(kOrganization, der::kUtf8String, "o");
  for (const Bytes& odd : {Value(kCommonName, der::kUtf8String, "\xff"), Value("2.5.4.45", der::kBitString, "\1")}) {
    const auto attributes = NameOf({Rdn({sound}), Rdn({odd})}).Attributes();
    REQUIRE_FALSE(attributes.has_value());
    CHECK(attributes.error().reason == result::Reason::kMalformed);
  }
}

TEST_CASE("names match without regard to case, string type and runs of space", "[pki][name]") {
  const Name name = Text("CN=Router  Seven,O=Example");
  CHECK(name.Matches(name));
  CHECK(name.Matches(Text("CN=\\ router seven\\ ,O=EXAMPLE")));
  CHECK(name.Matches(
      NameOf({Rdn({Value(kOrganization, der::kPrintableString, "example")}),
              Rdn({Value(kCommonName, der::kBmpString, ByteView("\0R\0o\0u\0t\0e\0r\0 \0S\0e\0v\0e\0n", 24))})})));
}

TEST_CASE("names of another order, type, value or length do not match", "[pki][name]") {
  const Name name = Text("CN=a,O=b");
  for (const char* text : {"O=b,CN=a", "CN=a", "CN=a,O=b,C=FI", "CN=a,OU=b", "CN=aa,O=b", "CN=a+O=b", "CN=a,O=b+L=c"}) {
    CAPTURE(text);
    CHECK_FALSE(name.Matches(Text(text)));
    CHECK_FALSE(Text(text).Matches(name));
  }
}

TEST_CASE("the attributes of one RDN match in any order, each as often as it stands there", "[pki][name]") {
  const Bytes a = Value(kCommonName, der::kUtf8String, "a"), b = Value(kOrganization, der::kUtf8String, "b");
  CHECK(NameOf({Rdn({a, b})}).Matches(NameOf({Rdn({b, a})})));
  CHECK_FALSE(NameOf({Rdn({a, a, b})}).Matches(NameOf({Rdn({a, b, b})})));
}

TEST_CASE("a value that is no text matches only itself", "[pki][name]") {
  const Name broken = NameOf({Rdn({Value(kCommonName, der::kUtf8String, "\xff")})});
  CHECK(broken.Matches(broken));
  CHECK_FALSE(broken.Matches(NameOf({Rdn({Value(kCommonName, der::kUtf8String, "\xfe")})})));
  CHECK_FALSE(broken.Matches(NameOf({Rdn({Value(kCommonName, der::kT61String, "\xff")})})));
}

TEST_CASE("names of thousands of attributes are compared in a moment", "[pki][name]") {
  const Name name = NameOfMany(8000, false), reversed = NameOfMany(8000, true);
  const std::clock_t start = std::clock();
  CHECK(name.Matches(reversed));
  CHECK((std::clock() - start) / CLOCKS_PER_SEC < 2);
}
