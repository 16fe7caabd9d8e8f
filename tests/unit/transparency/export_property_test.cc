// Tampering with the events of any log at any place: what is named, and which event.

#include <rapidcheck/catch.h>

#include <algorithm>

#include "exported.h"

using namespace transparency;
using namespace testing;

namespace {

std::size_t Between(std::size_t least, std::size_t limit) {
  return *rc::gen::inRange<std::size_t>(least, limit);
}

bool Either() {
  return *rc::gen::arbitrary<bool>();
}

std::vector<std::size_t> AnyBatches() {
  std::vector<std::size_t> batches(Between(1, 6));
  for (auto& size : batches) size = Between(1, 12);
  batches.front()++;  // Two events at least.
  return batches;
}

// A log whose events all differ, and how many of them are sealed.
struct AnyLog {
  SealedLog log = NumberedLog(AnyBatches(), Between(0, 4));
  std::size_t sealed = log.head.size;
  std::vector<Record> records = log.records;

  EventRecord& event(std::size_t index) { return std::get<EventRecord>(records[PlaceOf(records, index)]); }
  void Erase(std::size_t index) {
    records.erase(records.begin() + static_cast<std::ptrdiff_t>(PlaceOf(records, index)));
  }
  void InsertBefore(std::size_t index, EventRecord event) {
    const std::size_t place = index == CountEvents() ? records.size() : PlaceOf(records, index);
    records.insert(records.begin() + static_cast<std::ptrdiff_t>(place), std::move(event));
  }
  std::size_t CountEvents() const {
    return static_cast<std::size_t>(std::count_if(records.begin(), records.end(), [](const Record& record) {
      return std::holds_alternative<EventRecord>(record);
    }));
  }
  std::size_t OtherThan(std::size_t index) const { return (index + Between(1, sealed)) % sealed; }
  // Whoever tampers may hide it in the numbers.
  bool MaybeRenumber() {
    const bool hidden = Either();
    if (hidden) Renumber(records);
    return hidden;
  }
  bool has_unsealed() const { return log.events.size() > sealed; }
};

void Expect(const AnyLog& any, Finding finding, std::uint64_t index) {
  const Verdict verdict = Verify(any.records);
  RC_LOG() << ToString(verdict.finding) << " at " << verdict.index << ": " << verdict.detail << "\n";
  RC_ASSERT(verdict.finding == finding);
  RC_ASSERT(verdict.index == index);
}

}  // namespace

TEST_CASE("no log that nobody touched is suspected", "[transparency][export][property]") {
  rc::prop("ok, or unsealed", [] {
    const AnyLog any;
    Expect(any, any.has_unsealed() ? Finding::kUnsealed : Finding::kOk, any.sealed);
  });
}

TEST_CASE("a changed event is named", "[transparency][export][property]") {
  rc::prop("other octets", [] {
    AnyLog any;
    const std::size_t index = Between(0, any.sealed);
    std::string& octets = any.event(index).octets;
    octets[Between(0, octets.size())] ^= '\x80';
    Expect(any, Finding::kChanged, index);
  });
  rc::prop("overwritten by a copy of another", [] {
    AnyLog any;
    const std::size_t index = Between(0, any.sealed);
    const std::size_t other = any.OtherThan(index);
    any.event(index).octets = any.event(other).octets;
    Expect(any, Finding::kChanged, index);
  });
}

TEST_CASE("the first of removed events is named", "[transparency][export][property]") {
  rc::prop("removed, hidden in the numbers or not", [] {
    AnyLog any;
    const std::size_t first = Between(0, any.sealed);
    const std::size_t count = Between(1, any.sealed - first + 1);
    for (std::size_t i = 0; i < count; i++) any.Erase(first);
    const bool hidden = any.MaybeRenumber();
    const bool reaches_end = first + count == any.sealed;
    // A batch that is gone from its first event to the log's end still has its seal, which tells.
    const bool ends_there = reaches_end && !any.has_unsealed();
    const bool seal_follows =
        first + count <= any.log.batch_starts.back() || (reaches_end && first < any.log.batch_starts.back());
    if (ends_there && !seal_follows) {
      Expect(any, Finding::kTruncated, first);
    } else if (reaches_end && any.has_unsealed() && hidden && !seal_follows) {
      // The first unsealed event, under the number of the removed one, cannot be told from a changed one.
      Expect(any, Finding::kChanged, first);
    } else {
      Expect(any, Finding::kMissing, first);
    }
  });
}

TEST_CASE("the first of two events that changed places is named", "[transparency][export][property]") {
  rc::prop("swapped, with their numbers or without", [] {
    AnyLog any;
    const std::size_t first = Between(0, any.sealed - 1);
    const std::size_t second = Between(first + 1, any.sealed);
    std::swap(any.event(first), any.event(second));
    any.MaybeRenumber();
    Expect(any, Finding::kReordered, first);
  });
  rc::prop("moved back or forth", [] {
    AnyLog any;
    const std::size_t from = Between(0, any.sealed);
    const std::size_t to = any.OtherThan(from);
    const EventRecord moved = any.event(from);
    any.Erase(from);
    any.InsertBefore(to, moved);
    any.MaybeRenumber();
    Expect(any, Finding::kReordered, std::min(from, to));
  });
}

TEST_CASE("an inserted event is named", "[transparency][export][property]") {
  rc::prop("a foreign one, or a copy of another", [] {
    AnyLog any;
    const std::size_t index = Between(0, any.sealed);
    const std::size_t copied = any.OtherThan(index);
    any.InsertBefore(index, Either() ? any.event(copied) : EventRecord{index, "foreign"});
    any.MaybeRenumber();
    Expect(any, Finding::kInserted, index);
  });
  rc::prop("the same event twice is one too many in the place behind it", [] {
    AnyLog any;
    const std::size_t index = Between(0, any.sealed);
    any.InsertBefore(index, any.event(index));
    any.MaybeRenumber();
    const bool ends_there = index + 1 == any.sealed;
    Expect(any, ends_there ? Finding::kUnsealed : Finding::kInserted, index + 1);
  });
}

TEST_CASE("a log cut anywhere is truncated there", "[transparency][export][property]") {
  rc::prop("the first event that the last checkpoint in it covers and that is gone", [] {
    AnyLog any;
    any.records.resize(Between(0, any.records.size() + 1));
    std::size_t events = 0, covered = 0, seals = 0;
    for (const Record& record : any.records) {
      if (const auto* seal = std::get_if<Seal>(&record)) {
        covered += seal->leaf_hashes.size() / 32;
        seals++;
      } else {
        events++;
      }
    }
    const Finding within = events < covered   ? Finding::kTruncated
                           : events > covered ? Finding::kUnsealed
                                              : Finding::kOk;
    Expect(any, within, std::min(events, covered));
    const Verdict remembering = Verify(any.records, ExportOf(0, any.log.head));
    RC_ASSERT(remembering.index == std::min(events, covered));
    RC_ASSERT(remembering.finding == (seals < any.log.batch_starts.size() ? Finding::kTruncated : within));
  });
}

namespace {

// Where the events stop to be those that were sealed, by comparing them: nothing if they do not.
std::optional<std::size_t> FirstDifference(const AnyLog& any, const std::vector<Record>& records) {
  std::size_t next = 0, covered = 0;
  for (const Record& record : records) {
    if (const auto* seal = std::get_if<Seal>(&record)) {
      if (next != covered) return std::min(next, covered);
      covered += seal->leaf_hashes.size() / 32;
    } else {
      if (next < covered && std::get<EventRecord>(record).octets != any.log.events[next]) return next;
      next++;
    }
  }
  if (next < covered) return next;
  return std::nullopt;
}

}  // namespace

TEST_CASE("whatever was done to the events, the first place that it shows is named",
          "[transparency][export][property]") {
  rc::prop("several tamperings with a log of few different events", [] {
    AnyLog any;
    std::vector<std::string> events(any.log.events.size());
    for (auto& event : events) event = Either() ? "a" : "b";
    std::vector<std::size_t> batches;
    for (std::size_t i = 0; i < any.log.batch_starts.size(); i++) {
      const bool is_last = i + 1 == any.log.batch_starts.size();
      batches.push_back((is_last ? any.sealed : any.log.batch_starts[i + 1]) - any.log.batch_starts[i]);
    }
    any.log = MakeLog(events, batches);
    any.records = any.log.records;
    const std::size_t tamperings = Between(1, 4);
    for (std::size_t i = 0; i < tamperings; i++) {
      const std::size_t place = Between(0, any.records.size());
      if (std::holds_alternative<Seal>(any.records[place])) continue;
      const auto at = any.records.begin() + static_cast<std::ptrdiff_t>(place);
      const EventRecord other{0, Either() ? "a" : "c"};
      switch (Between(0, 3)) {
        case 0:
          *at = other;
          break;
        case 1:
          any.records.insert(at, other);
          break;
        default:
          any.records.erase(at);
          break;
      }
      if (any.records.empty()) break;
    }
    Renumber(any.records);
    const auto expected = FirstDifference(any, any.records);
    const Verdict verdict = Verify(any.records);
    RC_ASSERT((verdict.finding == Finding::kOk || verdict.finding == Finding::kUnsealed) == !expected);
    RC_ASSERT(verdict.index == expected.value_or(any.sealed));
  });
}
