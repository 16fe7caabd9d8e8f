// What waits for what: keys before the requests that use them, and lower numbers before higher ones, so that nobody
// who has one waits for another who waits for him.
#include <functional>
#include <thread>

#include "store_fixture.h"

namespace store_test {
namespace {

// Ordered is a bench with two keys and a request that waits for each of them, and a session that locks what it likes.
class Ordered : public Bench<PostgresStores> {
 public:
  Ordered() : Bench(Patient()) {}

  // Blocked begins `call` while the session has the lower key and changed it by `sql`, and runs `meanwhile` when the
  // call waits for it.
  void Blocked(const std::function<void()>& call, const std::function<void()>& meanwhile, const std::string& sql = {}) {
    pqxx::connection session(stores.settings().connection);
    auto holder = std::make_unique<pqxx::work>(session);
    holder->exec(LockOf("pre_shared_keys", "pre_shared_key_id", lower));
    if (!sql.empty()) holder->exec(sql + " WHERE pre_shared_key_id = " + std::to_string(lower));
    std::thread caller(call);
    CHECK(support::Eventually([&] {
      return engine_test::Count(stores.settings().connection,
                                "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") ==
             1;
    }));
    meanwhile();
    holder->commit();
    caller.join();
  }
  // Whether nobody has that row.
  bool IsFree(const std::string& table, const std::string& column, std::int64_t id) {
    pqxx::connection session(stores.settings().connection);
    pqxx::work work(session);
    try {
      work.exec(LockOf(table, column, id) + " NOWAIT");
    } catch (const pqxx::sql_error&) {
      return false;
    }
    return true;
  }
  bool IsRequestFree() { return IsFree("requests", "request_id", request); }
  bool IsHigherFree() { return IsFree("pre_shared_keys", "pre_shared_key_id", higher); }

  const std::int64_t lower = MakeKey(5), higher = MakeKey(5);
  const NewRequest held = Held("held", lower), other = Held("other", higher);
  const std::int64_t request = Record(held)->request_id, of_higher = Record(other)->request_id;

 private:
  // A slow test is no lost lock.
  static PostgresSettings Patient() {
    PostgresSettings settings;
    settings.lock_timeout = settings.statement_timeout = std::chrono::seconds(20);
    return settings;
  }
  static std::string LockOf(const std::string& table, const std::string& column, std::int64_t id) {
    return "SELECT 1 FROM " + table + " WHERE " + column + " = " + std::to_string(id) + " FOR NO KEY UPDATE";
  }
};

TEST_CASE_METHOD(Ordered, "an approval locks the key before the request", "[store][locks]") {
  Result<void> approved;
  Blocked(
      [&] {
        approved = stores.administration().Approve({request,
                                                    held.identity.csr_sha256,
                                                    Certificate(),
                                                    policy_version_id,
                                                    ApprovedBy("alice"),
                                                    {},
                                                    Decision(request)});
      },
      [&] { CHECK(IsRequestFree()); });
  CHECK(approved);
  CHECK(UseCount(lower) == 1);
}

TEST_CASE_METHOD(Ordered, "a rejection locks the key before the request", "[store][locks]") {
  Result<void> rejected;
  Blocked([&] { rejected = stores.administration().Reject(request, "no", "alice"); }, [&] { CHECK(IsRequestFree()); });
  CHECK(rejected);
  CHECK(Listed(lower).reserved_count == 0);
}

TEST_CASE_METHOD(Ordered, "what expires locks keys before requests, the lower one first", "[store][locks]") {
  const auto day = std::chrono::hours(24);
  Result<std::int64_t> expired;
  Blocked(
      [&] {
        expired = stores.administration().Expire(Now() + 2 * day, {day, day});
      },
      [&] {
        CHECK(IsRequestFree());
        CHECK(IsHigherFree());
      });
  CHECK(expired == 2);
  CHECK(Listed(higher).reserved_count == 0);
}

TEST_CASE_METHOD(Ordered, "an enrolment counts the uses of its key when it has the key", "[store][locks]") {
  Result<RecordOutcome> outcome;
  Blocked([&] { outcome = Record(Issued("late", lower)); }, [] {}, "UPDATE pre_shared_keys SET use_limit = 1");
  REQUIRE(outcome);
  CHECK(outcome->kind == Kind::kExhausted);
  CHECK(UseCount(lower) == 0);
}

}  // namespace
}  // namespace store_test
