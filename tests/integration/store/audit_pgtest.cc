// What the audit log is told, and by which transaction.
#include "audit_events.h"
#include "service/origin.h"
#include "store/postgres/decision_journal.h"
#include "store/postgres/postgres_audit_store.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using nlohmann::json;

// Audited is a bench whose log can be read.
class Audited : public Bench<PostgresStores> {
 public:
  const std::string& database() const { return stores.settings().connection; }
  AdministrationStore& store() { return stores.administration(); }

  std::vector<json> New() { return events_.New(); }
  std::string Kinds() { return events_.Kinds(); }
  json Only() { return events_.Only(); }

  PostgresAuditStore audit{stores.settings()};

 private:
  AuditEvents events_{stores.settings().connection};
};

const service::Origin kAlice{"alice", "198.51.100.7"};

TEST_CASE_METHOD(Audited, "what makes a CA is told, step by step", "[store][audit]") {
  CHECK(Kinds() == "policy_applied ca_created generation_added ra_added entity_created");
}

TEST_CASE_METHOD(Audited, "an issue is one event that names request, certificate, key, entity and policy",
                 "[store][audit]") {
  const auto key = MakeKey();
  New();
  REQUIRE(Record(Issued("tx", key))->kind == Kind::kRecorded);
  const json event = Only();
  CHECK(event.at("kind") == "certificate_issued");
  CHECK(event.at("actor") == "");
  CHECK(event.at("source") == "192.0.2.7");
  CHECK(event.at("ca") == "demo");
  CHECK(event.at("about").at("key") == "R1");
  CHECK(event.at("about").at("entity") == "device");
  CHECK(event.at("about").at("certificate") == pki::HexLower(store().ListCertificates({}, {})->at(0).serial_number));
  CHECK(event.at("about").at("request") == "1");
  CHECK(event.at("details").at("policy") == "default");
  CHECK(event.at("details").at("subject") == "CN=device of tx");
}

TEST_CASE_METHOD(Audited, "each of a batch that was written has its event, and none that lost has one",
                 "[store][audit]") {
  const auto key = MakeKey(2);
  New();
  const auto outcomes = RecordAll({Issued("a", key), Issued("b", key), Issued("c", key), Pending("d")});
  REQUIRE(CountOf(outcomes, Kind::kRecorded) == 3);
  std::size_t issued = 0, held = 0;
  for (const auto& event : New()) {
    issued += event.at("kind") == "certificate_issued" ? 1u : 0u;
    held += event.at("kind") == "request_held" ? 1u : 0u;
  }
  CHECK(issued == 2);
  CHECK(held == 1);
}

TEST_CASE_METHOD(Audited, "what operators decide is told with who and from where", "[store][audit]") {
  const auto approved = Record(Held("approved", MakeKey()))->request_id, rejected = RecordPending("rejected", "other");
  CHECK(Kinds().ends_with("entity_created key_created request_held request_held"));
  const service::OriginScope scope(kAlice);
  const auto waiting = store().GetRequest(approved);
  REQUIRE(store().UpdateTemplate({approved, waiting->csr_sha256, 1, "template", "bob", Decision(approved)}));
  json event = Only();
  CHECK(event.at("kind") == "request_edited");
  CHECK(event.at("actor") == "bob");
  CHECK(event.at("source") == "198.51.100.7");
  // An entity's history, and a key's, has what was done with its requests.
  CHECK(event.at("about").at("entity") == "device");
  CHECK(event.at("about").at("key") == "R1");

  Approval approval = ApprovedBy("carol");
  approval.template_version = 2;
  ApprovedRequest approve{approved, waiting->csr_sha256, Certificate(), policy_version_id, approval, {}};
  approve.decision = Decision(approved);
  REQUIRE(store().Approve(approve));
  const auto events = New();
  REQUIRE(events.size() == 2);
  CHECK(events[0].at("kind") == "request_approved");
  CHECK(events[0].at("about").at("request") == std::to_string(approved));
  CHECK(events[0].at("about").at("entity") == "device");
  CHECK(events[0].at("about").at("key") == "R1");
  CHECK(events[1].at("kind") == "certificate_issued");
  for (const auto& each : events) {
    CHECK(each.at("actor") == "carol");
    CHECK(each.at("source") == "198.51.100.7");
  }
  CHECK(events[1].at("details").at("device") == "192.0.2.7");

  REQUIRE(store().Postpone(rejected, "asks the owner"));
  event = Only();
  CHECK(event.at("kind") == "request_postponed");
  CHECK(event.at("actor") == "alice");
  CHECK(event.at("source") == "198.51.100.7");
  CHECK(event.at("about").at("request") == std::to_string(rejected));
  CHECK(event.at("details").at("reason") == "asks the owner");
  REQUIRE(store().Resume(rejected, ""));
  event = Only();
  CHECK(event.at("kind") == "request_resumed");
  CHECK_FALSE(event.at("details").contains("reason"));

  REQUIRE(store().Reject(rejected, "unknown", "dave"));
  event = Only();
  CHECK(event.at("kind") == "request_rejected");
  CHECK(event.at("actor") == "dave");
  CHECK(event.at("details").at("reason") == "unknown");
}

TEST_CASE_METHOD(Audited, "a request that nobody decided expires by an engine's hand", "[store][audit]") {
  RecordPending("tx");
  New();
  REQUIRE(store().Expire(Now() + std::chrono::hours(1), {std::chrono::seconds(1), std::chrono::hours(1)}));
  const json event = Only();
  CHECK(event.at("kind") == "request_expired");
  CHECK(event.at("actor") == "engine");
}

TEST_CASE_METHOD(Audited, "revocations, suspensions, reactivations and CRLs are told", "[store][audit]") {
  REQUIRE(Record(Issued("a"))->kind == Kind::kRecorded);
  const Bytes serial = store().ListCertificates({}, {})->at(0).serial_number;
  New();
  const service::OriginScope scope(kAlice);
  REQUIRE(store().Revoke(serial, "", {pki::CrlReason::kCertificateHold, {}, "lost", "bob"}));
  REQUIRE(store().Reactivate(serial, ""));
  REQUIRE(store().Revoke(serial, "", {pki::CrlReason::kKeyCompromise, {}, "", "carol"}));
  CHECK_FALSE(store().Revoke(serial, "", {pki::CrlReason::kKeyCompromise, {}, "", "carol"}));
  const auto events = New();
  REQUIRE(events.size() == 3);
  CHECK(events[0].at("kind") == "certificate_suspended");
  CHECK(events[0].at("details").at("comment") == "lost");
  CHECK(events[1].at("kind") == "certificate_reactivated");
  CHECK(events[1].at("actor") == "alice");
  CHECK(events[2].at("kind") == "certificate_revoked");
  CHECK(events[2].at("about").at("certificate") == pki::HexLower(serial));
  CHECK(events[2].at("details").at("reason") == "keyCompromise");
  const auto sign = [this](const CrlDraft&) -> Result<NewCrl> {
    return NewCrl{Now(), Now() + std::chrono::hours(1), "crl"};
  };
  REQUIRE(store().IssueCrl({ca_generation_id, Now(), 1}, sign).value());
  CHECK(Only().at("kind") == "crl_issued");
}

TEST_CASE_METHOD(Audited, "keys and entities are told, never a value or its digest", "[store][audit]") {
  MakeKey();
  json event = New().back();
  CHECK(event.at("kind") == "key_created");
  CHECK(event.at("actor") == "test");
  CHECK(event.dump().find(pki::HexLower(DigestOf("key1"))) == std::string::npos);
  REQUIRE(store().Rekey({"R1", DigestOf("another"), false, "bob"}));
  event = Only();
  CHECK(event.at("kind") == "key_replaced");
  CHECK(event.at("actor") == "bob");
  REQUIRE(store().DisableKey("R1", "carol"));
  CHECK(Only().at("kind") == "key_disabled");
  REQUIRE(store().DisableKey("R1", "dave"));
  CHECK(New().empty());

  const service::OriginScope scope(kAlice);
  EntityChange change{"device"};
  change.is_active = false;
  REQUIRE(store().UpdateEntity(change));
  event = Only();
  CHECK(event.at("kind") == "entity_changed");
  CHECK(event.at("actor") == "alice");
  CHECK(event.at("details").at("changes").at("status").at("to") == "inactive");
  REQUIRE(store().UpdateEntity(change));
  CHECK(New().empty());
}

TEST_CASE_METHOD(Audited, "of a long value the beginning, the length and the digest are told", "[store][audit]") {
  const std::string common(900, 'x');
  EntityChange change{"device"};
  change.description = common + "a";
  REQUIRE(store().UpdateEntity(change));
  New();
  change.description = common + "b";
  REQUIRE(store().UpdateEntity(change));
  const auto told = [](const std::string& value) {
    return value.substr(0, 400) + "... (901 characters, SHA-256 " +
           pki::HexLower(pki::Digest(pki::DigestAlgorithm::kSha256, value)) + ")";
  };
  json described = Only().at("details").at("changes").at("description");
  CHECK(described.at("from") == told(common + "a"));
  CHECK(described.at("to") == told(common + "b"));
  change.description = std::string(500, 'y');
  REQUIRE(store().UpdateEntity(change));
  described = Only().at("details").at("changes").at("description");
  CHECK(described.at("to") == std::string(500, 'y'));
}

TEST_CASE_METHOD(Audited, "changes of CAs, their generations and RAs are told", "[store][audit]") {
  New();
  const service::OriginScope scope(kAlice);
  REQUIRE(store().UpdateCa({"demo", "{}", R"({"max_skew": 300})", "", {}}));
  json event = Only();
  CHECK(event.at("kind") == "ca_changed");
  CHECK(event.at("actor") == "alice");
  CHECK(event.at("details").at("changes").at("max_skew").at("to") == "300");
  REQUIRE(store().StageGeneration({"demo", ca_generation_id, GenerationOf("next"), "signed"}));
  CHECK(Kinds() == "generation_added ra_added");
  REQUIRE(store().ActivateGeneration("demo", Now()));
  CHECK(Kinds() == "generation_retired ra_changed generation_activated");
  REQUIRE(store().ApplyPolicy({"default", R"({"name": "default"})", "bob"}));
  event = Only();
  CHECK(event.at("kind") == "policy_applied");
  CHECK(event.at("about").at("policy") == "default");
}

TEST_CASE_METHOD(Audited, "a refusal is told once, however often it is repeated", "[store][audit]") {
  New();
  NewDecision refused = Decision(1);
  refused.request_id.reset();
  refused.csr_sha256 = Bytes(32, 'c');
  refused.refusal = Refusal{"", "192.0.2.9", "key_expired", "CN=x", "8M2K4X7Q", "device"};
  const NewDecision poll = Decision(1);
  for (int i = 0; i < 2; i++) {
    PostgresDecisionJournal journal(stores.settings());
    REQUIRE(journal.Note(refused));
    REQUIRE(journal.Note(refused));
    REQUIRE(journal.Note(poll));
  }
  const json event = Only();
  CHECK(event.at("kind") == "request_refused");
  CHECK(event.at("source") == "192.0.2.9");
  CHECK(event.at("about").at("key") == "8M2K4X7Q");
  CHECK(event.at("details").at("reason") == "key_expired");
}

TEST_CASE_METHOD(Audited, "what is rolled back leaves no event", "[store][audit]") {
  const auto request = RecordPending("tx");
  New();
  CHECK_FALSE(store().CreateEntity({"Device", "", "test"}));
  ApprovedRequest approve{request, DigestOf("another"), Certificate(), policy_version_id, ApprovedBy("alice"), {}};
  CHECK_FALSE(store().Approve(approve));
  approve.csr_sha256 = store().GetRequest(request)->csr_sha256;
  approve.certificate.ca_generation_id = 4711;
  CHECK_FALSE(store().Approve(approve));
  CHECK(New().empty());
}

TEST_CASE_METHOD(Audited, "where an event cannot be written nothing is done", "[store][audit]") {
  Execute(database(), "ALTER TABLE audit_unsealed ADD CHECK (audit_event_id < 0) NOT VALID");
  CHECK_FALSE(Record(Issued("tx")));
  CHECK(Certificates() == 0);
  CHECK_FALSE(store().CreateEntity({"other", "", "test"}));
  CHECK(store().ListEntities({}, {})->size() == 1);
}

TEST_CASE_METHOD(Audited, "no hand at psql changes the log", "[store][audit]") {
  REQUIRE(audit.AddAuditLogKey({"verifier", "sealed"}));
  for (const char* change :
       {"UPDATE audit_events SET event = '{}'", "DELETE FROM audit_events", "TRUNCATE audit_events CASCADE",
        "DELETE FROM audit_subjects", "UPDATE audit_log_keys SET sealed_seed = ''"}) {
    INFO(change);
    CHECK_THROWS(Execute(database(), change));
  }
}

TEST_CASE_METHOD(Audited, "the log has one key, the first one's", "[store][audit]") {
  CHECK_FALSE(audit.FindAuditLogKey().value());
  CHECK(audit.AddAuditLogKey({"mine", "sealed"})->verifier_key == "mine");
  CHECK(audit.AddAuditLogKey({"another's", "sealed"})->verifier_key == "mine");
  CHECK(audit.FindAuditLogKey().value()->sealed_seed == "sealed");
}

}  // namespace
}  // namespace store_test
