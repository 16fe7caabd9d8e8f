#include "transparency/seal.h"

namespace transparency {

namespace {

using result::Fail;
using result::Reason;

result::Result<CompactRange> Extended(CompactRange range, std::span<const Hash> leaves) {
  if (leaves.empty() || leaves.size() > kMaxBatch) return Fail(Reason::kMalformed, "a batch of no event or too many");
  for (const Hash& leaf : leaves) RETURN_IF_ERROR(range.Append(leaf));
  return range;
}

}  // namespace

result::Result<Seal> MakeSeal(CompactRange& log, std::span<const Hash> leaves, const SignerKey& key) {
  ASSIGN_OR_RETURN(CompactRange after, Extended(log, leaves));
  ASSIGN_OR_RETURN(std::string note, SignCheckpoint({key.verifier().name(), after.head(), {}}, key));
  Seal seal{std::move(note), log.ToBytes(), WriteHashes(leaves)};
  log = std::move(after);
  return seal;
}

result::Result<OpenedSeal> OpenSeal(const Seal& seal, std::string_view origin, std::span<const VerifierKey> known) {
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenCheckpoint(seal.note, origin, known));
  OpenedSeal opened;
  ASSIGN_OR_RETURN(opened.leaves, ReadHashes(seal.leaf_hashes));
  if (opened.leaves.size() > checkpoint.head.size) return Fail(Reason::kMalformed, "a batch larger than its log");
  const std::uint64_t first = checkpoint.head.size - opened.leaves.size();
  ASSIGN_OR_RETURN(opened.before, CompactRange::FromBytes(first, seal.frontier));
  ASSIGN_OR_RETURN(opened.after, Extended(opened.before, opened.leaves));
  if (opened.after.head() != checkpoint.head) {
    return Fail(Reason::kBadMessageCheck, "the seal's hashes do not make the checkpoint's root");
  }
  return opened;
}

}  // namespace transparency
