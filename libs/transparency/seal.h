#ifndef CERTIFIER_TRANSPARENCY_SEAL_H
#define CERTIFIER_TRANSPARENCY_SEAL_H

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transparency/checkpoint.h"

namespace transparency {

inline constexpr std::size_t kMaxBatch = 4096;  // Events under one seal; their hashes are 128 KiB.

// Seal vouches for one batch of a log, the events [first, end): a signed checkpoint of the tree of `end` events, and
// with it what leads to its root, so that each event can be held against its own hash. Only the note is signed; the
// rest counts because it makes the root.
struct Seal {
  std::string note;        // The checkpoint: origin, `end` and the root.
  pki::Bytes frontier;     // CompactRange::ToBytes of the tree of `first` events.
  pki::Bytes leaf_hashes;  // 32 octets for each event of the batch, 1 to kMaxBatch of them.
};

// MakeSeal seals the events whose leaf hashes are given, behind those that `log` stands for. The origin is the key's
// name. On success `log` stands for the sealed events too; otherwise nothing is changed. Malformed: no event or too
// many, or the tree would reach its limit.
result::Result<Seal> MakeSeal(CompactRange& log, std::span<const Hash> leaves, const SignerKey& key);

// OpenedSeal is a seal whose checkpoint is signed and whose hashes make its root.
struct OpenedSeal {
  CompactRange before;  // The tree of `first` events: its size is `first`.
  std::vector<Hash> leaves;
  CompactRange after;  // The tree of `end` events.
};

// OpenSeal reads a seal of the log `origin`. Malformed and bad message check as OpenCheckpoint; malformed: hashes that
// are not whole, none or too many, or more than the checkpoint's size; bad message check: they do not make the root.
result::Result<OpenedSeal> OpenSeal(const Seal& seal, std::string_view origin, std::span<const VerifierKey> known);

}  // namespace transparency

#endif  // CERTIFIER_TRANSPARENCY_SEAL_H
