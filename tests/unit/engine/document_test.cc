#include "policy/document.h"

#include <google/protobuf/util/json_util.h>

#include <catch2/catch.hpp>

#include "pki/extensions.h"
#include "policy/book.h"

namespace {

using engine::policy::Decision;
using engine::policy::FromJson;
using engine::policy::FromProto;

certifier::v1::Policy Document() {
  certifier::v1::Policy document;
  document.set_name("office");
  document.add_allowed_keys("rsa-2048");
  document.set_validity_days(90);
  document.add_key_usage("digital_signature");
  document.add_extended_key_usage("client_auth");
  document.set_with_key(certifier::v1::DECISION_ISSUE);
  document.set_without_key(certifier::v1::DECISION_HOLD);
  return document;
}

std::string FaultsOf(const certifier::v1::Policy& document) {
  const auto policy = FromProto(document);
  if (policy) return "";
  CHECK(policy.error().reason == result::Reason::kMalformed);
  return policy.error().detail;
}

TEST_CASE("a whole document is read", "[policy][document]") {
  auto document = Document();
  document.mutable_subject_alternative_name()->add_allowed_kinds("dns");
  document.add_extended_key_usage("1.2.3.4");
  const auto policy = FromProto(document);
  REQUIRE(policy.has_value());
  CHECK(policy->validity == std::chrono::hours(24) * 90);
  CHECK(policy->key_usage == pki::kDigitalSignature);
  CHECK(policy->extended_key_usage == std::vector<std::string>{"1.3.6.1.5.5.7.3.2", "1.2.3.4"});
  CHECK(policy->alternative_names.max_count == 16);
  CHECK(policy->with_key == Decision::kIssue);
  CHECK(policy->without_key == Decision::kHold);
}

TEST_CASE("a decision that is not given refuses", "[policy][document]") {
  auto document = Document();
  document.clear_with_key();
  document.clear_without_key();
  const auto policy = FromProto(document);
  REQUIRE(policy.has_value());
  CHECK(policy->with_key == Decision::kRefuse);
  CHECK(policy->without_key == Decision::kRefuse);
}

TEST_CASE("issuing without a key is no valid policy", "[policy][document]") {
  auto document = Document();
  document.set_without_key(certifier::v1::DECISION_ISSUE);
  CHECK_THAT(FaultsOf(document), Catch::Contains("without_key"));
}

TEST_CASE("every fault of a document is named at once", "[policy][document]") {
  certifier::v1::Policy document;
  document.set_name("no spaces here");
  document.add_allowed_keys("rsa-1024");
  document.set_validity_days(5000);
  document.add_key_usage("key_cert_sign");
  document.add_extended_key_usage("everything");
  document.mutable_subject_alternative_name()->add_allowed_kinds("other");
  document.mutable_subject()->add_common_name_patterns("");
  const std::string faults = FaultsOf(document);
  for (const auto* fault :
       {"name is", "rsa-1024", "validity_days", "key_cert_sign", "everything", "\"other\"", "common_name_patterns"}) {
    CHECK_THAT(faults, Catch::Contains(fault));
  }
}

TEST_CASE("an empty document is refused", "[policy][document]") {
  const std::string faults = FaultsOf({});
  for (const auto* field : {"name", "allowed_keys", "validity_days", "key_usage"}) {
    CHECK_THAT(faults, Catch::Contains(field));
  }
}

TEST_CASE("a decision that this engine does not know is refused", "[policy][document]") {
  auto document = Document();
  document.set_with_key(static_cast<certifier::v1::Decision>(9));
  CHECK_THAT(FaultsOf(document), Catch::Contains("with_key"));
}

TEST_CASE("a document survives being stored", "[policy][document]") {
  const auto json = engine::policy::ToJson(Document());
  REQUIRE(json.has_value());
  CHECK_THAT(*json, Catch::Contains("\"allowed_keys\""));
  CHECK(FromJson(*json)->SerializeAsString() == Document().SerializeAsString());
}

TEST_CASE("a stored document with a field that we do not know is not understood", "[policy][document]") {
  CHECK_FALSE(FromJson(R"({"name": "office", "another_rule": true})").has_value());
  CHECK_FALSE(FromJson("not JSON").has_value());
}

TEST_CASE("a policy that is not understood is in no book", "[policy][document]") {
  engine::store::PolicyRecord good, bad;
  good.policy_id = 1;
  good.document = *engine::policy::ToJson(Document());
  bad.policy_id = 2;
  bad.document = R"({"name": "office", "another_rule": true})";
  const auto book = engine::policy::Book::Open({good, bad});
  CHECK(book->Find(1) != nullptr);
  CHECK(book->Find(2) == nullptr);
}

}  // namespace
