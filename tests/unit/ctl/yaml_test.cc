#include <google/protobuf/util/message_differencer.h>

#include <catch2/catch.hpp>

#include "certifier/v1/enrollment.pb.h"
#include "certifier/v1/policy_document.pb.h"
#include "certifier/v1/request.pb.h"
#include "ctl/json_parser.h"
#include "ctl/yaml_printer.h"
#include "ctl/yaml_reader.h"
#include "ctl/yaml_tree.h"

namespace {

using certifier::v1::Policy;
using google::protobuf::util::MessageDifferencer;

Policy FromJson(const std::string& json) {
  Policy policy;
  const auto parsed = ctl::ParseJson(json, policy);
  INFO((parsed ? std::string() : parsed.error().detail));
  REQUIRE(parsed);
  return policy;
}

Policy FromYaml(const std::string& yaml) {
  Policy policy;
  const auto parsed = ctl::ParseYaml(yaml, policy);
  INFO((parsed ? std::string() : parsed.error().detail));
  REQUIRE(parsed);
  return policy;
}

std::string FaultOf(const std::string& yaml) {
  Policy policy;
  const auto parsed = ctl::ParseYaml(yaml, policy);
  if (parsed) return "";
  CHECK(parsed.error().reason == result::Reason::kMalformed);
  return parsed.error().detail;
}

constexpr char kJson[] = R"({
  "name": "default", "description": "yes",
  "receive_request": {"modules": [
    {"note": "for: #1", "from_attributes": {"days": "n"}, "set_validity": {"days": 30, "backdate_minutes": 0}},
    {"require_key": {}},
    {"require_key": {"then": "accept", "rejection_releases_use": true}},
    {"match_subject": {"common_name_patterns": ["router-*", "*.example", "", "7", "M\u00fcller", "\ud83d\ude00"]}},
    {"set_certificate_policies": {"policies": [{"oid": "1.2.3", "cps_uri": "http://a/"}, {}]}}]},
  "accept_request": {}})";

constexpr char kYaml[] = R"(name: default
description: "yes"
receive_request:
  modules:
    - note: "for: #1"
      from_attributes:
        days: "n"
      set_validity:
        days: 30
        backdate_minutes: 0
    - require_key: {}
    - require_key:
        then: accept
        rejection_releases_use: true
    - match_subject:
        common_name_patterns:
          - router-*
          - "*.example"
          - ""
          - "7"
          - "Müller"
          - "😀"
    - set_certificate_policies:
        policies:
          - oid: "1.2.3"
            cps_uri: "http://a/"
          - {}
accept_request: {}
)";

}  // namespace

TEST_CASE("a policy is the same YAML always, in the order of its proto", "[ctl][yaml]") {
  CHECK(ctl::PrintYaml(FromJson(kJson)) == kYaml);
  CHECK(ctl::PrintYaml(Policy()) == "{}\n");
}

TEST_CASE("what follows an element without fields begins a line of its own", "[ctl][yaml]") {
  certifier::v1::ExplainRequestResponse response;
  auto& decision = *response.add_decisions();
  decision.add_steps();
  decision.set_reason("perhaps");
  CHECK(ctl::PrintYaml(response) == "decisions:\n  - steps:\n      - {}\n    reason: perhaps\n");
}

TEST_CASE("the YAML of a policy is that policy again", "[ctl][yaml]") {
  CHECK(MessageDifferencer::Equals(FromYaml(kYaml), FromJson(kJson)));
  CHECK(MessageDifferencer::Equals(FromYaml("{}\n"), Policy()));
}

TEST_CASE("the field says what a scalar is", "[ctl][yaml]") {
  CHECK(FromYaml("name: no").name() == "no");
  CHECK(FromYaml("name: 1.20").name() == "1.20");
  CHECK(FromYaml("name: 'null'").name() == "null");
  CHECK(FromYaml("\xef\xbb\xbfname: a\r\n").name() == "a");
  CHECK(FromYaml("receive_request: {modules: [{require_key: {then: VERDICT_HOLD}}]}")
            .receive_request()
            .modules(0)
            .require_key()
            .then() == certifier::v1::VERDICT_HOLD);
}

TEST_CASE("what YAML could take for something else than a text is quoted", "[ctl][yaml]") {
  for (const std::string word :
       {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf", "infinity"}) {
    for (std::string text : {word, std::string(1, static_cast<char>(word[0] - 'a' + 'A')) + word.substr(1)}) {
      Policy policy;
      policy.set_description(text);
      (*policy.mutable_receive_request()->add_modules()->mutable_from_attributes())[text] = "site";
      const std::string yaml = ctl::PrintYaml(policy);
      CAPTURE(yaml);
      CHECK(yaml.starts_with("description: \"" + text + "\"\n"));
      CHECK(yaml.find("        \"" + text + "\": site\n") != std::string::npos);
    }
  }
  const auto printed = [](const std::string& text) {
    Policy policy;
    policy.set_name(text);
    return ctl::PrintYaml(policy);
  };
  for (const std::string text : {"a ", " a", "a #b", "a: b", "-a", "7", "=", "a,b", "a\tb", "[a", "a'b"}) {
    CAPTURE(text);
    CHECK(printed(text).starts_with("name: \""));
    CHECK(FromYaml(printed(text)).name() == text);
  }
  CHECK(printed("yesterday") == "name: yesterday\n");
  CHECK(printed("a b-c_d.e/f+g=h*i@j(k)") == "name: a b-c_d.e/f+g=h*i@j(k)\n");
}

TEST_CASE("a verdict that only a newer engine knows is its number, and no other is", "[ctl][yaml]") {
  const std::string yaml = "receive_request:\n  modules:\n    - require_key:\n        then: 99\n";
  const Policy policy = FromYaml(yaml);
  CHECK(static_cast<int>(policy.receive_request().modules(0).require_key().then()) == 99);
  CHECK(ctl::PrintYaml(policy) == yaml);
  CHECK(FaultOf("receive_request: {modules: [{require_key: {then: 1}}]}") ==
        "line 1: '1' is none of unspecified, pass, accept, hold, deny");
}

TEST_CASE("octets cannot be written in YAML", "[ctl][yaml]") {
  certifier::v1::SubmitRequest request;
  CHECK(ctl::ParseYaml("ca: demo\ntransaction_id: tx\n", request).error().detail ==
        "line 2: transaction_id cannot be written in YAML");
}

TEST_CASE("a document takes the place of what the message held", "[ctl][yaml]") {
  Policy policy;
  policy.set_description("before");
  policy.mutable_receive_request()->add_modules();
  REQUIRE(ctl::ParseYaml("name: a\n", policy));
  CHECK(ctl::PrintYaml(policy) == "name: a\n");
}

TEST_CASE("what a terminal would hide is escaped", "[ctl][yaml]") {
  Policy policy;
  policy.set_description("a\x1b\x7f\n\xe2\x80\xae\xf3\xa0\x80\x81\"\\");
  const std::string yaml = ctl::PrintYaml(policy);
  CHECK(yaml == "description: \"a\\u001b\\x7f\\n\\u202e\\U000e0001\\\"\\\\\"\n");
  CHECK(FromYaml(yaml).description() == policy.description());
}

TEST_CASE("an unknown field is refused with its line", "[ctl][yaml]") {
  CHECK(FaultOf("name: a\nreceive_request:\n  modules:\n    - requir_key: {}\n") ==
        "line 4: 'requir_key' is no field of Module");
  CHECK(FaultOf("a: 1") == "line 1: 'a' is no field of Policy");
}

TEST_CASE("a value of the wrong kind is refused with its line", "[ctl][yaml]") {
  const std::string chain = "receive_request:\n  modules:\n    - ";
  CHECK(FaultOf("name: [a]") == "line 1: name is a single value");
  CHECK(FaultOf("name:\n") == "line 1: name has no value");
  CHECK(FaultOf("name: ~") == "line 1: name has no value");
  CHECK(FaultOf("- a") == "line 1: Policy is a map of its fields");
  CHECK(FaultOf("receive_request:\n  modules: {}") == "line 2: modules is a list");
  CHECK(FaultOf(chain + "accept_all:\n") == "line 3: AcceptAll has no value; write {} for none of its fields");
  CHECK(FaultOf(chain + "set_validity:\n        days: -1\n") ==
        "line 4: days is a number, and '-1' is none that it may be");
  CHECK(FaultOf(chain + "set_validity: {days: 4294967296}") ==
        "line 3: days is a number, and '4294967296' is none that it may be");
  CHECK(FaultOf(chain + "set_validity: {days: 0x10}") == "line 3: days is a number, and '0x10' is none that it may be");
  CHECK(FaultOf(chain + "accept_all: {without_voucher: yes}") == "line 3: without_voucher is true or false");
  CHECK(FaultOf(chain + "require_key: {then: accpt}") ==
        "line 3: 'accpt' is none of unspecified, pass, accept, hold, deny");
  CHECK(FaultOf(chain + "from_attributes: [a]") == "line 3: from_attributes is a map");
  CHECK(FaultOf(chain + "from_attributes: {days: {}}") == "line 3: value is a single value");
}

TEST_CASE("two modules in one are refused", "[ctl][yaml]") {
  CHECK(FaultOf("receive_request:\n  modules:\n    - accept_all: {}\n      deny: {}\n") ==
        "line 4: Module has accept_all already; it takes one of them");
}

TEST_CASE("a key that is written twice is refused", "[ctl][yaml]") {
  CHECK(FaultOf("name: a\nname: b\n") == "line 2: 'name' is there already, in line 1");
  CHECK(FaultOf("? [a]\n: b\n") == "line 1: a key is a text");
  CHECK(FaultOf("? \n: b\n") == "line 2: a key is a text");
}

TEST_CASE("anchors, aliases, tags and further documents are refused", "[ctl][yaml]") {
  CHECK(FaultOf("name: &a b\n") == "line 1: anchors (&) are not taken");
  CHECK(FaultOf("receive_request: &a {}\n") == "line 1: anchors (&) are not taken");
  CHECK(FaultOf("name: &a b\ndescription: *a\n") == "line 1: anchors (&) are not taken");
  CHECK(FaultOf("name: !!str b\n") == "line 1: tags (!) are not taken");
  CHECK(FaultOf("receive_request: !!map {}\n") == "line 1: tags (!) are not taken");
  CHECK(FaultOf("name: a\n---\nname: b\n") == "line 3: a second document begins");
  CHECK(FaultOf("") == "there is no document in it");
}

TEST_CASE("what is not YAML is refused with its line", "[ctl][yaml]") {
  CHECK(FaultOf("name: a\nreceive_request: {\n").starts_with("line 3: not YAML: "));
  CHECK(FaultOf("name: a\n\tdescription: b\n").starts_with("line 2: not YAML: "));
  CHECK(FaultOf("name: *a\n").starts_with("line 1: "));
}

TEST_CASE("octets that an editor may not show are refused with their line", "[ctl][yaml]") {
  CHECK(FaultOf("name: a\ndescription: \x1b") == "line 2: there is a character that an editor may not show");
  CHECK(FaultOf("name: \xff") == "line 1: there is a character that an editor may not show");
  CHECK(FaultOf("name: \xe2\x80\xae") == "line 1: there is a character that an editor may not show");
  CHECK(FaultOf(std::string("name: a\0", 8)) == "line 1: there is a character that an editor may not show");
}

TEST_CASE("a document meets its bounds and no more", "[ctl][yaml]") {
  const std::string head = "name: a\ndescription: ";
  const std::string longest = head + std::string(ctl::kMostYamlOctets - head.size(), 'b');
  CHECK(FromYaml(longest).description().size() == ctl::kMostYamlOctets - head.size());
  CHECK(FaultOf(longest + "b") == "it is longer than 1048576 octets");

  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(ctl::ParseYamlTree(nested(ctl::kMostYamlDepth)));
  CHECK(FaultOf(nested(ctl::kMostYamlDepth + 1)) == "line 1: it is nested too deep");
  CHECK_FALSE(FaultOf(std::string(ctl::kMostYamlOctets, '[')).empty());

  const auto keys = [](std::size_t count) {
    std::string text = "receive_request: {modules: [{from_attributes: {";
    for (std::size_t i = 0; i < count; ++i) text += "k" + std::to_string(i) + ": v, ";
    return text + "}}]}";
  };
  CHECK(FromYaml(keys(1000)).receive_request().modules(0).from_attributes_size() == 1000);
  CHECK(FaultOf(keys(1001)) == "line 1: there are too many keys");

  const auto list = [](std::size_t values) {
    std::string text;
    for (std::size_t i = 0; i < values; ++i) text += "- a\n";
    return text;
  };
  CHECK(ctl::ParseYamlTree(list(ctl::kMostYamlNodes - 1)));
  CHECK(FaultOf(list(ctl::kMostYamlNodes)) == "line 100000: there are more than 100000 values");
}
