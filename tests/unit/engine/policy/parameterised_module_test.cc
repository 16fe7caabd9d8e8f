#include "policy/parameterised_module.h"

#include <catch2/catch.hpp>

#include "fixture.h"

namespace {

using engine::policy::SetParameter;
using engine_test::FaultsOf;
using engine_test::Judge;
using engine_test::kDay;
using engine_test::kNow;
using engine_test::ModuleOf;
using engine_test::Situation;
using engine_test::VerdictOf;

constexpr char kValidity[] = R"({"set_validity": {"days": 30}, "from_attributes": {"days": "lifetime"}})";

// The module after one of its parameters was set by text; as it was where that is not taken.
certifier::v1::Module With(const std::string& module, const std::string& parameter, const std::string& text) {
  auto document = ModuleOf(module);
  SetParameter(document, parameter, text);
  return document;
}

bool Takes(const std::string& module, const std::string& parameter, const std::string& text) {
  auto document = ModuleOf(module);
  return SetParameter(document, parameter, text);
}

TEST_CASE("a parameter is the attribute's where there is one", "[policy][from_attributes]") {
  CHECK(Judge(kValidity, Situation()).certificate.not_after == kNow + kDay * 30);
  CHECK(Judge(kValidity, Situation().WithKey({{"lifetime", "7"}})).certificate.not_after == kNow + kDay * 7);
  CHECK(Judge(kValidity, Situation().For("e", {{"lifetime", "8"}})).certificate.not_after == kNow + kDay * 8);
  CHECK(Judge(kValidity, Situation().WithKey({{"other", "7"}})).certificate.not_after == kNow + kDay * 30);
}

TEST_CASE("the key's attribute counts before the entity's", "[policy][from_attributes]") {
  const Situation both = Situation().WithKey({{"lifetime", "7"}}).For("e", {{"lifetime", "8"}});
  CHECK(Judge(kValidity, both).certificate.not_after == kNow + kDay * 7);
}

TEST_CASE("the record says which parameters came from attributes", "[policy][from_attributes]") {
  const auto judged = Judge(kValidity, Situation().WithKey({{"lifetime", "7"}}));
  CHECK(judged.finding.saw == "the CA lasts longer (days from attribute lifetime)");
  CHECK(Judge(kValidity, Situation()).finding.saw == "the CA lasts longer");
}

TEST_CASE("an attribute that is no value of its parameter denies", "[policy][from_attributes]") {
  for (const auto* value : {"", "a week", "7 ", "-1", "7.5", "0x7", "99999999999"}) {
    CAPTURE(value);
    const auto judged = Judge(kValidity, Situation().WithKey({{"lifetime", value}}));
    CHECK(judged.verdict == "deny");
    CHECK(judged.finding.saw == "attribute lifetime is no days");
    CHECK_FALSE(judged.certificate.not_after.has_value());
  }
}

TEST_CASE("an attribute out of its parameter's bounds denies", "[policy][from_attributes]") {
  const auto judged = Judge(kValidity, Situation().WithKey({{"lifetime", "3651"}}));
  CHECK(judged.verdict == "deny");
  CHECK(judged.finding.saw == "by its attributes days is above 3650");
}

TEST_CASE("a module that denies without its attributes may pass with them", "[policy][from_attributes]") {
  const std::string module = R"({"match_subject": {"common_name_patterns": ["nothing"]},
                                 "from_attributes": {"common_name_patterns": "names", "otherwise": "else"}})";
  CHECK(VerdictOf(module) == "deny");
  CHECK(VerdictOf(module, Situation().WithKey({{"names", "gw, device-*"}})) == "pass");
  CHECK(VerdictOf(module, Situation().WithKey({{"names", "gw"}, {"else", "hold"}})) == "hold");
  CHECK(VerdictOf(module, Situation().WithKey({{"names", "gw,,device-*"}})) == "deny");
}

TEST_CASE("a list from an attribute is never the empty one that allows anything", "[policy][from_attributes]") {
  const std::string module = R"({"match_subject": {"common_name_patterns": ["nothing"]},
                                 "from_attributes": {"common_name_patterns": "names"}})";
  for (const auto* value : {"", " ", ",", " , "})
    CHECK(VerdictOf(module, Situation().WithKey({{"names", value}})) == "deny");
}

TEST_CASE("a number is decimal and fits", "[policy][from_attributes]") {
  CHECK(With(kValidity, "days", "4294967295").set_validity().days() == 4294967295u);
  CHECK(With(kValidity, "backdate_minutes", "0").set_validity().has_backdate_minutes());
  CHECK_FALSE(Takes(kValidity, "days", "4294967296"));
}

TEST_CASE("a truth is \"true\" or \"false\"", "[policy][from_attributes]") {
  const std::string module = R"({"require_signer": {"key_may_stay": true}})";
  CHECK_FALSE(With(module, "key_may_stay", "false").require_signer().key_may_stay());
  CHECK(With(R"({"require_signer": {}})", "key_may_stay", "true").require_signer().key_may_stay());
  for (const auto* text : {"", "1", "yes", "True"}) CHECK_FALSE(Takes(module, "key_may_stay", text));
}

TEST_CASE("an enumerator is named without its prefix, in any case", "[policy][from_attributes]") {
  const std::string module = R"({"active_certificate_limit": {"max": 1}})";
  using Limit = certifier::v1::ActiveCertificateLimit;
  for (const auto* text : {"revoke_oldest", "Revoke_Oldest", "EXCEEDED_REVOKE_OLDEST"}) {
    CHECK(With(module, "exceeded", text).active_certificate_limit().exceeded() == Limit::EXCEEDED_REVOKE_OLDEST);
  }
  CHECK(With(R"({"require_key": {}})", "then", "hold").require_key().then() == certifier::v1::VERDICT_HOLD);
  for (const auto* text : {"", "unspecified", "EXCEEDED_UNSPECIFIED", "3", "oldest", "_hold"}) {
    CAPTURE(text);
    CHECK_FALSE(Takes(module, "exceeded", text));
  }
}

TEST_CASE("a text is taken as it is", "[policy][from_attributes]") {
  CHECK(With(R"({"set_subject": {"subject": "CN=a"}})", "subject", " CN=b, O=c ").set_subject().subject() ==
        " CN=b, O=c ");
}

TEST_CASE("a list is written with commas, and spaces around its entries go", "[policy][from_attributes]") {
  const auto module = With(R"({"set_key_usage": {"usages": ["digital_signature"]}})", "usages", "a, b ,c d,");
  const auto& usages = module.set_key_usage().usages();
  CHECK(std::vector<std::string>(usages.begin(), usages.end()) == std::vector<std::string>{"a", "b", "c d"});
}

TEST_CASE("a parameter that the module does not have is a fault", "[policy][from_attributes]") {
  const std::string fault = "from_attributes: there is no parameter ";
  CHECK(FaultsOf(R"({"set_validity": {"days": 1}, "from_attributes": {"weeks": "a"}})") ==
        fault + "weeks that an attribute could be");
  CHECK(FaultsOf(R"({"set_certificate_policies": {}, "from_attributes": {"policies": "a"}})") ==
        fault + "policies that an attribute could be");
  CHECK_THAT(FaultsOf(R"({"from_attributes": {"days": "a"}})"), Catch::Contains(fault + "days"));
  CHECK_FALSE(Takes(R"({"set_certificate_policies": {}})", "policies", "1.2.3"));
  CHECK_FALSE(Takes("{}", "days", "1"));
}

TEST_CASE("the name of an attribute out of bounds is a fault", "[policy][from_attributes]") {
  const auto faults = [](const std::string& name) {
    return FaultsOf(R"({"set_validity": {"days": 1}, "from_attributes": {"days": ")" + name + "\"}}");
  };
  CHECK(faults(std::string(64, 'a')).empty());
  for (const auto& name : {std::string(), std::string(65, 'a')}) {
    CHECK(faults(name) == "from_attributes: the name of an attribute has 1 to 64 octets");
  }
}

TEST_CASE("parameters that are out of bounds by themselves are faults, whatever attributes there may be",
          "[policy][from_attributes]") {
  CHECK(FaultsOf(R"({"set_validity": {}, "from_attributes": {"days": "lifetime"}})") == "days and hours are both 0");
}

}  // namespace
