#include "policy/module_descriptions.h"

#include <rapidcheck/catch.h>

#include <algorithm>

#include "policy/modules.h"
#include "policy/text.h"
#include "random_policy.h"

namespace {

using certifier::v1::Module;
using certifier::v1::ModuleDescription;
using certifier::v1::ModuleParameter;
using engine::policy::ModuleDescriptions;
using engine_test::AnyAnswer;
using engine_test::AnyModule;
using engine_test::AnySituation;
using engine_test::FakeWebhook;

const ModuleDescription& Describe(std::string_view name) {
  const auto& all = ModuleDescriptions();
  const auto found = std::ranges::find(all, name, [](const auto& description) { return description.name(); });
  REQUIRE(found != all.end());
  return *found;
}

const ModuleParameter& Parameter(std::string_view module, std::string_view name) {
  const auto& all = Describe(module).parameters();
  const auto found = std::ranges::find(all, name, [](const auto& parameter) { return parameter.name(); });
  REQUIRE(found != all.end());
  return *found;
}

// As ToString writes them.
std::vector<std::string> VerdictsOf(std::string_view module) {
  const std::vector<std::string> names = {"", "pass", "accept", "hold", "deny"};
  std::vector<std::string> verdicts;
  for (const auto verdict : Describe(module).verdicts())
    verdicts.push_back(names.at(static_cast<std::size_t>(verdict)));
  return verdicts;
}

// Module with nothing but its kind.
Module Bare(const std::string& name) {
  Module module;
  module.GetReflection()->MutableMessage(&module, Module::descriptor()->FindFieldByName(name));
  return module;
}

bool IsSentence(const std::string& help) {
  return help.size() > 8 && help.ends_with('.') && help.find("  ") == std::string::npos;
}

TEST_CASE("every module has a sentence of help, its verdicts, and help for each parameter", "[policy][help]") {
  CHECK(static_cast<int>(ModuleDescriptions().size()) == Module::descriptor()->FindOneofByName("kind")->field_count());
  for (const auto& description : ModuleDescriptions()) {
    INFO(description.name());
    CHECK(IsSentence(description.help()));
    CHECK(description.help().starts_with(description.name() + " "));
    CHECK(description.verdicts_size() > 0);
    for (const auto& parameter : description.parameters()) {
      INFO(parameter.name());
      CHECK(IsSentence(parameter.help()));
      CHECK_FALSE(parameter.type().empty());
    }
  }
}

TEST_CASE("a module's help is the comment of its message, under the names of documents", "[policy][help]") {
  const auto& deny = Describe("deny");
  CHECK(deny.help() == "deny denies.");
  CHECK(VerdictsOf("deny") == std::vector<std::string>{"deny"});
  CHECK(VerdictsOf("request_rate_limit") == std::vector<std::string>{"pass", "hold", "deny"});
  REQUIRE(deny.parameters_size() == 1);
  CHECK(deny.parameters(0).help() == "For the record; at most 200 octets.");
  CHECK(deny.parameters(0).default_value() == "\"denies all\"");
  CHECK(Parameter("set_key_usage", "usages").default_value().empty());
  CHECK(Parameter("set_alternative_names", "names").help().find("as in set_subject;") != std::string::npos);
}

TEST_CASE("a parameter's type is what a document takes", "[policy][help]") {
  CHECK(Parameter("deny", "reason").type() == "text");
  CHECK(Parameter("set_validity", "days").type() == "number");
  CHECK(Parameter("set_validity", "backdate_minutes").default_value() == "as the engine is set up");
  CHECK(Parameter("require_key", "then").type() == "one of pass, accept, hold, deny");
  CHECK(Parameter("require_key", "then").default_value() == "pass");
  CHECK(Parameter("active_certificate_limit", "exceeded").type() == "one of deny, hold, revoke_oldest");
  CHECK(Parameter("accept_all", "without_voucher").type() == "true or false");
  CHECK(Parameter("accept_all", "without_voucher").default_value() == "false");
  CHECK(Parameter("match_subject", "common_name_patterns").type() == "list of texts");
  CHECK(Parameter("set_certificate_policies", "policies").type() == "list of {oid, cps_uri}");
  CHECK(Parameter("set_certificate_policies", "policies.cps_uri").default_value() == "none");
}

// What stands in an element of a list must be there if the element is.
bool IsOfModule(const ModuleParameter& parameter) {
  return parameter.name().find('.') == std::string::npos;
}

TEST_CASE("a module is faulty without parameters where one of them has no default, and nowhere else",
          "[policy][help]") {
  for (const auto& description : ModuleDescriptions()) {
    INFO(description.name());
    const auto is_needed = [](const ModuleParameter& parameter) {
      return IsOfModule(parameter) && parameter.default_value().empty();
    };
    // It needs one of two.
    const bool needs = std::ranges::any_of(description.parameters(), is_needed) || description.name() == "set_validity";
    engine::policy::Faults faults;
    engine::policy::MakeModule(Bare(description.name()), faults);
    CHECK(faults.text().empty() != needs);
  }
}

TEST_CASE("no module says what its help does not name", "[policy][help][property]") {
  rc::prop("judge", [] {
    FakeWebhook webhook({*AnyAnswer()});
    auto module = *AnyModule();
    // Where an attribute cannot be a parameter, any module denies.
    module.clear_from_attributes();
    const auto situation = *AnySituation(webhook);
    engine::policy::Faults faults;
    const auto made = engine::policy::MakeModule(module, faults);
    RC_PRE(faults.text().empty());
    engine::policy::Draft draft = {engine_test::Template(situation), true};
    const auto facts = situation.facts();
    const std::string verdict = engine::policy::ToString(made->Judge(facts, draft).verdict);
    const auto verdicts = VerdictsOf(engine::policy::NameOf(module));
    RC_ASSERT(std::ranges::find(verdicts, verdict) != verdicts.end());
  });
}

}  // namespace
