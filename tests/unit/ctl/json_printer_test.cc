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
  auto& keys = *policy.mutable_receive_request()->add_modules();
  keys.mutable_allowed_keys()->add_algorithms("rsa-2048");
  auto& key = *policy.mutable_receive_request()->add_modules()->mutable_require_key();
  key.set_then(v1::VERDICT_ACCEPT);
  key.set_otherwise(v1::VERDICT_HOLD);
  auto& validity = *policy.mutable_accept_request()->add_modules();
  validity.mutable_set_validity()->set_days(365);
  (*validity.mutable_from_attributes())["days"] = "validity_days";
  policy.mutable_accept_request()->add_modules()->mutable_accept_all();
  const auto fields = GENERATE(ctl::Fields::kAll, ctl::Fields::kSet);
  CHECK(PolicyFrom(ctl::PrintJson(policy, fields)).SerializeAsString() == policy.SerializeAsString());
}

TEST_CASE("a policy prints of each module only which it is", "[ctl][json]") {
  v1::Policy policy;
  policy.mutable_receive_request()->add_modules()->mutable_accept_all();
  const json all = Printed(policy)["receive_request"]["modules"][0];
  CHECK(all.size() == 3);
  CHECK(all["accept_all"] == json{{"without_voucher", false}});
  const json set = json::parse(ctl::PrintJson(policy, ctl::Fields::kSet));
  CHECK(set == json::parse(R"({"receive_request": {"modules": [{"accept_all": {}}]}})"));
}

TEST_CASE("enum values are read short and in full", "[ctl][json]") {
  const auto policy = PolicyFrom(
      R"({"receive_request": {"modules": [{"require_key": {"then": "accept", "otherwise": "VERDICT_HOLD"}}]}})");
  CHECK(policy.receive_request().modules(0).require_key().then() == v1::VERDICT_ACCEPT);
  CHECK(policy.receive_request().modules(0).require_key().otherwise() == v1::VERDICT_HOLD);
}

TEST_CASE("a document that is no policy is refused with the place of the fault", "[ctl][json]") {
  using Catch::Matchers::Contains;
  CHECK_THAT(Refusal("{\"name\": \n oops}"), Contains("line 2"));
  CHECK_THAT(Refusal("[]"), Contains("not a JSON object"));
  const auto refusal = [](const std::string& module) {
    return Refusal(R"({"receive_request": {"modules": [)" + module + "]}}");
  };
  CHECK_THAT(refusal(R"({"require_key": {"then": "maybe"}})"),
             Contains("then") && Contains("pass, accept, hold, deny"));
  CHECK_THAT(refusal(R"({"accept": {}})"), Contains("'accept' is no field of Module"));
  CHECK_THAT(Refusal(R"({"subject": {}})"), Contains("'subject' is no field of Policy"));
  CHECK_THAT(refusal(R"({"match_subject": {"pattern": []}})"), Contains("'pattern' is no field of MatchSubject"));
  CHECK_THAT(refusal(R"({"set_validity": {"days": "many"}})"), Contains("many"));
  CHECK_THAT(refusal(R"({"deny": 7})"), Contains("deny"));
}
