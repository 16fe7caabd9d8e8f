#include "pki/extensions.h"

#include <catch2/catch.hpp>

#include "identity.h"
#include "openssl_x509.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

namespace {

Bytes ExtensionOf(ByteView critical) {
  return Element(der::kSequence, {Oid("1.2.3"), critical, Element(der::kOctetString, {"v"})});
}

}  // namespace

TEST_CASE("key usages are written as OpenSSL writes them", "[pki][extensions]") {
  using namespace pki;
  const auto [bits, text] = GENERATE(table<unsigned, std::string>(
      {{kDigitalSignature, "digitalSignature"},
       {kDigitalSignature | kKeyEncipherment, "digitalSignature,keyEncipherment"},
       {kKeyCertSign | kCrlSign, "keyCertSign,cRLSign"},
       {kNonRepudiation | kDataEncipherment | kKeyAgreement, "nonRepudiation,dataEncipherment,keyAgreement"},
       {kCrlSign, "cRLSign"}}));
  const Extension extension = KeyUsageExtension(bits);
  CHECK(extension.is_critical);
  CHECK(extension.oid == "2.5.29.15");
  CHECK(HexLower(extension.value) == HexLower(reference::ExtensionValue("keyUsage", text)));
}

TEST_CASE("the other extensions are written as OpenSSL writes them", "[pki][extensions]") {
  CHECK(pki::BasicConstraintsExtension(true).value == reference::ExtensionValue("basicConstraints", "CA:TRUE"));
  CHECK(pki::BasicConstraintsExtension(false).value == reference::ExtensionValue("basicConstraints", "CA:FALSE"));
  CHECK(pki::BasicConstraintsExtension(false).is_critical);
  const auto usage = Must(pki::ExtendedKeyUsageExtension({"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"}));
  CHECK(usage.value == reference::ExtensionValue("extendedKeyUsage", "serverAuth,clientAuth"));
  CHECK_FALSE(pki::ExtendedKeyUsageExtension({"no"}).has_value());
}

TEST_CASE("extensions are read as they are written", "[pki][extensions]") {
  const std::vector<pki::Extension> extensions = {{"1.2.3", true, "a"}, {"1.2.4", false, ""}};
  const auto again = Must(pki::ParseExtensions(Must(pki::EncodeExtensions(extensions))));
  REQUIRE(again.size() == 2);
  CHECK(again[0].oid == "1.2.3");
  CHECK(again[0].is_critical);
  CHECK(again[0].value == "a");
  CHECK_FALSE(again[1].is_critical);
}

TEST_CASE("an explicit FALSE is not critical", "[pki][extensions]") {
  const Bytes explicit_false = Element(der::kSequence, {ExtensionOf(Element(der::kBoolean, {ByteView("\0", 1)}))});
  const Bytes odd_true = Element(der::kSequence, {ExtensionOf(Element(der::kBoolean, {"\x01"}))});
  CHECK_FALSE(Must(pki::ParseExtensions(explicit_false))[0].is_critical);
  CHECK(Must(pki::ParseExtensions(odd_true))[0].is_critical);
}

TEST_CASE("more than 64 extensions, and broken ones, are refused", "[pki][extensions]") {
  Bytes many;
  for (int i = 0; i < 64; i++) many += ExtensionOf({});
  CHECK(pki::ParseExtensions(Element(der::kSequence, {many})).has_value());
  CHECK_FALSE(pki::ParseExtensions(Element(der::kSequence, {many, ExtensionOf({})})).has_value());
  CHECK_FALSE(pki::ParseExtensions(Element(der::kSequence, {ExtensionOf(Element(der::kNull, {}))})).has_value());
  CHECK_FALSE(pki::ParseExtensions(Element(der::kSequence, {Element(der::kSequence, {Oid("1.2.3")})})).has_value());
}

TEST_CASE("where the CRL and the issuer are is written as OpenSSL writes it", "[pki][extensions]") {
  const auto point = pki::CrlDistributionPointExtension({"http://pki.example.org/crl/demo/1.crl"});
  CHECK(point.oid == "2.5.29.31");
  CHECK_FALSE(point.is_critical);
  CHECK(point.value == reference::ExtensionValue("crlDistributionPoints", "URI:http://pki.example.org/crl/demo/1.crl"));
  const auto access = pki::CaIssuersExtension({"https://pki.example.org/ca/demo/1.crt"});
  CHECK(access.oid == "1.3.6.1.5.5.7.1.1");
  CHECK_FALSE(access.is_critical);
  CHECK(access.value ==
        reference::ExtensionValue("authorityInfoAccess", "caIssuers;URI:https://pki.example.org/ca/demo/1.crt"));
}

TEST_CASE("several places make one distribution point and an access each, as OpenSSL has it", "[pki][extensions]") {
  CHECK(pki::CrlDistributionPointExtension({"http://a.example/1.crl", "ldap://b.example/"}).value ==
        reference::ExtensionValue("crlDistributionPoints", "point",
                                  "[point]\nfullname=URI:http://a.example/1.crl,URI:ldap://b.example/\n"));
  CHECK(pki::CaIssuersExtension({"http://a.example/1.crt", "http://b.example/1.crt"}).value ==
        reference::ExtensionValue("authorityInfoAccess",
                                  "caIssuers;URI:http://a.example/1.crt,caIssuers;URI:http://b.example/1.crt"));
}

TEST_CASE("certificate policies are written as OpenSSL writes them", "[pki][extensions]") {
  const auto plain = Must(pki::CertificatePoliciesExtension({{"1.3.6.1.4.1.99999.1", ""}, {"2.5.29.32.0", ""}}));
  CHECK(plain.oid == "2.5.29.32");
  CHECK_FALSE(plain.is_critical);
  CHECK(plain.value == reference::ExtensionValue("certificatePolicies", "1.3.6.1.4.1.99999.1,2.5.29.32.0"));
  const auto stated = Must(pki::CertificatePoliciesExtension({{"1.2.3.4", "https://a.example/cps"}, {"1.2.3.5", ""}}));
  CHECK(stated.value == reference::ExtensionValue("certificatePolicies", "@policy,1.2.3.5",
                                                  "[policy]\npolicyIdentifier=1.2.3.4\nCPS=https://a.example/cps\n"));
}

TEST_CASE("certificate policies that RFC 5280 does not allow are malformed", "[pki][extensions]") {
  const auto policies = GENERATE(std::vector<pki::CertificatePolicy>{}, std::vector<pki::CertificatePolicy>{{"no", ""}},
                                 std::vector<pki::CertificatePolicy>{{"", ""}},
                                 std::vector<pki::CertificatePolicy>{{"1.2.3", ""}, {"1.2.4", ""}, {"1.2.3", "urn:a"}},
                                 std::vector<pki::CertificatePolicy>{{"1.2.3", "https://gr\xc3\xbcn.example/"}},
                                 std::vector<pki::CertificatePolicy>{{"1.2.3", "https://a.example/a b"}},
                                 std::vector<pki::CertificatePolicy>{{"1.2.3", std::string("urn:a\0", 6)}});
  const auto extension = pki::CertificatePoliciesExtension(policies);
  REQUIRE_FALSE(extension.has_value());
  CHECK(extension.error().reason == result::Reason::kMalformed);
}
