// One tampering each, of seals and of the order of records; export_property_test.cc tampers with events anywhere.

#include "transparency/export.h"

#include <catch2/catch.hpp>

#include "exported.h"
#include "must.h"

using namespace transparency;
using namespace testing;

namespace {

struct Found {
  Finding finding;
  std::uint64_t index;
  bool operator==(const Found&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Found& found) {
  return out << ToString(found.finding) << " at " << found.index;
}

Found Verified(const std::vector<Record>& records, const ExportedLog& log = ExportOf()) {
  const Verdict verdict = Verify(records, log);
  CHECK(verdict.detail.empty() == (verdict.finding == Finding::kOk));
  return {verdict.finding, verdict.index};
}

Seal& SealOf(std::vector<Record>& records, std::size_t batch) {
  return std::get<Seal>(records[PlaceOfSeal(records, batch)]);
}

void Erase(std::vector<Record>& records, std::size_t from, std::size_t count = 1) {
  const auto first = records.begin() + static_cast<std::ptrdiff_t>(from);
  records.erase(first, first + static_cast<std::ptrdiff_t>(count));
}

void Insert(std::vector<Record>& records, std::size_t place, Record record) {
  records.insert(records.begin() + static_cast<std::ptrdiff_t>(place), std::move(record));
}

}  // namespace

TEST_CASE("an export as it was made is sound", "[transparency][export]") {
  CHECK(Verified(NumberedLog({5, 1, 4}).records) == Found{Finding::kOk, 10});
  CHECK(Verified(NumberedLog({1}).records) == Found{Finding::kOk, 1});
  CHECK(Verified({}) == Found{Finding::kOk, 0});
}

TEST_CASE("events behind the last seal are unsealed", "[transparency][export]") {
  CHECK(Verified(NumberedLog({5, 1}, 3).records) == Found{Finding::kUnsealed, 6});
  CHECK(Verified(NumberedLog({}, 3).records) == Found{Finding::kUnsealed, 0});
}

TEST_CASE("a batch whose checkpoint was touched is named by its first event", "[transparency][export]") {
  for (const std::size_t batch : {0, 1, 2}) {
    CAPTURE(batch);
    const SealedLog log = NumberedLog({5, 1, 4}, 2);
    const Found expected{Finding::kBadCheckpoint, log.batch_starts[batch]};
    auto records = log.records;
    SealOf(records, batch).note[0] ^= '\x01';
    CHECK(Verified(records) == expected);
    records = log.records;
    SealOf(records, batch).note.clear();
    CHECK(Verified(records) == expected);
    records = log.records;
    SealOf(records, batch).leaf_hashes[0] ^= '\x01';
    CHECK(Verified(records) == expected);
    records = log.records;
    SealOf(records, batch).frontier += 'x';
    CHECK(Verified(records) == expected);
  }
}

TEST_CASE("an event changed together with its leaf hash makes its batch's checkpoint bad", "[transparency][export]") {
  auto records = NumberedLog({5, 4, 3}).records;
  auto& event = std::get<EventRecord>(records[PlaceOf(records, 7)]);
  event.octets = "something else";
  SealOf(records, 1).leaf_hashes.replace(2 * 32, 32, View(LeafHash(event.octets)));
  CHECK(Verified(records) == Found{Finding::kBadCheckpoint, 5});
}

TEST_CASE("a log rewritten and signed by another key is bad from its first checkpoint", "[transparency][export]") {
  CHECK(Verified(MakeLog({"a", "b"}, {2}, 't').records) == Found{Finding::kBadCheckpoint, 0});
}

TEST_CASE("another log's export is bad from its first checkpoint", "[transparency][export]") {
  ExportedLog other = ExportOf();
  other.origin = "other.example";
  CHECK(Verified(NumberedLog({2}).records, other) == Found{Finding::kBadCheckpoint, 0});
}

TEST_CASE("a log whose key changed verifies with both keys", "[transparency][export]") {
  auto records = NumberedLog({3}).records;
  CompactRange range = Must(OpenSeal(SealOf(records, 0), "log.example", ExportOf().keys)).after;
  const std::vector<Hash> leaves = {LeafHash("d")};
  records.emplace_back(Must(MakeSeal(range, leaves, LogKey('t'))));
  records.emplace_back(EventRecord{3, "d"});
  ExportedLog log = ExportOf();
  CHECK(Verified(records, log) == Found{Finding::kBadCheckpoint, 3});
  log.keys.push_back(LogKey('t').verifier());
  CHECK(Verified(records, log) == Found{Finding::kOk, 4});
}

TEST_CASE("two logs of one key cannot be joined", "[transparency][export]") {
  auto records = NumberedLog({3, 2}).records;
  const auto other = MakeLog({"a", "b", "c", "event 3", "event 4"}, {3, 2}).records;
  SealOf(records, 1) = std::get<Seal>(other[PlaceOfSeal(other, 1)]);
  CHECK(Verified(records) == Found{Finding::kBadCheckpoint, 3});
}

TEST_CASE("a batch that is gone is missing from its first event on", "[transparency][export]") {
  for (const std::size_t batch : {0, 1}) {
    const std::vector<std::size_t> sizes = {5, 2, 4};
    SealedLog log = NumberedLog(sizes, 2);
    Erase(log.records, PlaceOfSeal(log.records, batch), 1 + sizes[batch]);
    CHECK(Verified(log.records) == Found{Finding::kMissing, log.batch_starts[batch]});
  }
}

TEST_CASE("a seal that is gone leaves the next one without the batch that it follows", "[transparency][export]") {
  SealedLog log = NumberedLog({5, 2, 4});
  Erase(log.records, PlaceOfSeal(log.records, 1));
  CHECK(Verified(log.records) == Found{Finding::kBadCheckpoint, 5});
}

TEST_CASE("a seal that comes again, or a smaller one, is a bad checkpoint", "[transparency][export]") {
  const SealedLog log = NumberedLog({5, 2, 4}, 1);
  for (const std::size_t batch : {0, 1}) {
    auto records = log.records;
    Insert(records, PlaceOfSeal(records, 2), std::get<Seal>(records[PlaceOfSeal(records, batch)]));
    CHECK(Verified(records) == Found{Finding::kBadCheckpoint, 7});
  }
}

TEST_CASE("events between two batches are inserted", "[transparency][export]") {
  const SealedLog log = NumberedLog({5, 2});
  for (const std::size_t batch : {0, 1}) {
    auto records = log.records;
    Insert(records, PlaceOfSeal(records, batch), EventRecord{log.batch_starts[batch], "inserted"});
    CHECK(Verified(records) == Found{Finding::kInserted, log.batch_starts[batch]});
  }
}

TEST_CASE("an event with another number is changed", "[transparency][export]") {
  auto records = NumberedLog({5, 2}).records;
  std::get<EventRecord>(records[PlaceOf(records, 3)]).index = 4;
  CHECK(Verified(records) == Found{Finding::kChanged, 3});
}

TEST_CASE("an export cut behind a batch is sound, unless a later checkpoint is remembered", "[transparency][export]") {
  const SealedLog log = NumberedLog({5, 2, 4}, 2);
  auto records = log.records;
  records.resize(PlaceOfSeal(records, 2));
  CHECK(Verified(records) == Found{Finding::kOk, 7});
  CHECK(Verified(records, ExportOf(0, log.head)) == Found{Finding::kTruncated, 7});
  CHECK(Verified({}, ExportOf(0, log.head)) == Found{Finding::kTruncated, 0});
  Erase(records, PlaceOfSeal(records, 1));
  CHECK(Verified(records, ExportOf(0, log.head)) == Found{Finding::kTruncated, 5});
}

TEST_CASE("an export agrees with any checkpoint that its log had before", "[transparency][export]") {
  const SealedLog log = NumberedLog({5, 2, 4}, 1);
  CompactRange range;
  for (std::size_t size = 0; size <= 11; size++) {
    CAPTURE(size);
    CHECK(Verified(log.records, ExportOf(0, range.head())) == Found{Finding::kUnsealed, 11});
    const TreeHead other{size, LeafHash("another log")};
    CHECK(Verified(log.records, ExportOf(0, other)).finding == Finding::kBadCheckpoint);
    REQUIRE(range.Append(LeafHash(log.events[size])).has_value());
  }
}

TEST_CASE("a log that was written anew by its own key contradicts a checkpoint remembered", "[transparency][export]") {
  const TreeHead before = NumberedLog({5, 2}).head;
  const auto records = MakeLog({"a", "b", "c", "d", "e", "f", "g", "h"}, {5, 3}).records;
  CHECK(Verified(records) == Found{Finding::kOk, 8});
  CHECK(Verified(records, ExportOf(0, before)) == Found{Finding::kBadCheckpoint, 5});
}

TEST_CASE("an export of the end of a log verifies from its first batch", "[transparency][export]") {
  SealedLog log = NumberedLog({5, 2, 4}, 1);
  const std::size_t start = PlaceOfSeal(log.records, 1);
  std::vector<Record> records(log.records.begin() + static_cast<std::ptrdiff_t>(start), log.records.end());
  CHECK(Verified(records, ExportOf(5)) == Found{Finding::kUnsealed, 11});
  CHECK(Verified(records, ExportOf(5, log.head)) == Found{Finding::kUnsealed, 11});
  CHECK(Verified(records) == Found{Finding::kMissing, 0});
  CHECK(Verified(records, ExportOf(4)) == Found{Finding::kMissing, 4});
  CHECK(Verified(records, ExportOf(6)) == Found{Finding::kBadCheckpoint, 6});
  std::get<EventRecord>(records[PlaceOf(records, 3)]).octets = "changed";
  CHECK(Verified(records, ExportOf(5)) == Found{Finding::kChanged, 8});
}

TEST_CASE("the first of several faults is named", "[transparency][export]") {
  const SealedLog log = NumberedLog({5, 5, 5});
  auto records = log.records;
  std::get<EventRecord>(records[PlaceOf(records, 3)]).octets = "changed";
  SealOf(records, 1).note[0] ^= '\x01';
  Erase(records, PlaceOf(records, 12));
  CHECK(Verified(records) == Found{Finding::kChanged, 3});
  records = log.records;
  SealOf(records, 1).note[0] ^= '\x01';
  std::get<EventRecord>(records[PlaceOf(records, 12)]).octets = "changed";
  CHECK(Verified(records) == Found{Finding::kBadCheckpoint, 5});
}

TEST_CASE("an event moved into another batch is reordered", "[transparency][export]") {
  auto records = NumberedLog({5, 5}, 2).records;
  const Record moved = records[PlaceOf(records, 2)];
  Erase(records, PlaceOf(records, 2));
  records.push_back(moved);
  CHECK(Verified(records) == Found{Finding::kReordered, 2});
}

TEST_CASE("a seal that comes again behind a difference does not change what it is", "[transparency][export]") {
  auto records = NumberedLog({5, 5}).records;
  std::swap(records[PlaceOf(records, 2)], records[PlaceOf(records, 3)]);
  records.push_back(SealOf(records, 0));
  CHECK(Verified(records) == Found{Finding::kReordered, 2});
}

TEST_CASE("an unsealed event in the place of the last sealed one shows by its number that that one is missing",
          "[transparency][export]") {
  auto records = NumberedLog({5, 5}, 2).records;
  Erase(records, PlaceOf(records, 9));
  CHECK(Verified(records) == Found{Finding::kMissing, 9});
  Renumber(records);
  CHECK(Verified(records) == Found{Finding::kChanged, 9});
}

TEST_CASE("every finding has its name", "[transparency][export]") {
  CHECK(ToString(Finding::kOk) == "ok");
  CHECK(ToString(Finding::kUnsealed) == "unsealed");
  CHECK(ToString(Finding::kChanged) == "changed");
  CHECK(ToString(Finding::kMissing) == "missing");
  CHECK(ToString(Finding::kInserted) == "inserted");
  CHECK(ToString(Finding::kReordered) == "reordered");
  CHECK(ToString(Finding::kTruncated) == "truncated");
  CHECK(ToString(Finding::kBadCheckpoint) == "bad_checkpoint");
}
