// set_key_usage and set_extended_key_usage.

#include <catch2/catch.hpp>

#include "fixture.h"

namespace {

using engine_test::Device;
using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::Situation;

using Texts = std::vector<std::string>;

constexpr char kAllUsages[] = R"({"set_key_usage": {"usages": ["digital_signature", "key_encipherment",
    "non_repudiation", "data_encipherment", "key_agreement"]}})";

TEST_CASE("an RSA key is used for what it can do", "[policy][set_key_usage]") {
  const auto judged = Judge(kAllUsages, Situation({}, Device("rsa-2048")));
  CHECK(judged.verdict == "pass");
  CHECK(judged.certificate.key_usage ==
        (pki::kDigitalSignature | pki::kNonRepudiation | pki::kKeyEncipherment | pki::kDataEncipherment));
  CHECK(judged.finding.changes ==
        Texts{"key_usage: digital_signature, non_repudiation, key_encipherment, data_encipherment"});
}

TEST_CASE("an ECDSA key is used for what it can do", "[policy][set_key_usage]") {
  const std::string algorithm = GENERATE("ecdsa-p256", "ecdsa-p384");
  const auto judged = Judge(kAllUsages, Situation({}, Device(algorithm)));
  CHECK(judged.certificate.key_usage == (pki::kDigitalSignature | pki::kNonRepudiation | pki::kKeyAgreement));
}

TEST_CASE("a key that can do nothing of what is wanted is denied", "[policy][set_key_usage]") {
  const auto judged = Judge(R"({"set_key_usage": {"usages": ["key_encipherment"]}})", Situation());
  CHECK(judged.verdict == "deny");
  CHECK(judged.certificate.key_usage == 0);
  CHECK(judged.finding.saw == "ecdsa-p256 can do nothing of key_encipherment");
}

TEST_CASE("set_key_usage replaces what was set", "[policy][set_key_usage]") {
  auto certificate = engine_test::Template();
  certificate.key_usage = pki::kKeyAgreement;
  const std::string module = R"({"set_key_usage": {"usages": ["digital_signature"]}})";
  CHECK(Judge(module, Situation(), certificate).certificate.key_usage == pki::kDigitalSignature);
}

TEST_CASE("a key usage of a CA, or none at all, is a fault", "[policy][set_key_usage]") {
  CHECK(FaultsOf(R"({"set_key_usage": {}})") == "usages is empty");
  for (const auto* usage : {"key_cert_sign", "crl_sign", "DIGITAL_SIGNATURE", ""}) {
    CHECK(FaultsOf(std::string(R"({"set_key_usage": {"usages": [")") + usage + "\"]}}") ==
          "usages: \"" + std::string(usage) + "\" is not one that an end entity may have");
  }
}

TEST_CASE("purposes are set by name and by OID", "[policy][set_extended_key_usage]") {
  const auto judged = Judge(R"({"set_extended_key_usage": {"purposes": ["client_auth", "server_auth", "ipsec_ike",
      "email_protection", "code_signing", "1.2.3.4"]}})",
                            Situation());
  CHECK(judged.verdict == "pass");
  CHECK(judged.certificate.extended_key_usage == Texts{"1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.17",
                                                       "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.3", "1.2.3.4"});
  CHECK(judged.finding.changes == Texts{"extended_key_usage: client_auth, server_auth, ipsec_ike, email_protection, "
                                        "code_signing, 1.2.3.4"});
}

TEST_CASE("no purpose takes the extension away", "[policy][set_extended_key_usage]") {
  auto certificate = engine_test::Template();
  certificate.extended_key_usage = {"1.2.3.4"};
  const auto judged = Judge(R"({"set_extended_key_usage": {}})", Situation(), certificate);
  CHECK(judged.certificate.extended_key_usage.empty());
  CHECK(judged.finding.changes == Texts{"extended_key_usage: none"});
}

TEST_CASE("a purpose that no device may have is a fault", "[policy][set_extended_key_usage]") {
  for (const auto* purpose :
       {"2.5.29.37.0", "1.3.6.1.5.5.7.3.9", "1.3.6.1.5.5.7.3.27", "1.3.6.1.5.5.7.3.28", "everything", "1", ""}) {
    CAPTURE(purpose);
    CHECK_THAT(FaultsOf(std::string(R"({"set_extended_key_usage": {"purposes": [")") + purpose + "\"]}}"),
               Catch::StartsWith("purposes: \"" + std::string(purpose) + "\" is neither"));
  }
}

TEST_CASE("more than 64 purposes are a fault", "[policy][set_extended_key_usage]") {
  std::string many = R"("client_auth")";
  for (int i = 0; i < 64; i++) many += R"(, "client_auth")";
  CHECK(FaultsOf(R"({"set_extended_key_usage": {"purposes": [)" + many + "]}}") == "purposes has more than 64 entries");
}

}  // namespace
