// What PostgreSQL keeps of keys that are made in bulk.
#include <thread>

#include "store_fixture.h"

namespace store_test {
namespace {

using std::chrono::hours;

class Batches : public Bench<PostgresStores> {
 public:
  NewKeyBatch Opening() const { return {DigestOf("token"), DigestOf("salt"), "alice", hours(7)}; }
  std::int64_t Open() {
    const auto opened = store.OpenKeyBatch(Opening());
    INFO((opened ? "" : opened.error().detail));
    REQUIRE(opened);
    return opened->key_batch_id;
  }
  // Order is for `count` items from `first` on. Each order draws other reference numbers.
  KeyBatchOrder Order(std::uint32_t first, std::uint32_t count) {
    KeyBatchOrder order;
    order.key_batch_id = batch;
    for (std::uint32_t item = first; item < first + count; item++) {
      NewKey key;
      key.entity = "device";
      key.ca = "demo";
      key.reference_number = "B" + std::to_string(++drawn_);
      key.digest = DigestOf("value " + std::to_string(item));
      key.use_limit = 1;
      key.not_before = Now();
      key.expires_at = Now() + hours(1);
      key.created_by = "alice";
      order.keys.push_back({item, DigestOf("item " + std::to_string(item)), key});
    }
    return order;
  }
  KeyBatchOutcome Mint(const KeyBatchOrder& order) {
    auto outcome = store.MintKeys(order);
    INFO((outcome ? "" : outcome.error().detail));
    REQUIRE(outcome);
    return *std::move(outcome);
  }
  // Faults are "item field" each.
  std::vector<std::string> Faults(const KeyBatchOrder& order) {
    std::vector<std::string> faults;
    const auto outcome = Mint(order);
    for (const auto& fault : outcome.faults) faults.push_back(std::to_string(fault.item) + " " + fault.field);
    CHECK(outcome.keys.empty());
    return faults;
  }
  std::vector<std::string> Numbers(const KeyBatchOrder& order) {
    std::vector<std::string> numbers;
    for (const auto& key : Mint(order).keys) numbers.push_back(key.reference_number);
    return numbers;
  }
  void Run(const std::string& sql) { Execute(stores.settings().connection, sql); }
  std::size_t Keys() { return store.ListKeys("", {})->size(); }

  PostgresAdministrationStore store{stores.settings()};
  const std::int64_t batch = Open();

 private:
  int drawn_ = 0;
};

TEST_CASE_METHOD(Batches, "a batch may be repeated for its window, by who began it", "[store][key-batch]") {
  CHECK(engine_test::Text(stores.settings().connection,
                          "SELECT extract(epoch FROM repeatable_until - created_at)::integer FROM key_batches") ==
        std::to_string(7 * 3600));
  auto again = Opening();
  again.salt = DigestOf("another salt");
  const auto opened = store.OpenKeyBatch(again);
  REQUIRE(opened);
  CHECK(opened->key_batch_id == batch);
  CHECK(opened->salt == Opening().salt);
  again.created_by = "bob";
  CHECK(store.OpenKeyBatch(again).error().reason == Reason::kConflict);
}

TEST_CASE_METHOD(Batches, "a batch that has ended is not opened, and one that ends meanwhile makes nothing",
                 "[store][key-batch]") {
  const bool is_salt_gone = GENERATE(false, true);
  Run(is_salt_gone ? "UPDATE key_batches SET salt = NULL"
                   : "UPDATE key_batches SET created_at = now() - interval '8 hours', repeatable_until = now()");
  CHECK(store.OpenKeyBatch(Opening()).error().reason == Reason::kConflict);
  CHECK(store.MintKeys(Order(0, 1)).error().reason == Reason::kConflict);
  CHECK(Keys() == 0);
}

TEST_CASE_METHOD(Batches, "a repeated call finds the keys as they were made, and tells how many are new",
                 "[store][key-batch]") {
  const auto first = Order(0, 3);
  const auto made = Mint(first);
  CHECK(made.made == 3);
  auto again = Order(0, 4);
  for (auto& key : again.keys) {
    key.key.use_limit = 5;
    key.key.not_before += hours(1);
    key.key.expires_at += hours(1);
  }
  const auto found = Mint(again);
  CHECK(found.made == 1);
  REQUIRE(found.keys.size() == 4);
  for (std::size_t i = 0; i < 3; i++) {
    CHECK(found.keys[i].reference_number == first.keys[i].key.reference_number);
    CHECK(found.keys[i].use_limit == 1);
    CHECK(found.keys[i].not_before == first.keys[i].key.not_before);
    CHECK(found.keys[i].expires_at == first.keys[i].key.expires_at);
  }
  CHECK(found.keys[3].reference_number == again.keys[3].key.reference_number);
  CHECK(found.keys[3].use_limit == 5);
}

TEST_CASE_METHOD(Batches, "keys are found again in other slices than they were made in", "[store][key-batch]") {
  const auto whole = Numbers(Order(10, 6));
  CHECK(Numbers(Order(13, 2)) == std::vector(whole.begin() + 3, whole.begin() + 5));
  const auto more = Numbers(Order(14, 4));
  CHECK(std::vector(more.begin(), more.begin() + 2) == std::vector(whole.begin() + 4, whole.end()));
  CHECK(Keys() == 8);
}

TEST_CASE_METHOD(Batches, "a key is stored with all that it was asked for", "[store][key-batch]") {
  auto order = Order(0, 1);
  NewKey& key = order.keys[0].key;
  key.policy = "DEFAULT";
  key.bound_subject = "CN=device";
  key.bound_alternative_names = {"dns:a.example", "ip:192.0.2.1"};
  key.attributes = R"({"site":"hall 2"})";
  Mint(order);
  const auto listing = store.GetKey(key.reference_number);
  REQUIRE(listing);
  CHECK(listing->entity == "device");
  CHECK(listing->ca == "demo");
  CHECK(listing->policy == "default");
  CHECK(listing->bound_subject == key.bound_subject);
  CHECK(listing->bound_alternative_names == key.bound_alternative_names);
  CHECK(listing->attributes.find("hall 2") != std::string::npos);
  CHECK(listing->not_before == key.not_before);
  CHECK(listing->expires_at == key.expires_at);
  CHECK(listing->created_by == "alice");
  CHECK(store.FindKeyDigest(key.reference_number) == key.digest);
}

TEST_CASE_METHOD(Batches, "a key that a request holds, or that was used once, is not shown again",
                 "[store][key-batch]") {
  Mint(Order(0, 2));
  const auto key = store.ListKeys("", {})->back().pre_shared_key_id;
  const auto outcome = Record(Held("tx", key, true));
  REQUIRE(outcome->kind == Kind::kRecorded);
  CHECK(Faults(Order(0, 2)) == std::vector<std::string>{"0 "});
  REQUIRE(store.Reject(outcome->request_id, "no", "alice"));
  CHECK(Listed(key).use_count + Listed(key).reserved_count == 0);
  CHECK(Faults(Order(0, 2)) == std::vector<std::string>{"0 "});
}

TEST_CASE_METHOD(Batches, "what was made otherwise is told before what cannot be made", "[store][key-batch]") {
  Mint(Order(0, 2));
  auto order = Order(0, 3);
  order.keys[1].specification_digest = DigestOf("otherwise");
  order.keys[2].key.ca = "nowhere";
  CHECK(Faults(order) == std::vector<std::string>{"1 "});
  order.keys.erase(order.keys.begin(), order.keys.begin() + 2);
  CHECK(Faults(order) == std::vector<std::string>{"2 ca"});
  CHECK(Keys() == 2);
}

TEST_CASE_METHOD(Batches, "of two calls of one batch the second waits for the first", "[store][key-batch]") {
  pqxx::connection session(stores.settings().connection);
  auto first = std::make_unique<pqxx::work>(session);
  first->exec("SELECT key_batch_id FROM key_batches FOR NO KEY UPDATE");
  Result<KeyBatchOutcome> outcome;
  std::thread second([&] { outcome = store.MintKeys(Order(0, 1)); });
  CHECK(support::Eventually([&] {
    return engine_test::Count(stores.settings().connection,
                              "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1;
  }));
  first->commit();
  second.join();
  REQUIRE(outcome);
  CHECK(outcome->made == 1);
}

TEST_CASE_METHOD(Batches, "only batches whose window is over are ended", "[store][key-batch]") {
  Mint(Order(0, 1));
  CHECK(store.EndKeyBatches() == 0);
  CHECK(store.OpenKeyBatch(Opening()));
  Run("UPDATE key_batches SET created_at = now() - interval '8 hours', repeatable_until = now()");
  CHECK(store.EndKeyBatches() == 1);
  CHECK(store.EndKeyBatches() == 0);
  CHECK(engine_test::Count(stores.settings().connection, "key_batches WHERE salt IS NULL") == 1);
  CHECK(engine_test::Count(stores.settings().connection, "key_batch_items") == 0);
  CHECK(Keys() == 1);
}

}  // namespace
}  // namespace store_test
