#include "ctl/json_printer.h"

#include <google/protobuf/descriptor.pb.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "certifier/v1/policy.pb.h"
#include "certifier/v1/request.pb.h"
#include "ctl/json_parser.h"

namespace {

namespace v1 = certifier::v1;
using nlohmann::json;

json Printed(const google::protobuf::Message& message) {
  return json::parse(ctl::PrintJson(message));
}

v1::Policy PolicyFrom(const std::string& text) {
  v1::Policy policy;
  const auto parsed = ctl::ParseJson(text, policy);
  if (!parsed) FAIL(parsed.error().detail);
  return policy;
}

std::string Refusal(const std::string& text) {
  v1::Policy policy;
  const auto parsed = ctl::ParseJson(text, policy);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().reason == result::Reason::kMalformed);
  return parsed.error().detail;
}

}  // namespace

TEST_CASE("an empty message prints every field of its proto, in its order", "[ctl][json]") {
  const auto printed = nlohmann::ordered_json::parse(ctl::PrintJson(v1::Request()));
  const auto* type = v1::Request::descriptor();
  REQUIRE(printed.size() == static_cast<std::size_t>(type->field_count()));
  auto entry = printed.items().begin();
  for (int i = 0; i < type->field_count(); ++i, ++entry) CHECK(entry.key() == type->field(i)->name());
  CHECK(printed["request_id"] == "");
  CHECK(printed["subject_alternative_names"] == json::array());
  CHECK(printed["policy_version"] == 0);
  CHECK(printed["has_challenge"] == false);
}

TEST_CASE("an absent message and an absent time print as null", "[ctl][json]") {
  const json printed = Printed(v1::Request());
  CHECK(printed["fingerprints"].is_null());
  CHECK(printed["decided_at"].is_null());
}

TEST_CASE("enum values print as short lower-case names", "[ctl][json]") {
  v1::Request request;
  CHECK(Printed(request)["state"] == "unspecified");
  request.set_state(v1::REQUEST_STATE_PENDING);
  CHECK(Printed(request)["state"] == "pending");
  request.set_state(static_cast<v1::RequestState>(77));
  CHECK(Printed(request)["state"] == 77);
}

TEST_CASE("times print in RFC 3339", "[ctl][json]") {
  v1::Request request;
  request.mutable_received_at()->set_seconds(1'795'486'200);
  CHECK(Printed(request)["received_at"] == "2026-11-24T02:10:00Z");
}

TEST_CASE("nested and repeated values keep their proto names", "[ctl][json]") {
  v1::ListRequestsResponse response;
  auto* request = response.add_requests();
  request->mutable_fingerprints()->mutable_unsigned_request()->mutable_sha256()->set_colon("2C:0C");
  request->add_subject_alternative_names("dns:a.example");
  response.set_next_page_token("next");
  const json printed = Printed(response);
  CHECK(printed["next_page_token"] == "next");
  CHECK(printed["requests"][0]["fingerprints"]["unsigned_request"]["sha256"]["colon"] == "2C:0C");
  CHECK(printed["requests"][0]["subject_alternative_names"] == json{"dns:a.example"});
}

TEST_CASE("64-bit integers print as numbers", "[ctl][json]") {
  google::protobuf::UninterpretedOption option;
  option.set_positive_int_value(18'446'744'073'709'551'615ULL);
  option.set_negative_int_value(-9'007'199'254'740'993LL);
  const json printed = Printed(option);
  CHECK(printed["positive_int_value"] == 18'446'744'073'709'551'615ULL);
  CHECK(printed["negative_int_value"] == -9'007'199'254'740'993LL);
}

TEST_CASE("bytes print in base64", "[ctl][json]") {
  google::protobuf::UninterpretedOption option;
  option.set_string_value(std::string("\xff\x00\x10", 3));
  CHECK(Printed(option)["string_value"] == "/wAQ");
}

TEST_CASE("what a device sent cannot steer a terminal through JSON", "[ctl][json]") {
  v1::Request request;
  request.set_subject("CN=\x1b[2J\x7f\u202eM\u00fcller");
  const std::string text = ctl::PrintJson(request);
  for (const char c : text) CHECK((c == '\n' || (c >= ' ' && c <= '~')));
  CHECK(json::parse(text)["subject"] == request.subject());
}

TEST_CASE("an error prints its reason and message on one line", "[ctl][json]") {
  CHECK(ctl::PrintErrorJson({result::Reason::kNotFound, "no CA \"x\""}) ==
        "{\"error\":{\"reason\":\"not_found\",\"message\":\"no CA \\\"x\\\"\"}}\n");
}

TEST_CASE("a policy that was printed parses back to itself", "[ctl][json]") {
  v1::Policy policy;
  policy.set_name("routers");
  policy.set_with_key(v1::DECISION_ISSUE);
  policy.set_without_key(v1::DECISION_HOLD);
  policy.add_allowed_keys("rsa-2048");
  policy.set_validity_days(365);
  policy.mutable_subject()->set_common_name_is_entity(true);
  CHECK(PolicyFrom(ctl::PrintJson(policy)).SerializeAsString() == policy.SerializeAsString());
}

TEST_CASE("enum values are read short and in full", "[ctl][json]") {
  const auto policy = PolicyFrom(R"({"with_key": "refuse", "without_key": "DECISION_HOLD"})");
  CHECK(policy.with_key() == v1::DECISION_REFUSE);
  CHECK(policy.without_key() == v1::DECISION_HOLD);
}

TEST_CASE("a document that is no policy is refused with the place of the fault", "[ctl][json]") {
  using Catch::Matchers::Contains;
  CHECK_THAT(Refusal("{\"name\": \n oops}"), Contains("line 2"));
  CHECK_THAT(Refusal("[]"), Contains("not a JSON object"));
  CHECK_THAT(Refusal(R"({"with_key": "maybe"})"), Contains("with_key") && Contains("issue, hold, refuse"));
  CHECK_THAT(Refusal(R"({"validity": 3})"), Contains("'validity' is no field of Policy"));
  CHECK_THAT(Refusal(R"({"subject": {"pattern": []}})"), Contains("'pattern' is no field of SubjectRule"));
  CHECK_THAT(Refusal(R"({"validity_days": "many"})"), Contains("many"));
  CHECK_THAT(Refusal(R"({"allowed_keys": "rsa-2048", "subject": 7})"), Contains("subject"));
}
