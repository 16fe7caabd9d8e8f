#include <catch2/catch.hpp>

#include "identity.h"
#include "openssl_x509.h"
#include "pki/extensions.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::GeneralName;
namespace der = pki::der;

namespace {

constexpr std::uint8_t kDns = der::Context(2, false), kIp = der::Context(7, false);

bool IsRefused(std::uint8_t tag, ByteView value) {
  return !pki::ParseGeneralNames(Element(der::kSequence, {Element(tag, {value})})).has_value();
}

std::string Again(std::string_view text) {
  const auto name = pki::ParseGeneralName(text);
  return name ? ToString(*name) : "refused";
}

}  // namespace

TEST_CASE("alternative names are read and written as OpenSSL writes them", "[pki][general_name]") {
  const Bytes encoding = reference::ExtensionValue(
      "subjectAltName", "DNS:a.example,IP:10.0.0.1,IP:2001:db8::1,email:a@b.example,URI:urn:x,RID:1.2.3");
  const auto names = Must(pki::ParseGeneralNames(encoding));
  CHECK(names == std::vector<GeneralName>{{"dns", "a.example"},
                                          {"ip", "10.0.0.1"},
                                          {"ip", "2001:db8::1"},
                                          {"email", "a@b.example"},
                                          {"uri", "urn:x"},
                                          {"other", "88022a03"}});
  CHECK(Must(pki::EncodeGeneralNames(names)) == encoding);
}

TEST_CASE("a name that is no plain ASCII is refused", "[pki][general_name]") {
  CHECK(IsRefused(kDns, ByteView("a\0b.example", 11)));
  CHECK(IsRefused(kDns, "gr\xc3\xbcn.example"));
  CHECK(IsRefused(der::Context(1, false), "a\n@b"));
  CHECK(IsRefused(der::Context(6, false), "urn:\x7f"));
}

TEST_CASE("an address of another length is refused", "[pki][general_name]") {
  for (const std::size_t length : {0, 3, 5, 8, 15, 17, 32}) CHECK(IsRefused(kIp, Bytes(length, '\1')));
}

TEST_CASE("257 names, trailing octets and truncation are refused", "[pki][general_name]") {
  Bytes many;
  for (int i = 0; i < 256; i++) many += Element(kDns, {"a"});
  CHECK(pki::ParseGeneralNames(Element(der::kSequence, {many})).has_value());
  CHECK_FALSE(pki::ParseGeneralNames(Element(der::kSequence, {many, Element(kDns, {"a"})})).has_value());
  CHECK_FALSE(pki::ParseGeneralNames(Element(der::kSequence, {many}) + "x").has_value());
  CHECK_FALSE(pki::ParseGeneralNames(Element(der::kSequence, {Bytes("\x82\x05"
                                                                    "ab")}))
                  .has_value());
}

TEST_CASE("names are typed as they are shown, addresses in one spelling", "[pki][general_name]") {
  for (const char* text : {"dns:a.example", "email:a@b", "uri:urn:a:b", "ip:10.0.0.1", "ip:2001:db8::1"}) {
    CHECK(Again(text) == text);
  }
  CHECK(Again("ip:2001:0DB8:0:0::1") == "ip:2001:db8::1");
}

TEST_CASE("typed names that are none are refused", "[pki][general_name]") {
  const std::vector<std::string> texts = {"",
                                          "a.example",
                                          "dns:",
                                          "ip:",
                                          "ip:10.0.0",
                                          "ip:10.0.0.1/8",
                                          "ip:a",
                                          "other:88022a03",
                                          "rid:1.2.3",
                                          "dns:gr\xc3\xbcn",
                                          "DNS:a",
                                          std::string("ip:10.0.0.1\0x", 13),
                                          std::string("dns:a\0", 6)};
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(Again(text) == "refused");
  }
}

TEST_CASE("names of an unknown kind are not written", "[pki][general_name]") {
  CHECK_FALSE(pki::EncodeGeneralNames({{"x400", "a"}}).has_value());
  CHECK_FALSE(pki::EncodeGeneralNames({{"other", "zz"}}).has_value());
  CHECK_FALSE(pki::EncodeGeneralNames({{"ip", "a"}}).has_value());
}

TEST_CASE("control characters of a name are shown escaped", "[pki][general_name]") {
  CHECK(ToString(GeneralName{"dns", std::string("a\n\x1b\0", 4)}) == "dns:a\\0a\\1b\\00");
}
