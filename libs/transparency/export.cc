#include "transparency/export.h"

#include <span>

namespace transparency {

std::string_view ToString(Finding finding) {
  switch (finding) {
    case Finding::kOk:
      return "ok";
    case Finding::kUnsealed:
      return "unsealed";
    case Finding::kChanged:
      return "changed";
    case Finding::kMissing:
      return "missing";
    case Finding::kInserted:
      return "inserted";
    case Finding::kReordered:
      return "reordered";
    case Finding::kTruncated:
      return "truncated";
    case Finding::kBadCheckpoint:
      return "bad_checkpoint";
  }
  return "bad_checkpoint";
}

LogVerifier::LogVerifier(ExportedLog log) : log_(std::move(log)), next_(log_.first) {}

void LogVerifier::AddEvent(std::uint64_t index, pki::ByteView event) {
  if (fault_) return;
  const bool is_covered = next_ < covered();
  if (!difference_ && !is_covered) {
    next_++;
    return;
  }
  const Hash hash = LeafHash(event);
  if (difference_) {
    difference_->Count(hash, 1);
  } else if (hash != batch_[batch_.size() - (covered() - next_)]) {
    Differ(hash, index);
  } else if (index != next_) {
    fault_ = Verdict{Finding::kChanged, next_, "the event has the number " + std::to_string(index)};
  } else {
    next_++;
  }
}

void LogVerifier::AddSeal(const Seal& seal) {
  if (fault_) return;
  if (!difference_ && next_ < covered()) Differ(std::nullopt, 0);
  auto opened = OpenSeal(seal, log_.origin, log_.keys);
  if (opened) return Follow(*std::move(opened));
  if (!difference_) fault_ = Verdict{Finding::kBadCheckpoint, covered(), std::move(opened).error().detail};
}

void LogVerifier::Follow(OpenedSeal seal) {
  const std::uint64_t first = seal.before.size();
  const bool follows = covered_ ? *covered_ == seal.before : first == log_.first;
  if (difference_) {
    // Only what is surely of this log tells whether an event was sealed later.
    if (!follows) return;
    for (const Hash& leaf : seal.leaves) difference_->Count(leaf, -1);
  } else if (first > covered() && next_ == covered()) {
    fault_ = Verdict{Finding::kMissing, next_, "the export has no events up to " + std::to_string(first)};
  } else if (!follows) {
    fault_ = Verdict{Finding::kBadCheckpoint, covered(),
                     "a seal of events " + std::to_string(first) + " to " + std::to_string(seal.after.size()) +
                         " does not follow the one before"};
  } else if (ContradictsRemembered(seal)) {
    fault_ = Verdict{Finding::kBadCheckpoint, first, "the log had another root when it was seen before"};
  } else if (next_ > covered()) {
    fault_ = Verdict{Finding::kInserted, covered(), "events between two batches"};
  }
  covered_ = std::move(seal.after);
  batch_ = std::move(seal.leaves);
}

bool LogVerifier::ContradictsRemembered(const OpenedSeal& seal) const {
  if (!log_.remembered) return false;
  const TreeHead& head = *log_.remembered;
  if (head.size < seal.before.size() || head.size > seal.after.size()) return false;
  CompactRange range = seal.before;
  for (const Hash& leaf : std::span(seal.leaves).first(head.size - range.size())) {
    if (!range.Append(leaf)) return true;
  }
  return range.head() != head;
}

std::string LogVerifier::Batch() const {
  return "events " + std::to_string(covered() - batch_.size()) + " to " + std::to_string(covered()) + " are a batch";
}

void LogVerifier::Differ(std::optional<Hash> found, std::uint64_t claimed_index) {
  const auto rest = std::span(batch_).last(covered() - next_);
  difference_ = Difference{.batch = Batch(), .sealed = rest.front(), .found = found, .claimed_index = claimed_index};
  for (const Hash& leaf : rest) difference_->Count(leaf, -1);
  if (found) difference_->Count(*found, 1);
}

void LogVerifier::Difference::Count(const Hash& hash, int number) {
  if (hash == sealed) sealed_balance += number;
  if (found && hash == *found) found_balance += number;
}

Finding LogVerifier::Classify() const {
  const bool is_elsewhere = difference_->sealed_balance >= 0;
  const bool is_foreign = difference_->found && difference_->found_balance > 0;
  if (is_elsewhere) return is_foreign ? Finding::kInserted : Finding::kReordered;
  // An event that is not sealed yet stands where the last sealed ones are missing.
  const bool is_later = difference_->claimed_index > next_;
  return is_foreign && !is_later ? Finding::kChanged : Finding::kMissing;
}

Verdict LogVerifier::Finish() const {
  if (fault_) return *fault_;
  if (difference_) return {Classify(), next_, difference_->batch};
  if (next_ < covered()) return {Finding::kTruncated, next_, Batch()};
  if (log_.remembered && covered() < log_.remembered->size) {
    return {Finding::kTruncated, covered(),
            "the log had " + std::to_string(log_.remembered->size) + " sealed events when it was seen before"};
  }
  if (next_ > covered()) {
    return {Finding::kUnsealed, covered(), std::to_string(next_ - covered()) + " events behind the last seal"};
  }
  return {Finding::kOk, next_, ""};
}

}  // namespace transparency
