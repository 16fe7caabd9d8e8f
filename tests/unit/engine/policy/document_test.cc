#include "policy/document.h"

#include <catch2/catch.hpp>

#include "fixture.h"
#include "policy/book.h"
#include "policy/modules.h"
#include "support/policy_documents.h"

namespace {

using engine::policy::Book;
using engine::policy::FromJson;
using engine::policy::FromProto;
using engine::policy::Needs;
using engine::policy::ToJson;
using engine_test::PolicyOf;
using support::PolicyDocument;

std::string FaultsOf(const certifier::v1::Policy& document) {
  const auto policy = FromProto(document);
  if (policy) return "";
  CHECK(policy.error().reason == result::Reason::kMalformed);
  return policy.error().detail;
}

// A whole document with one more module at the front of receive_request.
certifier::v1::Policy With(const std::string& module) {
  auto document = PolicyDocument({});
  auto& modules = *document.mutable_receive_request()->mutable_modules();
  *modules.Add() = engine_test::ModuleOf(module);
  for (int i = modules.size() - 1; i > 0; i--) modules.SwapElements(i, i - 1);
  return document;
}

Needs NeedsOf(const std::string& module) {
  return FromProto(With(module)).value().needs;
}

TEST_CASE("a whole document is read", "[policy][document]") {
  const auto policy = FromProto(PolicyDocument({.name = "office"}));
  REQUIRE(policy.has_value());
  CHECK(policy->name == "office");
  CHECK_FALSE(policy->view_request.has_value());
  CHECK_FALSE(policy->update_request.has_value());
  CHECK_FALSE(policy->asks_webhook);
  CHECK(policy->needs == Needs());
}

TEST_CASE("chains that are there are read, empty ones too", "[policy][document]") {
  auto document = PolicyDocument({});
  document.mutable_view_request();
  document.mutable_update_request();
  const auto policy = FromProto(document);
  REQUIRE(policy.has_value());
  CHECK(policy->view_request.has_value());
  CHECK(policy->update_request.has_value());
}

TEST_CASE("every fault of a document is named at once, by its place", "[policy][document]") {
  const auto faults = FaultsOf(PolicyOf(R"({"name": "no spaces here", "description": ")" + std::string(1001, 'x') +
                                        R"(",
      "receive_request": {"modules": [{"accept_all": {}}, {"allowed_keys": {"algorithms": ["rsa-1024"]}}, {}]},
      "accept_request": {"modules": [{"set_validity": {"days": 5000}}, {"set_key_usage": {"usages": ["crl_sign"]}}]},
      "view_request": {"modules": [{"require_key": {"then": 9}}]},
      "update_request": {"modules": [{"deny": {}, "note": ")" +
                                        std::string(201, 'x') + R"("}]}})"));
  for (const auto* fault :
       {"name is not 1 to 64 characters of [A-Za-z0-9._-]", "; description has more than 1000 octets",
        "; receive_request[2].allowed_keys: algorithms: \"rsa-1024\"", "; receive_request[3]: there is no module in it",
        "; accept_request[1].set_validity: days is above 3650",
        "; accept_request[2].set_key_usage: usages: \"crl_sign\"", "; view_request[1].require_key: then is no verdict",
        "; update_request[1].deny: note has more than 200 octets"}) {
    CHECK_THAT(faults, Catch::Contains(std::string(fault).substr(fault[0] == ';' ? 2 : 0)));
  }
  CHECK(std::ranges::count(faults, ';') == 7);
}

TEST_CASE("an empty document has no name", "[policy][document]") {
  CHECK(FaultsOf({}) == "name is not 1 to 64 characters of [A-Za-z0-9._-]");
}

TEST_CASE("a chain has at most 64 modules", "[policy][document]") {
  auto document = PolicyDocument({});
  while (document.receive_request().modules_size() < 64) {
    document.mutable_receive_request()->add_modules()->mutable_accept_all();
  }
  CHECK(FaultsOf(document).empty());
  document.mutable_receive_request()->add_modules()->mutable_accept_all();
  CHECK(FaultsOf(document) == "receive_request has more than 64 modules");
}

TEST_CASE("a policy that accepts must be able to issue", "[policy][document]") {
  CHECK(FaultsOf(PolicyOf(R"({"name": "a", "accept_request": {"modules": [{"accept_all": {}}]}})")) ==
        "accept_request has no set_validity, so nothing could be issued; "
        "accept_request has no set_key_usage, so nothing could be issued");
  CHECK(FaultsOf(PolicyOf(R"({"name": "a", "accept_request": {"modules": [{"deny": {}}]}})")).empty());
  CHECK(FaultsOf(PolicyOf(R"({"name": "a", "receive_request": {"modules": [{"set_validity": {"days": 1}},
      {"set_key_usage": {"usages": ["digital_signature"]}}]}, "accept_request": {"modules": [{"accept_all": {}}]}})"))
            .empty());
}

TEST_CASE("every kind of module has the name of its field", "[policy][document]") {
  const auto* const kinds = certifier::v1::Module::descriptor()->FindOneofByName("kind");
  CHECK(kinds->field_count() == 23);
  for (int i = 0; i < kinds->field_count(); i++) {
    const std::string name = kinds->field(i)->name();
    const auto module = engine_test::ModuleOf("{\"" + name + "\": {}}");
    CHECK(engine::policy::NameOf(module) == name);
  }
  CHECK(engine::policy::NameOf({}).empty());
}

TEST_CASE("a policy knows beforehand what it asks of the database", "[policy][document]") {
  CHECK(NeedsOf(R"({"active_certificate_limit": {"max": 1}})") == Needs{true, 0, false});
  CHECK(NeedsOf(R"({"request_rate_limit": {"max": 17}})") == Needs{false, 17, false});
  CHECK(NeedsOf(R"({"unique_key": {}})") == Needs{false, 0, true});
  CHECK(NeedsOf(R"({"request_rate_limit": {"max": 17}, "from_attributes": {"max": "rate"}})").recent_requests ==
        10'000);
  CHECK(NeedsOf(R"({"request_rate_limit": {"max": 17}, "from_attributes": {"period_minutes": "time"}})")
            .recent_requests == 17);
}

TEST_CASE("what any of the chains asks for is asked", "[policy][document]") {
  const std::string chain = GENERATE("receive_request", "accept_request", "view_request", "update_request");
  const auto policy = FromProto(PolicyOf(R"({"name": "a", ")" + chain + R"(": {"modules": [{"unique_key": {}},
      {"request_rate_limit": {"max": 3}}, {"request_rate_limit": {"max": 5}}, {"active_certificate_limit": {"max": 1}},
      {"webhook": {"url": "https://hook.example/", "secret": "key"}}, {"set_validity": {"days": 1}},
      {"set_key_usage": {"usages": ["digital_signature"]}}]}})"));
  REQUIRE(policy.has_value());
  CHECK(policy->needs == Needs{true, 5, true});
  CHECK(policy->asks_webhook);
}

TEST_CASE("the rules of renewal are those of the first chain, in its order", "[policy][document]") {
  const auto policy = FromProto(PolicyOf(R"({"name": "a", "receive_request": {"modules": [
      {"require_signer": {"window_percent": 20, "grace_days": 3}}, {"require_signer": {"key_may_stay": true}}]},
      "update_request": {"modules": [{"require_signer": {}}]}})"));
  REQUIRE(policy.has_value());
  REQUIRE(policy->renewal_rules.size() == 2);
  CHECK(policy->renewal_rules[0].window_percent == 20);
  CHECK(policy->renewal_rules[0].grace == std::chrono::hours(72));
  CHECK(policy->renewal_rules[1].window_percent == 50);
  CHECK(policy->renewal_rules[1].key_may_stay);
  CHECK(policy->renewal_rules[1].max_renewals == 3);
}

TEST_CASE("a rejection gives back the use of a key where the policy says so", "[policy][document]") {
  CHECK_FALSE(FromProto(With(R"({"require_key": {}})")).value().rejection_releases_use);
  CHECK(FromProto(With(R"({"require_key": {"rejection_releases_use": true}})")).value().rejection_releases_use);
}

TEST_CASE("whether a rejection gives back a use is for the policy to say, not for an attribute", "[policy][document]") {
  CHECK(FaultsOf(With(R"({"require_key": {}, "from_attributes": {"rejection_releases_use": "release"}})")) ==
        "receive_request[1].require_key: from_attributes: rejection_releases_use is the same for every key");
}

TEST_CASE("a document survives being stored", "[policy][document]") {
  const auto document = With(R"({"set_validity": {"days": 1, "backdate_minutes": 0}, "note": "ü \"\\",
                                 "from_attributes": {"days": "lifetime"}})");
  const auto json = ToJson(document);
  REQUIRE(json.has_value());
  CHECK_THAT(*json, Catch::Contains("\"allowed_keys\"") && Catch::Contains("\"receive_request\""));
  CHECK(FromJson(*json)->SerializeAsString() == document.SerializeAsString());
}

TEST_CASE("a stored document with a field that we do not know is not understood", "[policy][document]") {
  for (const auto* json :
       {R"({"name": "office", "another_rule": true})", R"({"name": "office", "validity_days": 90})",
        R"({"name": "office", "receive_request": {"modules": [{"another_module": {}}]}})",
        R"({"name": "office", "receive_request": {"modules": [{"require_key": {"then": "VERDICT_MAYBE"}}]}})",
        R"({"name": "office", "receive_request": {"modules": [{"deny": {}, "accept_all": {}}]}})", "not JSON", ""}) {
    CAPTURE(json);
    const auto read = FromJson(json);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().reason == result::Reason::kMalformed);
  }
}

engine::store::PolicyRecord Record(std::int64_t policy_id, const std::string& document) {
  engine::store::PolicyRecord record;
  record.policy_id = policy_id;
  record.policy_version_id = policy_id * 10;
  record.version = 4;
  record.document = document;
  return record;
}

TEST_CASE("the book holds the policies that are understood", "[policy][book]") {
  const auto book = Book::Open({Record(1, *ToJson(PolicyDocument({.name = "office"}))),
                                Record(2, R"({"name": "office", "another_rule": true})"),
                                Record(3, R"({"name": "no name"})"), Record(4, "not JSON")});
  REQUIRE(book->Find(1) != nullptr);
  CHECK(book->Find(1)->policy_version_id == 10);
  CHECK(book->Find(1)->version == 4);
  CHECK(book->Find(1)->policy.name == "office");
  for (const std::int64_t policy_id : {2, 3, 4, 5}) CHECK(book->Find(policy_id) == nullptr);
}

TEST_CASE("when a certificate may be renewed is no matter of attributes", "[policy][document]") {
  const auto faults = FaultsOf(With(R"({"require_signer": {}, "from_attributes": {"max_renewals": "renewals"}})"));
  CHECK_THAT(faults, Catch::Contains("when a certificate may be renewed is the same for every entity"));
}

}  // namespace
