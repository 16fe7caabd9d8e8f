#include <catch2/catch.hpp>
#include <random>

#include "identity.h"
#include "openssl_x509.h"
#include "pki/name.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::Name;
using pki::NameAttribute;
namespace der = pki::der;

namespace {

std::string Again(std::string_view text) {
  const auto name = Name::FromString(text);
  return name ? name->ToString() : "refused";
}

Name NameOf(std::string_view oid, std::uint8_t tag, ByteView value) {
  const Bytes attribute = Element(der::kSequence, {Oid(oid), Element(tag, {value})});
  return Must(Name::Parse(Element(der::kSequence, {Element(der::kSet, {attribute})})));
}

// Escaped is what Name::FromString reads in the escaped value.
result::Result<std::vector<NameAttribute>> Escaped(std::string_view value) {
  ASSIGN_OR_RETURN(const Name name, Name::FromString("CN=" + pki::EscapeNameValue(value)));
  return name.Attributes();
}

std::vector<NameAttribute> OneCommonName(const std::string& value) {
  return {{"CN", value}};
}

constexpr unsigned kSeed = 20260823;

}  // namespace

TEST_CASE("names in their shortest form are read and written the same", "[pki][name]") {
  // The first five are RFC 4514's examples.
  const std::string text =
      GENERATE("UID=jsmith,DC=example,DC=net", "OU=Sales+CN=J.  Smith,DC=example,DC=net",
               "CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net", "CN=Before\\0dAfter,DC=example,DC=net",
               "1.3.6.1.4.1.1466.0=#04024869", "CN=\\ a\\ ,O=\\#1,L=a\\+b\\<c\\>d\\;e\\\\f=g",
               "emailAddress=a@b.example,C=FI", "SERIALNUMBER=FTX1234+unstructuredName=router.example", "CN=\\c2\\9b");
  CHECK(Again(text) == text);
}

TEST_CASE("escapes in hexadecimal, spaces and cases that mean the same are read", "[pki][name]") {
  CHECK(Again("CN=Lu\\C4\\8Di\\C4\\87") == "CN=Lu\xc4\x8di\xc4\x87");
  CHECK(Again(" cn = a b  , o = c ") == "CN=a b,O=c");
  CHECK(Again("2.5.4.3=a") == "CN=a");
  CHECK(Again("CN=\\23a") == "CN=\\#a");
  CHECK(Again("EMAILADDRESS=a@b") == "emailAddress=a@b");
  CHECK(Again("CN=J.  Smith + OU=Sales") == "OU=Sales+CN=J.  Smith");
  CHECK(Again("CN=#0c0161") == "CN=a");
}

TEST_CASE("text that is no name is refused", "[pki][name]") {
  const std::vector<std::string> texts = {"CN",
                                          "CN=",
                                          "=a",
                                          "CN=a,",
                                          ",CN=a",
                                          "CN=a,,O=b",
                                          "CN=a;O=b",
                                          "CN=a\\",
                                          "CN=a\\z",
                                          "CN=a\\4",
                                          "CN=#",
                                          "CN=#0",
                                          "CN=#04",
                                          "CN=#0c0161ff",
                                          "CN=#0c0161 x",
                                          "CN=\\ff",
                                          "CN=\xff",
                                          "CN=a\"b",
                                          "CN=<a",
                                          "C=\xc3\xbc",
                                          "SERIALNUMBER=a_b",
                                          "XX=a",
                                          "1=a",
                                          "CN=a+",
                                          "emailAddress=\xc3\xbc",
                                          std::string("CN=a\0b", 6)};
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(Again(text) == "refused");
  }
}

TEST_CASE("names are built as OpenSSL builds them", "[pki][name]") {
  CHECK(Must(Name::FromString("CN=gr\xc3\xbcn,OU=b,O=a")).der() ==
        reference::Name({{"O", "a"}, {"OU", "b"}, {"CN", "gr\xc3\xbcn"}}));
}

TEST_CASE("names are written as OpenSSL writes them", "[pki][name]") {
  const std::string value =
      GENERATE("a", " a ", "#a", "a#", "a,b+c\"d\\e<f>g;h=i", "gr\xc3\xbcn \xf0\x9f\x94\x91", "  ", " ", "a  b", "");
  const Bytes encoding = reference::Name({{"C", "FI"}, {"ST", value}, {"DC", value}, {"O", value}, {"CN", value}});
  CHECK(Must(Name::Parse(encoding)).ToString() == reference::NameText(encoding));
}

TEST_CASE("strings of other types are written as OpenSSL writes them", "[pki][name]") {
  for (const auto& name : {NameOf("2.5.4.3", der::kBmpString, ByteView("\0g\x20\xac", 4)),
                           NameOf("2.5.4.10", der::kT61String, "gr\xfcn"), NameOf("2.5.4.7", der::kIa5String, "a,b")}) {
    CHECK(name.ToString() == reference::NameText(name.der()));
  }
}

TEST_CASE("the unstructuredName of Cisco's devices is text of any type", "[pki][name]") {
  for (const std::uint8_t tag : {der::kIa5String, der::kPrintableString, der::kUtf8String}) {
    CHECK(NameOf("1.2.840.113549.1.9.2", tag, "router.example").ToString() == "unstructuredName=router.example");
  }
}

TEST_CASE("values of unknown types and strings that are none are written in hexadecimal", "[pki][name]") {
  CHECK(NameOf("1.2.3.4", der::kUtf8String, "a").ToString() == "1.2.3.4=#0c0161");
  CHECK(NameOf("2.5.4.3", der::kUtf8String, "\xff").ToString() == "CN=#0c01ff");
  CHECK(NameOf("2.5.4.3", der::kOctetString, "a").ToString() == "CN=#040161");
}

TEST_CASE("no control character comes out of a name", "[pki][name]") {
  CHECK(NameOf("2.5.4.3", der::kUtf8String, ByteView("a\0\n\x1b\x7f", 5)).ToString() == "CN=a\\00\\0a\\1b\\7f");
  CHECK(NameOf("2.5.4.3", der::kT61String, "\x9b").ToString() == "CN=\\c2\\9b");
}

TEST_CASE("an escaped value is one commonName of that value, whatever is in it", "[pki][name]") {
  const auto value = GENERATE(as<std::string>(), " ", "  ", " a ", "a  ", "#", "#0c0161", "##", "\\", "\\\\", "\\41",
                              ",", ",O=b", "a,O=b", "a+O=b", "+", ";", "\"a\"", "<>", "=", "a=b", "\n", "\r\n", "\x7f",
                              "\t a", "\xc2\x80", "\xc2\x9f ", "\xc2\xa0", ",ab", "\\,ab", "gr\xc3\xbcn",
                              "\xf0\x9f\x94\x91", "${a}", std::string("\0", 1), std::string(" \0 ", 3));
  CAPTURE(value);
  CHECK(Must(Escaped(value)) == OneCommonName(value));
}

TEST_CASE("every character is escaped so at either end and amid others", "[pki][name]") {
  for (int octet = 0; octet < 0x80; octet++) {
    const std::string c(1, static_cast<char>(octet));
    CAPTURE(octet);
    for (const std::string& value : {c, c + "ab", "ab" + c, "ab" + c + "cd", c + c}) {
      CHECK(Must(Escaped(value)) == OneCommonName(value));
    }
  }
}

TEST_CASE("values of nasty pieces in any order are escaped so", "[pki][name]") {
  const std::vector<std::string> pieces = {" ",
                                           "#",
                                           ",",
                                           "+",
                                           "\"",
                                           "\\",
                                           "<",
                                           ">",
                                           ";",
                                           "=",
                                           std::string(1, '\0'),
                                           "\n",
                                           "a",
                                           "0c",
                                           "CN=",
                                           "\xc2\x85",
                                           "\xc3\xbc",
                                           "\\2c",
                                           "\xe2\x80\xae",
                                           ",O=",
                                           "\x1b",
                                           "\x7f"};
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  for (int i = 0; i < 20000; i++) {
    std::string value;
    for (std::size_t count = 1 + random() % 6; count > 0; count--) value += pieces[random() % pieces.size()];
    if (Must(Escaped(value)) != OneCommonName(value)) FAIL("not escaped: " << pki::HexLower(value));
  }
  SUCCEED();
}

TEST_CASE("octets that are no UTF-8 stay refused when they are escaped, and so does nothing at all", "[pki][name]") {
  for (const char* value : {"", "\xff", "a\xc2", "\xc2,O=b", "\xed\xa0\x80", "\xc0\xac"}) {
    CAPTURE(value);
    CHECK_FALSE(Escaped(value).has_value());
  }
}

TEST_CASE("an attribute type is the same in any case and as an object identifier", "[pki][name]") {
  for (const char* type : {"CN", "cn", "Cn", "2.5.4.3", "02.5.4.03"}) CHECK(pki::NameTypeOid(type) == "2.5.4.3");
  CHECK(pki::NameTypeOid("EMAILaddress") == "1.2.840.113549.1.9.1");
  CHECK(pki::NameTypeOid("1.3.6.1.4.1.99999.1") == "1.3.6.1.4.1.99999.1");
  for (const auto& attribute : Must(Must(Name::FromString("DC=a,UID=b,SN=c,1.2.3=d")).Attributes())) {
    CHECK(pki::NameTypeOid(attribute.type).has_value());
  }
}

TEST_CASE("text that is no attribute type has no object identifier", "[pki][name]") {
  for (const char* type : {"", "XX", "CN ", " CN", "CN=", "C N", "2", "2.5.4.", "3.1", "OID.2.5.4.3"}) {
    CAPTURE(type);
    CHECK_FALSE(pki::NameTypeOid(type).has_value());
  }
}
