// Lists of the audit log: what they find, and what they read for it.
#include "store/postgres/postgres_audit_store.h"
#include "store_fixture.h"

namespace store_test {
namespace {

// `count` events, most of them certificates of one CA and key, in the order of their times, ten a second, the last one
// now; every thousandth is alice's, and every 50,000th a reactivation by an engine.
std::string Fill(int count) {
  const std::string n = std::to_string(count);
  return R"sql(
    INSERT INTO audit_events (audit_event_id, occurred_at, kind, actor, ca_id, event)
    SELECT n, date_trunc('second', now()) - ()sql" +
         n + R"sql( - n) * interval '100 milliseconds',
           CASE WHEN n % 50000 = 0 THEN 'certificate_reactivated' ELSE 'certificate_issued' END,
           CASE WHEN n % 50000 = 0 THEN 'engine' WHEN n % 1000 = 0 THEN 'alice' ELSE '' END,
           CASE WHEN n % 1000 = 500 THEN 2 ELSE 1 END, jsonb_build_object('id', n)::text
      FROM generate_series(1, )sql" +
         n + R"sql() n;
    INSERT INTO audit_subjects (subject, occurred_at, audit_event_id)
    SELECT s.subject, e.occurred_at, e.audit_event_id
      FROM audit_events e, LATERAL (VALUES ('key'), ('request ' || e.audit_event_id)) s (subject);
    INSERT INTO audit_positions (log_index, audit_event_id) SELECT n - 1, n FROM generate_series(1, )sql" +
         n + R"sql() n;
    VACUUM ANALYZE audit_events; VACUUM ANALYZE audit_subjects; VACUUM ANALYZE audit_positions
)sql";
}

// Two CAs, with the ids 1 and 2, and no event of how they were made.
constexpr const char* kEmptyLog = R"sql(
    ALTER SEQUENCE cas_ca_id_seq RESTART;
    INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)
    SELECT c.name, 'active', (SELECT min(p.policy_id) FROM policies p), false, now(), 'test'
      FROM (VALUES ('one'), ('two')) c (name);
    ALTER TABLE audit_events DISABLE TRIGGER USER;
    DELETE FROM audit_events;
    ALTER TABLE audit_subjects DISABLE TRIGGER USER;
    DELETE FROM audit_subjects
)sql";

class Listed {
 public:
  explicit Listed(int count) : settings(On(engine_test::Cluster::Get().MakeDatabase())) {
    Execute(settings.connection, kEmptyLog);
    pqxx::connection session(settings.connection);
    pqxx::nontransaction work(session);
    std::string sql = Fill(count);
    for (std::size_t begin = 0; begin < sql.size();) {
      const std::size_t end = std::min(sql.find(';', begin), sql.size());
      work.exec(sql.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  // All follows the pages to the end, and gives the ids.
  std::vector<std::int64_t> All(const AuditFilter& filter, std::uint32_t size = 100) {
    std::vector<std::int64_t> ids;
    std::optional<AuditPlace> after;
    do {
      const auto page = store.ListAuditEvents(filter, after, size);
      INFO((page ? "" : page.error().detail));
      REQUIRE(page);
      CHECK(page->events.size() <= size);
      for (const auto& event : page->events) ids.push_back(event.audit_event_id);
      after = page->next;
    } while (after);
    return ids;
  }
  // SequentialScans of the log's tables so far, once no other session is left: each tells its own when it ends.
  std::int64_t SequentialScans() {
    const auto others =
        "SELECT count(1) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = "
        "'client backend' AND pid <> pg_backend_pid()";
    REQUIRE(support::Eventually([&] { return engine_test::Text(settings.connection, others) == "0"; }));
    return std::stoll(engine_test::Text(settings.connection,
                                        "SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables WHERE relname IN "
                                        "('audit_events', 'audit_subjects', 'audit_positions')"));
  }

  const PostgresSettings settings;
  PostgresAuditStore store{settings};
};

TEST_CASE("the audit log is listed by each filter, the newest first, in pages", "[store][audit]") {
  Listed log(2000);
  CHECK(log.All({}).size() == 2000);
  const auto hundred = log.store.ListAuditEvents({}, {}, 100);
  REQUIRE(hundred->events.size() == 100);
  CHECK(hundred->events.front().audit_event_id == 2000);
  CHECK(hundred->events.back().audit_event_id == 1901);
  CHECK(hundred->events.front().log_index == 1999u);
  CHECK(log.All({"", "alice"}) == std::vector<std::int64_t>{2000, 1000});
  CHECK(log.All({"certificate_issued", "alice", "ONE"}) == std::vector<std::int64_t>{2000, 1000});
  CHECK(log.All({"", "", "Two"}, 1) == std::vector<std::int64_t>{1500, 500});
  CHECK(log.All({"", "alice", "two"}).empty());
  CHECK(log.All({"", "", "", "REQUEST 17"}) == std::vector<std::int64_t>{17});
  CHECK(log.All({"certificate_revoked", "", "", "request 17"}).empty());
  CHECK(log.All({"", "", "no such CA"}).empty());
  CHECK(log.All({"", "", "", "key"}, 999).size() == 2000);
}

TEST_CASE("times bound a list, the first one included and the last one not", "[store][audit]") {
  Listed log(100);
  const auto newest = std::stod(
      engine_test::Text(log.settings.connection, "SELECT extract(epoch FROM max(occurred_at)) FROM audit_events"));
  const auto at = [&](int tenths_ago) {
    return TimePoint(std::chrono::duration_cast<TimePoint::duration>(std::chrono::duration<double>(newest))) -
           std::chrono::milliseconds(100) * tenths_ago;
  };
  AuditFilter filter;
  filter.since = at(10);
  filter.until = at(0);
  CHECK(log.All(filter, 3) == std::vector<std::int64_t>{99, 98, 97, 96, 95, 94, 93, 92, 91, 90});
}

TEST_CASE("a page that finds nothing ends early, and the next one goes on", "[store][audit]") {
  Listed log(60'000);
  const AuditFilter rare{"certificate_issued", "", "two"};
  const auto page = log.store.ListAuditEvents(rare, {}, 1000);
  REQUIRE(page);
  CHECK(page->events.size() == 10);  // Of the 10,000 that it looked at.
  CHECK(page->next);
  CHECK(log.All(rare, 1000).size() == 60);
}

// ListPages asks for three pages, and says how long the slowest one took.
std::chrono::duration<double, std::milli> ListPages(Listed& log, const AuditFilter& filter,
                                                    std::chrono::milliseconds most) {
  std::chrono::duration<double, std::milli> slowest{};
  std::optional<AuditPlace> after;
  for (int page = 0; page < 3; page++) {
    const auto began = std::chrono::steady_clock::now();
    const auto found = log.store.ListAuditEvents(filter, after, 100);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    CAPTURE(filter.kind, filter.actor, filter.ca, filter.about, filter.ca_ids.has_value(), page, took.count());
    REQUIRE(found);
    CHECK(took < most);
    slowest = std::max(slowest, took);
    after = found->next;
    if (!after) break;
  }
  return slowest;
}

// Every filter alone, and the worst pairs; for operators of all CAs, of both and of one.
void ListEverything(Listed& log, std::chrono::milliseconds most) {
  const std::vector<AuditFilter> filters = {{},
                                            {"certificate_issued"},
                                            {"certificate_reactivated"},
                                            {"key_created"},
                                            {"", "alice"},
                                            {"", "nobody"},
                                            {"", "", "one"},
                                            {"", "", "two"},
                                            {"", "", "", "key"},
                                            {"", "", "", "request 77"},
                                            {"certificate_reactivated", "", "", "key"},
                                            {"certificate_issued", "", "two"},
                                            {"certificate_reactivated", "alice"}};
  std::chrono::duration<double, std::milli> slowest{};
  for (const CaIds& ca_ids : {CaIds(), CaIds({1, 2}), CaIds(std::vector<std::int64_t>{2})}) {
    for (const bool is_bounded : {false, true}) {
      for (AuditFilter filter : filters) {
        filter.ca_ids = ca_ids;
        if (is_bounded) filter.until = std::chrono::system_clock::now() - std::chrono::hours(1);
        slowest = std::max(slowest, ListPages(log, filter, most));
      }
    }
  }
  WARN("the slowest page took " << slowest.count() << " ms");
}

TEST_CASE("no list of the audit log reads a table from its beginning", "[store][audit]") {
  Listed log(60'000);
  using Read = std::function<void(PostgresAuditStore&)>;
  const auto reads_all = [&](const Read& read) {
    const auto before = log.SequentialScans();
    {
      PostgresAuditStore store(log.settings);
      // Past the fifth time PostgreSQL may plan once for all values.
      for (int i = 0; i < 8; i++) read(store);
    }
    return log.SequentialScans() != before;
  };
  for (const AuditFilter& filter : {AuditFilter{}, AuditFilter{"key_created"}, AuditFilter{"", "alice"},
                                    AuditFilter{"", "", "two"}, AuditFilter{"", "", "", "request 77"}}) {
    for (const CaIds& ca_ids : {CaIds(), CaIds({1, 2})}) {
      AuditFilter seen = filter;
      seen.ca_ids = ca_ids;
      CAPTURE(seen.kind, seen.actor, seen.ca, seen.about, ca_ids.has_value());
      CHECK_FALSE(reads_all([&](auto& store) { REQUIRE(store.ListAuditEvents(seen, {}, 10)); }));
    }
  }
  const Read one = [](auto& store) { REQUIRE(store.GetAuditEvent(17, {})); };
  CHECK_FALSE(reads_all(one));
  const Read batch = [](auto& store) { REQUIRE(store.ListSealedEvents(1000, 1500)->size() == 500); };
  CHECK_FALSE(reads_all(batch));
}

// Minutes: by hand, `store_pgtest "[million]"`.
TEST_CASE("with a million events every page takes less than 200 ms", "[.][store][audit][million]") {
  Listed log(1'000'000);
  ListEverything(log, std::chrono::milliseconds(200));
}

}  // namespace
}  // namespace store_test
