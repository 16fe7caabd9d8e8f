#include "pki/description.h"

#include <catch2/catch.hpp>

#include "pki/der.h"

namespace {

using pki::Bytes;
using pki::Describe;
using pki::Extension;

TEST_CASE("an extension that OpenSSL knows is described in words", "[pki][description]") {
  CHECK(pki::OidName("2.5.29.15") == "X509v3 Key Usage");
  CHECK(Describe(pki::KeyUsageExtension(pki::kDigitalSignature | pki::kKeyEncipherment)) ==
        "Digital Signature, Key Encipherment");
  CHECK(Describe(pki::BasicConstraintsExtension(false)) == "CA:FALSE");
  CHECK(Describe(*pki::ExtendedKeyUsageExtension({"1.3.6.1.5.5.7.3.2"})) == "TLS Web Client Authentication");
  const auto names = pki::EncodeGeneralNames({{"dns", "gw.example"}, {"ip", "192.0.2.1"}});
  REQUIRE(names);
  CHECK(Describe({Bytes(pki::kSubjectAlternativeNameOid), false, *names}) == "DNS:gw.example, IP Address:192.0.2.1");
}

TEST_CASE("an extension that nobody knows, or that is broken, is described in hexadecimal", "[pki][description]") {
  CHECK(pki::OidName("1.3.6.1.4.1.99999.1") == "1.3.6.1.4.1.99999.1");
  CHECK(pki::OidName("no oid") == "no oid");
  CHECK(Describe({"1.3.6.1.4.1.99999.1", true, Bytes("\x04\x01\x41", 3)}) == "040141");
  CHECK(Describe({Bytes(pki::kKeyUsageOid), true, Bytes("\xff\xff", 2)}) == "ffff");
  CHECK(Describe({"no oid", false, "ab"}) == "6162");
}

TEST_CASE("a description is printable and bounded, whatever stands in the extension", "[pki][description]") {
  // Each GeneralName is a dNSName that no parser of ours lets through.
  const Bytes hostile = "a\x1b[2J\r\xc3\xa9<b>";
  Bytes names = Bytes("\x82", 1) + static_cast<char>(hostile.size()) + hostile;
  const Bytes der = Bytes("\x30", 1) + static_cast<char>(names.size()) + names;
  const auto told = Describe({Bytes(pki::kSubjectAlternativeNameOid), false, der});
  CHECK(told.find("<b>") != std::string::npos);
  for (const char character : told) CHECK((character == '\n' || (character >= ' ' && character <= '~')));
  const auto long_one = Describe({"1.3.6.1.4.1.99999.1", false, Bytes(9000, 'x')});
  CHECK(long_one.size() == 4003);
  CHECK(long_one.ends_with("..."));
}

}  // namespace
