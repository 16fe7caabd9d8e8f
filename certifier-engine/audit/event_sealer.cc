#include "audit/event_sealer.h"

#include "audit/log_key.h"
#include "transparency/seal.h"

namespace engine::audit {

namespace {

using transparency::CompactRange;
using transparency::SignerKey;

// The tree that the newest seal leaves behind.
result::Result<CompactRange> TreeBehind(const std::optional<store::AuditSealRecord>& last, const SignerKey& key) {
  if (!last) return CompactRange();
  const transparency::Seal seal{last->note, last->frontier, last->leaf_hashes};
  ASSIGN_OR_RETURN(auto opened, transparency::OpenSeal(seal, key.verifier().name(), {&key.verifier(), 1}));
  return std::move(opened.after);
}

result::Result<store::AuditSealRecord> SealEvents(const std::optional<store::AuditSealRecord>& last,
                                                  const std::vector<std::string>& events, const SignerKey& key) {
  ASSIGN_OR_RETURN(CompactRange tree, TreeBehind(last, key));
  std::vector<transparency::Hash> leaves;
  leaves.reserve(events.size());
  for (const std::string& event : events) leaves.push_back(transparency::LeafHash(event));
  store::AuditSealRecord record;
  record.first_index = tree.size();
  ASSIGN_OR_RETURN(auto seal, transparency::MakeSeal(tree, leaves, key));
  record.end_index = tree.size();
  record.note = std::move(seal.note);
  record.frontier = std::move(seal.frontier);
  record.leaf_hashes = std::move(seal.leaf_hashes);
  return record;
}

}  // namespace

EventSealer::EventSealer(store::AuditStore& store, keys::Sealer key_sealer, std::uint32_t most)
    : store_(store), key_sealer_(std::move(key_sealer)), most_(most) {}

result::Result<std::size_t> EventSealer::Seal() {
  if (!key_) {
    ASSIGN_OR_RETURN(auto key, LoadLogKey(store_, key_sealer_));
    key_.emplace(std::move(key));
  }
  return store_.SealAuditEvents(
      most_, [this](const auto& last, const auto& events) { return SealEvents(last, events, *key_); });
}

}  // namespace engine::audit
