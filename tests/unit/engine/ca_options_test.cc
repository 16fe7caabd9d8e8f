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
