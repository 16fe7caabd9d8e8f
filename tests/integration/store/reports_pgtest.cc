// What needs an operator: failures, certificates that were not renewed, keys that expire, and how much is issued.
#include "audit/event_sealer.h"
#include "store/postgres/decision_journal.h"
#include "store/postgres/postgres_audit_store.h"
#include "store/postgres/postgres_report_store.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using Names = std::vector<std::string>;

class Reports : public Bench<PostgresStores> {
 public:
  Reports() {
    REQUIRE(stores.administration().CreateCa(NamedCa("other")));
    other_id = stores.administration().LoadDirectory()->cas.at(1).ca_id;
  }

  // Note returns when all of them are in the store.
  void Note(const std::vector<NewDecision>& noted) {
    PostgresDecisionJournal journal(stores.settings());
    for (const auto& decision : noted) REQUIRE(journal.Note(decision));
  }
  NewDecision Failure(const std::string& record, TimePoint at) {
    NewDecision decision = Decision(1);
    decision.request_id.reset();
    decision.record = record;
    decision.decided_at = at;
    decision.is_failure = true;
    return decision;
  }
  Names Failures(const ReportFilter& filter = {}) {
    Names names;
    const auto page = store.ListFailures(filter, {}, 100).value();
    for (const auto& failure : page.failures) names.push_back(failure.record);
    return names;
  }

  // Enrol issues a certificate to `subject` that ends `left` from now and lives for `life`.
  NewRequest Enrolment(const std::string& subject, std::chrono::seconds left, std::chrono::seconds life = days(90)) {
    NewRequest request = Issued(subject + " " + std::to_string(++enrolled_));
    request.subject = subject;
    request.certificate->not_after = Now() + left;
    request.certificate->not_before = request.certificate->not_after - life;
    return request;
  }
  std::int64_t Enrol(const NewRequest& request) {
    const auto outcome = Record(request);
    REQUIRE(outcome);
    REQUIRE(outcome->kind == Kind::kRecorded);
    return stores.administration().ListCertificates({}, {}).value().front().certificate_id;
  }
  Names Overdue(const ReportFilter& filter = {}, std::uint32_t size = 100) {
    Names names;
    const auto found = store.ListOverdueCertificates(filter, Now(), size).value();
    for (const auto& one : found) names.push_back(one.subject);
    return names;
  }
  Names Expiring(std::chrono::seconds within, const ReportFilter& filter = {}, std::uint32_t size = 100) {
    Names names;
    const auto keys = store.ListExpiringKeys(filter, Now(), Now() + within, size).value();
    for (const auto& key : keys) names.push_back(key.reference_number);
    return names;
  }
  void Run(const std::string& sql) { Execute(stores.settings().connection, sql); }
  void Seal() {
    PostgresAuditStore audit(stores.settings());
    REQUIRE(engine::audit::EventSealer(audit, {"audit-log-key", pki::Secret(Bytes(32, 'k'))}, 4096).Seal());
  }

  PostgresReportStore store{stores.pool()};
  std::int64_t other_id = 0;

 private:
  int enrolled_ = 0;
};

TEST_CASE_METHOD(Reports, "failures are listed by their last message, and nothing else is", "[store][report]") {
  const TimePoint now = Now();
  NewDecision often = Failure("often", now - hours(3));
  NewDecision poll = Failure("poll", now);
  poll.is_failure = false;
  Note({often, Failure("once", now - hours(2)), poll});
  CHECK(Failures() == Names{"once", "often"});
  often.decided_at = now - hours(1);
  Note({often, poll});
  CHECK(Failures() == Names{"often", "once"});
  const auto failure = store.ListFailures({}, {}, 1).value().failures.at(0);
  CHECK(failure.message_count == 2);
  CHECK(failure.last_at == now - hours(1));
  // One that came late does not look older for it.
  often.decided_at = now - hours(4);
  Note({often});
  CHECK(Failures() == Names{"often", "once"});
}

TEST_CASE_METHOD(Reports, "pages of failures have each once, of the same moment too", "[store][report]") {
  const TimePoint at = Now() - minutes(5);
  std::vector<NewDecision> failed;
  Names expected;
  for (int i = 0; i < 7; ++i) {
    failed.push_back(Failure("f" + std::to_string(i), i < 4 ? at : at - minutes(i)));
    expected.push_back("f" + std::to_string(i));
  }
  Note(failed);
  Names listed;
  std::optional<FailurePlace> after;
  do {
    const auto page = store.ListFailures({}, after, 3).value();
    CHECK(page.failures.size() <= 3);
    for (const auto& failure : page.failures) listed.push_back(failure.record);
    after = page.next;
  } while (after);
  CHECK(Names(listed.begin() + 4, listed.end()) == Names{"f4", "f5", "f6"});
  std::ranges::sort(listed);
  CHECK(listed == expected);
}

TEST_CASE_METHOD(Reports, "each report has what is of the CAs that one asks for", "[store][report]") {
  NewDecision others = Failure("others", Now());
  others.ca_id = other_id;
  Note({Failure("ours", Now()), others});
  Enrol(Enrolment("CN=ours", days(1)));
  MakeKey();
  Run("SELECT record_audit_event('certificate_issued', " + std::to_string(other_id) + ", '{}', '{}')");
  Seal();
  const auto hours_of = [&](const ReportFilter& filter) { return store.ListIssuance(filter, Now() - days(1))->size(); };
  CHECK(Failures({.ca = "OTHER"}) == Names{"others"});
  for (const ReportFilter& filter : {ReportFilter{.ca = "demo"}, ReportFilter{.ca_ids = {{ca_id}}}}) {
    CHECK(Failures(filter) == Names{"ours"});
    CHECK(Overdue(filter) == Names{"CN=ours"});
    CHECK(Expiring(hours(2), filter) == Names{"R2"});
    CHECK(store.ListIssuance(filter, Now() - days(1)).value().at(0).issued == 1);
  }
  for (const ReportFilter& filter :
       {ReportFilter{.ca = "demo", .ca_ids = {{other_id}}}, ReportFilter{.ca_ids = {{}}}, ReportFilter{.ca = "none"}}) {
    CHECK(Failures(filter).empty());
    CHECK(Overdue(filter).empty());
    CHECK(Expiring(hours(2), filter).empty());
    CHECK(hours_of(filter) == 0);
  }
  CHECK(store.ListIssuance({}, Now() - days(1)).value().at(0).issued == 2);
}

TEST_CASE_METHOD(Reports, "a certificate is overdue near its end and for a while after it", "[store][report]") {
  Enrol(Enrolment("CN=soon", days(8)));    // 8 of 90 days are less than a tenth,
  Enrol(Enrolment("CN=early", days(10)));  // 10 are not.
  Enrol(Enrolment("CN=long", days(15), days(3650)));
  Enrol(Enrolment("CN=short", hours(2), hours(21)));
  Enrol(Enrolment("CN=shorter", hours(3), hours(24)));
  Enrol(Enrolment("CN=ended", -days(13)));
  Enrol(Enrolment("CN=forgotten", -days(15)));
  CHECK(Overdue() == Names{"CN=ended", "CN=short", "CN=soon"});
  CHECK(Overdue({}, 2) == Names{"CN=ended", "CN=short"});
  const auto first = store.ListOverdueCertificates({}, Now(), 1).value().at(0);
  CHECK(first.ca == "demo");
  CHECK(first.entity.empty());
  CHECK(first.not_after == Now() - days(13));
  CHECK(first.not_before == Now() - days(103));
  CHECK(first.serial_number.starts_with("serial"));
  CHECK(first.request_id > 0);
}

TEST_CASE_METHOD(Reports, "what was followed by another, ended on purpose, or is inactive is not overdue",
                 "[store][report]") {
  const std::int64_t renewed = Enrol(Enrolment("CN=renewed", days(1)));
  NewRequest renewal = Enrolment("CN=renamed", days(80));
  renewal.renewal = NewRenewal{renewed, 9};
  Enrol(renewal);
  Enrol(Enrolment("CN=again", days(1)));
  Enrol(Enrolment("CN=again", days(80)));
  const std::int64_t revoked = Enrol(Enrolment("CN=revoked", days(1)));
  Run("INSERT INTO revocations (certificate_id, state, reason, revoked_at, revoked_by) VALUES (" +
      std::to_string(revoked) + ", 'revoked', 'superseded', now(), 'test')");
  NewRequest devices = Enrolment("CN=device", days(1));
  devices.entity_id = 1;
  Enrol(devices);
  CHECK(Overdue() == Names{"CN=device"});
  CHECK(store.ListOverdueCertificates({}, Now(), 1).value().at(0).entity == "device");
  Run("UPDATE entities SET status = 'inactive'");
  CHECK(Overdue().empty());
  Run("UPDATE entities SET status = 'active'");
  // An earlier one, and one of another CA, do not follow it.
  Enrol(Enrolment("CN=device", -days(20)));
  CHECK(Overdue() == Names{"CN=device"});
}

TEST_CASE_METHOD(Reports, "a renewal that waits is no missing one, and one that was rejected is", "[store][report]") {
  const std::int64_t certificate = Enrol(Enrolment("CN=waits", days(1)));
  NewRequest renewal = Pending("renewal");
  renewal.renewal = NewRenewal{certificate, 9};
  const auto waiting = Record(renewal);
  REQUIRE(waiting->kind == Kind::kRecorded);
  CHECK(Overdue().empty());
  REQUIRE(stores.administration().Reject(waiting->request_id, "no", "alice"));
  CHECK(Overdue() == Names{"CN=waits"});
}

TEST_CASE_METHOD(Reports, "a key expires within the time that one asks for, while it can be used", "[store][report]") {
  MakeKey();
  MakeKey();
  CHECK(Expiring(hours(2)) == Names{"R1", "R2"});
  CHECK(Expiring(hours(2), {}, 1) == Names{"R1"});
  CHECK(Expiring(minutes(50)).empty());
  const auto key = store.ListExpiringKeys({}, Now(), Now() + hours(2), 1).value().at(0);
  CHECK(key.entity == "device");
  CHECK(key.ca == "demo");
  CHECK(key.uses_left == 1);
  REQUIRE(stores.administration().DisableKey("R1", "alice"));
  CHECK(Expiring(hours(2)) == Names{"R2"});
  const std::int64_t third = MakeKey(2);
  const std::int64_t second = third - 1;
  REQUIRE(Record(Issued("use", second))->kind == Kind::kRecorded);
  CHECK(Expiring(hours(2)) == Names{"R3"});
  REQUIRE(Record(Held("hold", third))->kind == Kind::kRecorded);
  CHECK(store.ListExpiringKeys({}, Now(), Now() + hours(2), 1).value().at(0).uses_left == 1);
  Run("UPDATE entities SET status = 'inactive'");
  CHECK(Expiring(hours(2)).empty());
}

TEST_CASE_METHOD(Reports, "each sealed event is counted once in its hour", "[store][report]") {
  CHECK(store.ListIssuance({}, Now() - days(1))->empty());
  Enrol(Enrolment("CN=a", days(1)));
  Enrol(Enrolment("CN=b", days(1)));
  const std::int64_t request_id = RecordPending("waits");
  REQUIRE(stores.administration().Reject(request_id, "no", "alice"));
  Seal();
  Seal();
  Enrol(Enrolment("CN=c", days(1)));
  Seal();
  std::uint64_t issued = 0, refused = 0;
  const auto counted = store.ListIssuance({}, Now() - hours(2)).value();
  for (const auto& hour : counted) {
    CHECK(hour.begins_at == std::chrono::floor<hours>(hour.begins_at));
    issued += hour.issued;
    refused += hour.refused;
  }
  CHECK(issued == 3);
  CHECK(refused == 1);
  Run("UPDATE issuance_hours SET begins_at = begins_at - interval '2 days'");
  CHECK(store.ListIssuance({}, Now() - days(1))->empty());
}

}  // namespace
}  // namespace store_test
