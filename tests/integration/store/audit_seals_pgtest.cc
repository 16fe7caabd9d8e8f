// The audit log's places and seals, whoever seals and whatever commits late.
#include <thread>

#include "audit/event_sealer.h"
#include "audit/log_key.h"
#include "store/postgres/postgres_audit_store.h"
#include "store_fixture.h"
#include "transparency/export.h"

namespace store_test {
namespace {

using engine::audit::EventSealer;
using transparency::Finding;

engine::keys::Sealer KeySealer() {
  return {"audit-log-key", pki::Secret(Bytes(32, 'k'))};
}

// Log is a database with a log.
class Log {
 public:
  explicit Log() : settings(On(engine_test::Cluster::Get().MakeDatabase())) {}

  // Happen writes `count` events, each in a transaction of its own.
  void Happen(int count = 1) {
    for (int i = 0; i < count; i++) Execute(settings.connection, kEvent);
  }
  std::size_t Seal(std::uint32_t most = 4096) {
    EventSealer sealer(store, KeySealer(), most);
    const auto sealed = sealer.Seal();
    INFO((sealed ? "" : sealed.error().detail));
    REQUIRE(sealed);
    return *sealed;
  }
  // Verify reads all of it as an auditor does.
  transparency::Verdict Verify() {
    const auto key = store.FindAuditLogKey().value().value();
    const auto verifier = transparency::VerifierKey::Parse(key.verifier_key).value();
    transparency::LogVerifier log({verifier.name(), {verifier}});
    std::uint64_t index = 0;
    while (const auto seal = store.FindAuditSeal(index).value()) {
      log.AddSeal({seal->note, seal->frontier, seal->leaf_hashes});
      const auto events = store.ListSealedEvents(seal->first_index, seal->end_index).value();
      for (const auto& event : events) log.AddEvent(*event.log_index, event.event);
      index = seal->end_index;
    }
    const auto unsealed = store.ListUnsealedEvents(0, 1000).value();
    for (const auto& event : unsealed) log.AddEvent(index++, event.event);
    return log.Finish();
  }

  static constexpr const char* kEvent = "SELECT record_audit_event('setting_changed', NULL, '{}', '{}')";
  const PostgresSettings settings;
  PostgresAuditStore store{settings};
};

TEST_CASE_METHOD(Log, "what was written is sealed, in batches, and verifies", "[store][audit]") {
  Happen(5);
  const auto before = store.ListUnsealedEvents(0, 1000)->size();
  CHECK(Seal(3) == 3);
  CHECK(Verify().finding == Finding::kUnsealed);
  CHECK(Seal(4096) == before - 3 + 1);  // The log's key is an event too.
  CHECK(Seal() == 0);
  const auto verdict = Verify();
  CHECK(verdict.finding == Finding::kOk);
  CHECK(verdict.index == before + 1);
  CHECK(store.NewestAuditSeal().value()->end_index == before + 1);
  const auto first = store.ListSealedEvents(0, 1)->at(0);
  CHECK(store.GetAuditEvent(first.audit_event_id, {})->log_index == 0u);
}

TEST_CASE_METHOD(Log, "what commits late is sealed, though a later id was sealed before", "[store][audit]") {
  Seal();
  pqxx::connection session(settings.connection);
  pqxx::work late(session);
  late.exec(kEvent);
  Happen();
  CHECK(Seal() == 1);
  late.commit();
  CHECK(Seal() == 1);
  CHECK(Verify().finding == Finding::kOk);
  CHECK(store.ListUnsealedEvents(0, 10)->empty());
}

TEST_CASE_METHOD(Log, "an event that is rolled back leaves a gap in ids, and none in the log", "[store][audit]") {
  Seal();
  const auto end = store.NewestAuditSeal().value()->end_index;
  {
    pqxx::connection session(settings.connection);
    pqxx::work aborted(session);
    aborted.exec(kEvent);
  }
  Happen(2);
  CHECK(Seal() == 2);
  CHECK(store.ListSealedEvents(end, end + 2)->size() == 2);
  CHECK(Verify().finding == Finding::kOk);
}

TEST_CASE_METHOD(Log, "engines that seal at once make one log with one key", "[store][audit]") {
  constexpr int kEvents = 40;
  std::vector<std::thread> engines;
  for (int i = 0; i < 3; i++) {
    engines.emplace_back([this] {
      PostgresAuditStore own(settings);
      EventSealer sealer(own, KeySealer(), 3);
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
      while (std::chrono::steady_clock::now() < deadline) {
        (void)sealer.Seal();
        const auto seal = own.NewestAuditSeal().value();
        const bool has_begun = seal && seal->end_index > kEvents;
        if (has_begun && own.ListUnsealedEvents(0, 1)->empty()) return;
      }
    });
  }
  Happen(kEvents);
  for (auto& engine : engines) engine.join();
  const auto verdict = Verify();
  CHECK(verdict.finding == Finding::kOk);
  CHECK(std::to_string(verdict.index) == engine_test::Text(settings.connection, "SELECT count(1) FROM audit_events"));
  CHECK(engine_test::Count(settings.connection, "audit_log_keys") == 1);
}

TEST_CASE_METHOD(Log, "while one engine seals another one seals nothing, and waits for nothing", "[store][audit]") {
  Happen(4);
  Seal(1);
  PostgresAuditStore first(settings);
  const auto sealed = first.SealAuditEvents(2, [&](const auto&, const auto&) -> Result<AuditSealRecord> {
    CHECK(Seal() == 0);
    return result::Fail(Reason::kInternal, "it ends without a seal");
  });
  CHECK_FALSE(sealed);
  CHECK(Seal() > 0);
  CHECK(Seal() == 0);
  CHECK(Verify().finding == Finding::kOk);
}

TEST_CASE_METHOD(Log, "what is sealed while it fails is sealed the next time", "[store][audit]") {
  Happen();
  const auto before = store.ListUnsealedEvents(0, 1000)->size();
  const auto failed = store.SealAuditEvents(
      4096, [](const auto&, const auto&) -> Result<AuditSealRecord> { return result::Fail(Reason::kInternal, "no"); });
  CHECK(failed.error().reason == Reason::kInternal);
  CHECK(store.ListUnsealedEvents(0, 1000)->size() == before);
  CHECK_FALSE(store.NewestAuditSeal().value());
  CHECK(Seal() == before + 1);
}

TEST_CASE_METHOD(Log, "no seal follows one that is not the log's", "[store][audit]") {
  Happen();
  Seal();
  Happen();
  const char* const change = GENERATE("leaf_hashes = overlay(leaf_hashes PLACING '\\x00000000' FROM 1 FOR 4)",
                                      "note = replace(note, E'\\n\\n', E'\\n\\n\\n')");
  Execute(settings.connection,
          std::string("ALTER TABLE audit_seals DISABLE TRIGGER USER; UPDATE audit_seals SET ") + change);
  EventSealer sealer(store, KeySealer(), 4096);
  CHECK_FALSE(sealer.Seal());
  CHECK(store.ListUnsealedEvents(0, 1000)->size() == 1);
}

TEST_CASE_METHOD(Log, "seals follow each other without gaps and forks", "[store][audit]") {
  Seal();
  const auto end = std::to_string(store.NewestAuditSeal().value()->end_index);
  const auto add = [&](const std::string& first) {
    Execute(settings.connection,
            "INSERT INTO audit_seals (first_index, end_index, note, frontier, leaf_hashes, sealed_at) "
            "SELECT " +
                first + ", " + first + " + 1, '', '', sha256(''), now()");
  };
  CHECK_THROWS(add(end + " + 1"));
  CHECK_THROWS(add("0"));
  CHECK_NOTHROW(add(end));
}

TEST_CASE_METHOD(Log, "another key-encryption key opens no log's key", "[store][audit]") {
  Seal();
  const engine::keys::Sealer other("audit-log-key", pki::Secret(Bytes(32, 'o')));
  CHECK(engine::audit::LoadLogKey(store, other).error().reason == Reason::kBadMessageCheck);
  const auto key = engine::audit::LoadLogKey(store, KeySealer());
  REQUIRE(key);
  CHECK(key->verifier().ToString() == store.FindAuditLogKey().value()->verifier_key);
}

}  // namespace
}  // namespace store_test
