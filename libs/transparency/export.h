#ifndef CERTIFIER_TRANSPARENCY_EXPORT_H
#define CERTIFIER_TRANSPARENCY_EXPORT_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transparency/seal.h"

namespace transparency {

// Finding is what was found of an exported log.
enum class Finding {
  kOk,             // Every event is there, as it was sealed.
  kUnsealed,       // As kOk, and behind the last seal there are events that nothing vouches for yet.
  kChanged,        // The event is not what was sealed.
  kMissing,        // The event is nowhere in the export.
  kInserted,       // In the event's place stands one that was never sealed; the event itself comes later.
  kReordered,      // In the event's place stands another of the log; the event itself comes later.
  kTruncated,      // The export ends before the event, which a checkpoint covers.
  kBadCheckpoint,  // The seal of the batch that begins with the event is not the log's, or does not follow the one
                   // before.
};
// ToString names it: "ok", "unsealed", "changed", "missing", "inserted", "reordered", "truncated", "bad_checkpoint".
std::string_view ToString(Finding finding);

// Verdict is a finding and where: all events before `index` are proven to be the log's, and `index` is the first one
// that is not (its place in the log, from 0). With kOk and kUnsealed it is the number of sealed events.
struct Verdict {
  Finding finding = Finding::kOk;
  std::uint64_t index = 0;
  std::string detail;  // For people; empty with kOk.
};

// ExportedLog is what a verifier knows beforehand.
struct ExportedLog {
  std::string origin;             // The log's name.
  std::vector<VerifierKey> keys;  // Its keys: more than one if they changed.
  std::uint64_t first = 0;        // The event that the export begins with: where a batch begins.
  // What an earlier checkpoint said. The export must reach this size and have this root there; a size before `first`
  // is not looked at. Without one, an export that was cut behind a batch is sound: nothing in it says that more was
  // sealed.
  std::optional<TreeHead> remembered = std::nullopt;
};

// LogVerifier reads an export once, from its beginning: each seal, then the events of its batch, at the end those that
// are not sealed yet. It keeps the hashes of one batch and O(log n) more. For one thread.
class LogVerifier {
 public:
  explicit LogVerifier(ExportedLog log);

  // AddSeal takes the next seal.
  void AddSeal(const Seal& seal);
  // AddEvent takes the next event: the number that the export gives it and the exact octets that were hashed.
  void AddEvent(std::uint64_t index, pki::ByteView event);
  // Finish says what is wrong first, once everything was added: what comes later tells a missing event from a moved
  // one.
  Verdict Finish() const;

 private:
  // Difference is the first place where the events are not those of the seals. The balances are how many events from
  // there on have a hash, less how often it was sealed from there on.
  struct Difference {
    std::string batch;  // Where it is, for people.
    Hash sealed;
    std::optional<Hash> found;        // What stands in its place; nothing: a seal.
    std::uint64_t claimed_index = 0;  // The number that it has in the export.
    std::int64_t sealed_balance = 0;
    std::int64_t found_balance = 0;
    void Count(const Hash& hash, int number);
  };

  // The number of events that seals cover, from the log's beginning.
  std::uint64_t covered() const { return covered_ ? covered_->size() : log_.first; }
  std::string Batch() const;
  void Differ(std::optional<Hash> found, std::uint64_t claimed_index);
  void Follow(OpenedSeal seal);
  bool ContradictsRemembered(const OpenedSeal& seal) const;
  Finding Classify() const;

  const ExportedLog log_;
  std::uint64_t next_;                   // The place of the next event.
  std::optional<CompactRange> covered_;  // Nothing: no seal yet.
  std::vector<Hash> batch_;              // The leaf hashes of the last seal, which ends at covered().
  std::optional<Difference> difference_;
  std::optional<Verdict> fault_;  // Of seals and numbers: final.
};

}  // namespace transparency

#endif  // CERTIFIER_TRANSPARENCY_EXPORT_H
