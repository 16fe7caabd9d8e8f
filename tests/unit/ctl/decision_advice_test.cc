#include "ctl/decision_advice.h"

#include <catch2/catch.hpp>

#include "ctl/report_view.h"

namespace {

namespace v1 = certifier::v1;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

v1::DecisionRecord Refused(const std::string& reason) {
  v1::DecisionRecord decision;
  decision.set_outcome(v1::DECISION_OUTCOME_REJECTED);
  decision.set_reason(reason);
  return decision;
}

TEST_CASE("a check is told in words, with what it saw", "[ctl][doctor]") {
  auto decision = Refused("key_expired");
  auto& passed = *decision.add_steps();
  passed.set_verdict(v1::VERDICT_PASS);
  passed.set_saw("not this");
  auto& step = *decision.add_steps();
  step.set_verdict(v1::VERDICT_DENY);
  step.set_saw("key R1, good until 2026-11-01T00:00:00Z");
  const auto advice = ctl::AdviceOn(decision);
  CHECK(advice.finding == "The pre-shared key has expired: key R1, good until 2026-11-01T00:00:00Z");
  CHECK_THAT(advice.advice, Contains("certifierctl key create"));
}

TEST_CASE("a check that reads a message is told with its fault", "[ctl][doctor]") {
  CHECK(ctl::AdviceOn(Refused("certification_request: the signature does not hold")).finding ==
        "The PKCS#10 cannot be read, or its signature is not by its key: the signature does not hold");
}

TEST_CASE("a module is told in words, with what it saw", "[ctl][doctor]") {
  const auto advice = ctl::AdviceOn(Refused("match_subject: CN=x is not allowed for entity y"));
  CHECK(advice.finding == "The policy does not allow the subject: CN=x is not allowed for entity y");
  CHECK_FALSE(advice.advice.empty());
}

TEST_CASE("what a gateway refused is told with what to set on the client", "[ctl][doctor]") {
  const auto ca = ctl::AdviceOn(Refused("gateway: addressed_to_ca: the envelope is encrypted to the CA demo"));
  CHECK_THAT(ca.finding, StartsWith("The message is encrypted to the CA's certificate, not to the RA's"));
  CHECK_THAT(ca.advice, Contains("GetCACert"));
  CHECK_THAT(ctl::AdviceOn(Refused("gateway: bad_algorithm: digest md5 is switched off")).finding,
             Contains("digest md5 is switched off"));
  CHECK_THAT(ctl::AdviceOn(Refused("gateway: something new")).finding, Contains("something new"));
}

TEST_CASE("every reason of the engine has words and something to do", "[ctl][doctor]") {
  for (const std::string reason : {"key_unknown",
                                   "key_of_another_ca",
                                   "key_disabled",
                                   "key_not_yet_good",
                                   "key_expired",
                                   "key_used_up",
                                   "key_attributes_unreadable",
                                   "entity_inactive",
                                   "entity_attributes_unreadable",
                                   "names_are_not_the_keys",
                                   "names_are_not_the_entitys",
                                   "signer_key_is_not_request_key",
                                   "signer_subject_is_not_request_subject",
                                   "signer_is_not_ours",
                                   "renewal_signer_is_self_issued",
                                   "renewal_signer_is_not_ours",
                                   "renewal_is_switched_off",
                                   "renewal_of_another_ca",
                                   "renewal_certificate_revoked",
                                   "renewed_too_often",
                                   "transaction_id_collision",
                                   "too_much_is_pending",
                                   "too_many_wrong_keys",
                                   "message_type",
                                   "signer_certificate: x",
                                   "certification_request: x",
                                   "unknown_transaction",
                                   "waits",
                                   "certificate_is_revoked",
                                   "retention_is_over",
                                   "rejected_by_operator",
                                   "nobody_decided_in_time",
                                   "match_subject: x",
                                   "match_alternative_names: x",
                                   "allowed_keys: x",
                                   "unique_key: x",
                                   "require_key: x",
                                   "require_entity: x",
                                   "require_signer: x",
                                   "require_approval: x",
                                   "active_certificate_limit: x",
                                   "request_rate_limit: x",
                                   "webhook: x",
                                   "deny: x",
                                   "receive_request: x",
                                   "accept_request: x",
                                   "template: x"}) {
    INFO(reason);
    const auto advice = ctl::AdviceOn(Refused(reason));
    CHECK(advice.finding.substr(0, reason.find(':')) != reason.substr(0, reason.find(':')));
    CHECK_FALSE(advice.advice.empty());
  }
}

TEST_CASE("an unknown reason stands as it is", "[ctl][doctor]") {
  CHECK(ctl::AdviceOn(Refused("quite_new")).finding == "quite_new");
}

TEST_CASE("what was issued needs nothing done", "[ctl][doctor]") {
  v1::DecisionRecord issued;
  issued.set_outcome(v1::DECISION_OUTCOME_ISSUED);
  issued.set_reason("accept_all: a key vouches");
  CHECK(ctl::AdviceOn(issued).advice.empty());
  CHECK_THAT(ctl::AdviceOn(issued).finding, StartsWith("A certificate was issued"));
}

TEST_CASE("advice in JSON is one row a decision, in ASCII", "[ctl][doctor]") {
  v1::ExplainRequestResponse response;
  *response.add_decisions() = Refused("match_subject: CN=\xc3\xbc");
  const std::string json = ctl::AdviceJson(response);
  CHECK_THAT(json, Contains("\"outcome\": \"rejected\"") && Contains("\\u00fc"));
}

}  // namespace
