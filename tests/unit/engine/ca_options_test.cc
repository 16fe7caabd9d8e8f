#include "authority/ca_options.h"

#include <catch2/catch.hpp>

#include "authority/ca_update.h"
#include "enrollment_fixture.h"

namespace {

using certifier::v1::CaOptions;
using engine::authority::ChangedOptions;
using engine::authority::ReadOptions;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using pki::Bytes;
using result::Reason;

Reason ReasonOf(const CaOptions& change) {
  const auto changed = ChangedOptions("{}", change, {});
  return changed ? Reason::kInternal : changed.error().reason;
}

google::protobuf::RepeatedPtrField<std::string> Names(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

TEST_CASE("every option has a default", "[ca-options]") {
  const auto options = ReadOptions("{}");
  REQUIRE(options);
  std::vector<const google::protobuf::FieldDescriptor*> present;
  CaOptions::GetReflection()->ListFields(*options, &present);
  CHECK(present.size() == static_cast<std::size_t>(CaOptions::GetDescriptor()->field_count()));
  CHECK(options->reply_chain() == certifier::v1::REPLY_CHAIN_LEAF);
  CHECK(options->enforce_signer_key());
  CHECK_FALSE(options->legacy_des());
}

TEST_CASE("a change keeps what it does not name, and a reset goes back to the default", "[ca-options]") {
  CaOptions first, second;
  first.set_max_skew(300);
  first.set_getcert(false);
  second.set_reply_chain(certifier::v1::REPLY_CHAIN_FULL);
  const auto once = ChangedOptions("{}", first, {});
  REQUIRE(once);
  const auto twice = ChangedOptions(*once, second, Names({"getcert"}));
  REQUIRE(twice);
  const auto options = ReadOptions(*twice);
  REQUIRE(options);
  CHECK(options->max_skew() == 300);
  CHECK(options->getcert());
  CHECK(options->reply_chain() == certifier::v1::REPLY_CHAIN_FULL);
  CHECK(twice->find("getcert") == std::string::npos);
  CHECK(ChangedOptions("{}", {}, Names({"get_cert"})).error().reason == Reason::kMalformed);
}

TEST_CASE("an option is within its bounds", "[ca-options]") {
  CaOptions least, most, below, above, skew, days, unknown, unspecified;
  least.set_min_signer_bits(1024);
  most.set_min_signer_bits(4096);
  most.set_max_skew(31'536'000);
  most.set_pending_ttl_days(3650);
  most.set_retention_days(3650);
  CHECK(ChangedOptions("{}", least, {}));
  CHECK(ChangedOptions("{}", most, {}));
  below.set_min_signer_bits(1023);
  above.set_min_signer_bits(4097);
  skew.set_max_skew(31'536'001);
  days.set_pending_ttl_days(3651);
  unknown.set_chain(static_cast<certifier::v1::Chain>(99));
  unspecified.set_chain(certifier::v1::CHAIN_UNSPECIFIED);
  for (const auto& change : {below, above, skew, days, unknown, unspecified}) {
    CHECK(ReasonOf(change) == Reason::kMalformed);
  }
}

TEST_CASE("a public URL is one that paths can be put behind", "[ca-options]") {
  const auto takes = [](const std::string& url) {
    CaOptions change;
    change.set_public_url(url);
    return ChangedOptions("{}", change, {}).has_value();
  };
  for (const char* good :
       {"", "http://pki.example.org", "https://pki.example.org:8443/certifier", "http://[2001:db8::1]"}) {
    CAPTURE(good);
    CHECK(takes(good));
  }
  for (const char* bad : {"pki.example.org", "ftp://pki.example.org", "http://", "http:///x", "http://:80", "http://a/",
                          "http://a//b", "http://a?b", "http://a#b", "http://u@a", "http://a b", "http://\xc3\xa4"}) {
    CAPTURE(bad);
    CHECK_FALSE(takes(bad));
  }
  CHECK(takes("http://" + std::string(248, 'a')));
  CHECK_FALSE(takes("http://" + std::string(249, 'a')));
}

TEST_CASE_METHOD(EnrollmentFixture, "certificates say where their CA's CRL is once it has a public URL",
                 "[ca-options]") {
  const auto issue = [&](int number) {
    Message message;
    message.ask.challenge = Mint();
    message.transaction_id = "tx-" + std::to_string(number);
    const auto certificate = pki::Certificate::Parse(Submit(Device("ecdsa-p256", number), message).certificate).value();
    std::map<std::string, Bytes> extensions;
    const auto all = certificate.extensions().value();
    for (const auto& extension : all) extensions[extension.oid] = extension.value;
    return extensions;
  };
  CHECK_FALSE(issue(0).contains(std::string(pki::kCrlDistributionPointsOid)));
  CaOptions options;
  options.set_public_url("http://pki.example.org");
  SetOptions("demo", options);
  const auto extensions = issue(1);
  CHECK(extensions.at(std::string(pki::kCrlDistributionPointsOid)) ==
        pki::CrlDistributionPointExtension({"http://pki.example.org/crl/demo/1.crl"}).value);
  CHECK(extensions.at(std::string(pki::kAuthorityInfoAccessOid)) ==
        pki::CaIssuersExtension({"http://pki.example.org/ca/demo/1.crt"}).value);

  REQUIRE(rollover.Stage("demo", {}, "alice", engine_test::MaySignAll));
  REQUIRE(rollover.Activate("demo", "alice"));
  CHECK(issue(2).at(std::string(pki::kCrlDistributionPointsOid)) ==
        pki::CrlDistributionPointExtension({"http://pki.example.org/crl/demo/2.crl"}).value);
}

TEST_CASE_METHOD(EnrollmentFixture, "a CA's policy, status and default can be changed", "[ca-options]") {
  CreateCa("second");
  engine::authority::CaUpdate update;
  update.name = "SECOND";
  update.make_default = true;
  REQUIRE(engine::authority::UpdateCa(store, directory, update, "alice"));
  CHECK(directory.snapshot()->FindCa("second")->is_default);
  CHECK_FALSE(directory.snapshot()->FindCa("demo")->is_default);
  update.make_default = false;
  update.status = "disabled";
  REQUIRE(engine::authority::UpdateCa(store, directory, update, "alice"));
  CHECK(directory.snapshot()->FindCa("second") == nullptr);
  update.status = "active";
  REQUIRE(engine::authority::UpdateCa(store, directory, update, "alice"));
  CHECK(directory.snapshot()->FindCa("second") != nullptr);
  update.status = "asleep";
  CHECK(engine::authority::UpdateCa(store, directory, update, "alice").error().reason == Reason::kMalformed);
  update.name = "third";
  CHECK(engine::authority::UpdateCa(store, directory, update, "alice").error().reason == Reason::kNotFound);
}

TEST_CASE_METHOD(EnrollmentFixture, "a self-signed signer's key must be the request's unless the CA lets it",
                 "[ca-options]") {
  Message message;
  message.ask.challenge = Mint();
  message.signer = Device("ecdsa-p256", 1).SignerCertificate();
  CHECK(Submit(Device(), message).outcome == "badRequest");
  CaOptions options;
  options.set_enforce_signer_key(false);
  SetOptions("demo", options);
  CHECK(Submit(Device(), message).outcome == "issued");
}

TEST_CASE_METHOD(EnrollmentFixture, "a self-signed signer's subject must be the request's where the CA asks for it",
                 "[ca-options]") {
  CaOptions options;
  options.set_enforce_signer_subject(true);
  SetOptions("demo", options);
  Message message;
  message.ask.challenge = Mint();
  CHECK(Submit(Device(), message).outcome == "badRequest");
  message.ask.subject = "CN=throw-away";
  CHECK(Submit(Device(), message).outcome == "issued");
}

}  // namespace
