// What holds of every policy that is written as YAML or JSON and read again.

#include <google/protobuf/util/message_differencer.h>
#include <rapidcheck/catch.h>

#include "ctl/json_parser.h"
#include "ctl/json_printer.h"
#include "ctl/yaml_printer.h"
#include "ctl/yaml_reader.h"
#include "random_policy.h"

namespace {

using certifier::v1::Policy;
using engine_test::AnyPolicy;
using engine_test::Fill;
using google::protobuf::util::MessageDifferencer;

rc::Gen<Policy> AnyDocument() {
  return rc::gen::exec([] {
    Policy policy;
    Fill(policy);
    return policy;
  });
}

void CheckYaml(const Policy& policy) {
  const std::string yaml = ctl::PrintYaml(policy);
  Policy read;
  const auto parsed = ctl::ParseYaml(yaml, read);
  if (!parsed) RC_FAIL(parsed.error().detail + "\n" + yaml);
  RC_ASSERT(MessageDifferencer::Equals(read, policy));
  RC_ASSERT(ctl::PrintYaml(read) == yaml);
}

TEST_CASE("every valid policy is the same after YAML", "[policy][property][yaml]") {
  rc::prop("print and parse", [] { CheckYaml(*AnyPolicy()); });
}

TEST_CASE("every document that Protocol Buffers take is the same after YAML", "[policy][property][yaml]") {
  rc::prop("print and parse", [] { CheckYaml(*AnyDocument()); });
}

TEST_CASE("every document is the same after JSON", "[policy][property][yaml]") {
  rc::prop("print and parse", [] {
    const Policy policy = *AnyDocument();
    Policy read;
    const auto parsed = ctl::ParseJson(ctl::PrintJson(policy, ctl::Fields::kSet), read);
    if (!parsed) RC_FAIL(parsed.error().detail);
    RC_ASSERT(MessageDifferencer::Equals(read, policy));
  });
}

}  // namespace
