#ifndef CERTIFIER_TRANSPARENCY_CHECKPOINT_H
#define CERTIFIER_TRANSPARENCY_CHECKPOINT_H

#include <string>
#include <string_view>
#include <vector>

#include "transparency/merkle.h"
#include "transparency/note.h"

namespace transparency {

// Checkpoint is a log's word on its own tree (c2sp.org/tlog-checkpoint).
struct Checkpoint {
  std::string origin;  // Which log: UTF-8, not empty, one line.
  TreeHead head;
  std::vector<std::string> extensions;  // One line each, not empty; this library reads nothing out of them.
  bool operator==(const Checkpoint&) const = default;
};

// ParseCheckpoint reads the text of a note:
//
//   ORIGIN
//   SIZE, decimal without leading zeros, below kTreeSizeLimit
//   BASE64(root hash)
//   EXTENSION ...
//
// each line ended, none of them empty. Malformed: anything else.
result::Result<Checkpoint> ParseCheckpoint(std::string_view text);
// WriteCheckpoint writes what ParseCheckpoint reads. Malformed: a line that is empty or none, or a size at the limit.
result::Result<std::string> WriteCheckpoint(const Checkpoint& checkpoint);

// SignCheckpoint writes the note of `checkpoint`. Malformed: as WriteCheckpoint and SignerKey::Sign.
result::Result<std::string> SignCheckpoint(const Checkpoint& checkpoint, const SignerKey& key);
// OpenCheckpoint reads the note of a checkpoint of the log `origin`. Malformed and bad message check as OpenNote and
// ParseCheckpoint say; bad message check: another log's.
result::Result<Checkpoint> OpenCheckpoint(std::string_view note, std::string_view origin,
                                          std::span<const VerifierKey> known);

}  // namespace transparency

#endif  // CERTIFIER_TRANSPARENCY_CHECKPOINT_H
