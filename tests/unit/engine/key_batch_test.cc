#include "enrollment/key_batch.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "enrollment/pre_shared_key.h"
#include "pki/bytes.h"
#include "support/memory_store.h"

namespace engine::enrollment {

namespace {

KeySpecification Item() {
  KeySpecification item;
  item.entity = "router-7";
  item.ca = "demo";
  item.alternative_names = {"dns:a.example"};
  item.attributes = {{"site", "hall 2"}};
  return item;
}

pki::Secret Repeated(char octet) {
  return pki::Secret(pki::Bytes(32, octet));
}

std::string Derive(char key, char salt, char token, std::uint32_t item, char digest) {
  const auto value = DeriveKeyValue(Repeated(key), pki::Bytes(32, salt), Repeated(token), item, pki::Bytes(32, digest));
  return std::string(value.Reveal());
}

// BatchStore answers each call of MintKeys with the next of these failures, and then as one that makes every key.
class BatchStore final : public store::KeyBatchStore {
 public:
  result::Result<store::KeyBatchRecord> OpenKeyBatch(const store::NewKeyBatch& batch) override {
    opened = batch;
    return store::KeyBatchRecord{1, pki::Bytes(32, 's')};
  }
  result::Result<store::KeyBatchOutcome> MintKeys(const store::KeyBatchOrder& order) override {
    orders.push_back(order);
    if (orders.size() <= failures.size()) return result::Fail(failures[orders.size() - 1], "failed");
    store::KeyBatchOutcome outcome;
    for (const auto& key : order.keys) {
      outcome.keys.push_back({key.key.reference_number, key.key.use_limit, key.key.not_before, key.key.expires_at});
    }
    return outcome;
  }
  result::Result<std::int64_t> EndKeyBatches() override { return 0; }

  std::vector<result::Reason> failures;
  store::NewKeyBatch opened;
  std::vector<store::KeyBatchOrder> orders;
};

class BatchFixture {
 public:
  result::Result<MintedKeys> Mint(std::vector<KeySpecification> items, std::uint32_t first_item = 0) const {
    KeyBatch batch;
    batch.token = Repeated('t');
    batch.first_item = first_item;
    batch.items = std::move(items);
    return batch_mint.Mint(batch, "alice");
  }
  // Faults are "item field" each.
  std::vector<std::string> Faults(std::vector<KeySpecification> items) const {
    std::vector<std::string> faults;
    const auto minted = Mint(std::move(items));
    REQUIRE(minted);
    for (const auto& fault : minted->faults) faults.push_back(std::to_string(fault.item) + " " + fault.field);
    return faults;
  }

  const TimePoint now{std::chrono::seconds(1'800'000'000)};
  store::MemoryStore administration;
  const pki::Secret index_key = Repeated('i');
  const KeyMint mint{administration, index_key, [this] { return now; }, {}};
  BatchStore batches;
  const KeyBatchMint batch_mint{mint, batches, index_key, Repeated('k'), std::chrono::hours(7)};
};

}  // namespace

// Computed by another implementation: what one version of the engine made another one finds again.
TEST_CASE("digests and values are the same in every version", "[enrollment][key-batch]") {
  KeySpecification key;
  key.entity = "router-7";
  key.ca = "demo";
  key.policy = "routers";
  key.subject = "CN=router-7";
  key.use_limit = 3;
  key.not_before = TimePoint(std::chrono::seconds(1'800'000'000));
  key.alternative_names = {"dns:a.example", "ip:192.0.2.1"};
  key.attributes = {{"site", "hall 2"}};
  CHECK(pki::HexLower(SpecificationDigest(key)) == "3a514fa091187a1660b83bf529b32c72f4cf3ecc624871d9b65acbc698abaf3b");
  const auto octets = pki::FromHex("3bb3bb5701eb814934927c3bd36c70ba");
  CHECK(Derive('k', 's', 't', 0x00010203, 'd') == std::string(ShownPreSharedKey(*octets).Reveal()));
}

TEST_CASE_METHOD(BatchFixture, "a batch is opened by its token's digest, for as long as it may be repeated",
                 "[enrollment][key-batch]") {
  REQUIRE(Mint({Item()}));
  CHECK(pki::HexLower(batches.opened.token_digest) ==
        "b233d28d76a2a747c16c30f71992d220672548a472b024cf0a76a207947301cb");
  CHECK(batches.opened.salt.size() == 32);
  CHECK(batches.opened.created_by == "alice");
  CHECK(batches.opened.window == std::chrono::hours(7));
}

TEST_CASE_METHOD(BatchFixture, "reference numbers that are taken are drawn anew, four times in all",
                 "[enrollment][key-batch][bounds]") {
  const auto conflicts = GENERATE(as<std::size_t>(), 0, 1, 3, 4);
  batches.failures.assign(conflicts, result::Reason::kConflict);
  const auto minted = Mint({Item(), Item()});
  CHECK(batches.orders.size() == std::min<std::size_t>(conflicts + 1, 4));
  std::set<std::string> drawn;
  for (const auto& order : batches.orders) {
    for (const auto& key : order.keys) drawn.insert(key.key.reference_number);
  }
  CHECK(drawn.size() == 2 * batches.orders.size());
  if (conflicts == 4) {
    CHECK(minted.error().reason == result::Reason::kConflict);
  } else {
    REQUIRE(minted);
    CHECK(minted->keys.at(1).key.reference_number == batches.orders.back().keys.at(1).key.reference_number);
  }
}

TEST_CASE_METHOD(BatchFixture, "a database that is away is not asked again", "[enrollment][key-batch]") {
  batches.failures = {result::Reason::kUnavailable};
  CHECK(Mint({Item()}).error().reason == result::Reason::kUnavailable);
  CHECK(batches.orders.size() == 1);
}

TEST_CASE_METHOD(BatchFixture, "a batch ends with item 999,999, whatever a call begins with",
                 "[enrollment][key-batch][bounds]") {
  CHECK(Mint({Item()}, 999'999));
  for (const std::uint32_t first : {1'000'000u, 4'294'967'295u}) {
    CHECK(Mint({Item()}, first).error().reason == result::Reason::kMalformed);
  }
  CHECK(Mint({Item(), Item()}, 999'999).error().reason == result::Reason::kMalformed);
}

TEST_CASE_METHOD(BatchFixture, "a fault of an item names its field, and one fault is told once",
                 "[enrollment][key-batch]") {
  auto ended = Item(), often = Item(), attributes = Item(), subject = Item();
  ended.expires_at = now;
  often.use_limit = 1'000'001;
  attributes.attributes = {{"no good name", "x"}};
  subject.subject = "no name";
  CHECK(Faults({Item(), ended, often, attributes, subject}) ==
        std::vector<std::string>{"1 expires_at", "2 use_limit", "3 attributes", "4 subject"});
  CHECK(batches.orders.empty());
}

TEST_CASE("every field of an item changes its digest", "[enrollment][key-batch]") {
  const auto changed = GENERATE(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  KeySpecification key = Item();
  switch (changed) {
    case 0:
      key.entity = "router-";
      key.ca = "7demo";
      break;
    case 1:
      key.ca = "demo2";
      break;
    case 2:
      key.policy = "p";
      break;
    case 3:
      key.subject = "CN=a";
      break;
    case 4:
      key.use_limit = 1;
      break;
    case 5:
      key.not_before = TimePoint();
      break;
    case 6:
      key.expires_at = TimePoint();
      break;
    case 7:
      key.alternative_names.emplace_back();
      break;
    case 8:
      key.attributes["site"] = "hall 3";
      break;
    default:
      key.attributes.clear();
  }
  CHECK(SpecificationDigest(key) != SpecificationDigest(Item()));
  CHECK(SpecificationDigest(Item()) == SpecificationDigest(Item()));
}

TEST_CASE("a derived value depends on each of its parts and is a whole value of ours", "[enrollment][key-batch]") {
  const std::string value = Derive('k', 's', 't', 7, 'd');
  CHECK(value == Derive('k', 's', 't', 7, 'd'));
  CHECK(value.size() == 32);
  CHECK(NormalizedChallenge(value).Reveal().size() == 27);
  CHECK(value != Derive('K', 's', 't', 7, 'd'));
  CHECK(value != Derive('k', 'S', 't', 7, 'd'));
  CHECK(value != Derive('k', 's', 'T', 7, 'd'));
  CHECK(value != Derive('k', 's', 't', 8, 'd'));
  CHECK(value != Derive('k', 's', 't', 7, 'D'));
}

}  // namespace engine::enrollment
