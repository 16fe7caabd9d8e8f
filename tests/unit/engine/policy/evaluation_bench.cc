// What judging a request costs. Run by name: policy_test "[.bench]".

#include <catch2/catch.hpp>
#include <ctime>

#include "fixture.h"
#include "policy/document.h"

namespace {

using engine::policy::Evaluator;
using engine::policy::Verdict;
using engine_test::Device;
using engine_test::Situation;

// Twenty modules, with names and patterns as operators have them, and a parameter from an attribute.
constexpr char kFullPolicy[] = R"({"name": "full",
  "receive_request": {"modules": [
    {"require_entity": {"name_patterns": ["router-*", "device-*"], "attributes": ["site=*"]}},
    {"require_signer": {"then": "VERDICT_ACCEPT", "otherwise": "VERDICT_PASS"}},
    {"require_key": {}},
    {"request_rate_limit": {"max": 20, "period_minutes": 1440}},
    {"active_certificate_limit": {"max": 3, "exceeded": "EXCEEDED_REVOKE_OLDEST"}},
    {"allowed_keys": {"algorithms": ["rsa-2048", "ecdsa-p256", "ecdsa-p384"]}},
    {"unique_key": {}},
    {"match_subject": {"common_name_is_entity": true, "attributes": ["O=Example", "OU=*"]}},
    {"match_alternative_names": {"allowed_kinds": ["dns", "ip"], "dns_patterns": ["*.example", "*.example.org"],
                                 "ip_networks": ["192.0.2.0/24", "2001:db8::/32"]}},
    {"set_subject": {"subject": "CN=${entity},OU=${attribute.site},O=Example"}},
    {"set_alternative_names": {"names": ["dns:${entity}.example"], "keep_requested": true}},
    {"accept_all": {}}]},
  "accept_request": {"modules": [
    {"set_validity": {"days": 90, "jitter_percent": 5}, "from_attributes": {"days": "lifetime"}},
    {"set_key_usage": {"usages": ["digital_signature", "key_encipherment"]}},
    {"set_extended_key_usage": {"purposes": ["client_auth", "server_auth"]}},
    {"copy_extensions": {"oids": ["1.3.6.1.4.1.311.25.2"]}},
    {"add_ca_issuers": {"urls": ["http://pki.example/ca.crt"]}},
    {"set_crl_distribution_point": {"urls": ["http://pki.example/ca.crl"]}},
    {"set_certificate_policies": {"policies": [{"oid": "1.2.3.4", "cps_uri": "https://pki.example/cps"}]}},
    {"accept_all": {}}]}})";

TEST_CASE("twenty modules judge a request in less than 0.2 ms", "[.bench][policy]") {
  const std::string algorithm = GENERATE("ecdsa-p256", "rsa-2048");
  const auto policy = engine::policy::FromProto(engine_test::PolicyOf(kFullPolicy)).value();
  Situation situation({.subject = "CN=device-1,OU=hall,O=Example",
                       .alternative_names = {"dns:device-1.example.org", "ip:192.0.2.9"},
                       .extensions = {{"1.3.6.1.4.1.311.25.2", false, "sid"}}},
                      Device(algorithm));
  situation.WithKey({{"lifetime", "60"}}).For("device-1", {{"site", "hall"}});
  situation.entity->active_certificates = {11, 12, 13};
  const auto facts = situation.facts();
  const int rounds = 5000;
  std::size_t steps = 0;
  const std::clock_t begun = std::clock();
  for (int i = 0; i < rounds; i++) {
    const auto evaluation = Evaluator::Receive(policy, facts);
    if (evaluation.verdict != Verdict::kAccept) FAIL(evaluation.reason);
    steps += evaluation.steps.size();
  }
  const double ns = static_cast<double>(std::clock() - begun) * (1e9 / CLOCKS_PER_SEC) / rounds;
  WARN(algorithm << ": " << ns << " ns of CPU for each evaluation");
  CHECK(steps == std::size_t{20} * rounds);
  CHECK(ns < 200'000);
}

}  // namespace
