#include "transparency/merkle.h"

#include <algorithm>
#include <bit>

#include "pki/digest.h"

namespace transparency {

namespace {

using result::Reason;

Hash Sha256(pki::ByteView octets) {
  const pki::Bytes digest = pki::Digest(pki::DigestAlgorithm::kSha256, octets);
  Hash hash;
  std::copy_n(digest.begin(), hash.size(), hash.begin());
  return hash;
}

// The left subtree of a tree of n leaves, n > 1, has this many: the largest power of two below n.
std::size_t Split(std::size_t n) {
  return std::bit_floor(n - 1);
}

// Climb is the way from a leaf to the root, as the verifiers of RFC 9162 walk it: `node` is the number of the node that
// stands for the leaf on this level, `last` that of the level's last node.
struct Climb {
  std::uint64_t node;
  std::uint64_t last;

  bool at_root() const { return last == 0; }
  bool has_left_sibling() const { return node % 2 == 1 || node == last; }
  void Up() {
    node >>= 1;
    last >>= 1;
  }
  // A last node without a sibling is its own parent.
  void SkipLone() {
    while (node % 2 == 0 && node != 0) Up();
  }
};

result::Result<void> BadProof() {
  return result::Fail(Reason::kBadMessageCheck, "the proof does not lead to the root");
}

}  // namespace

result::Result<std::vector<Hash>> ReadHashes(pki::ByteView octets) {
  std::vector<Hash> hashes(octets.size() / sizeof(Hash));
  if (octets.size() % sizeof(Hash) != 0) return result::Fail(Reason::kMalformed, "not whole hashes of 32 octets");
  for (Hash& hash : hashes) {
    std::copy_n(octets.begin(), hash.size(), hash.begin());
    octets.remove_prefix(hash.size());
  }
  return hashes;
}

pki::Bytes WriteHashes(std::span<const Hash> hashes) {
  pki::Bytes octets;
  octets.reserve(hashes.size_bytes());
  for (const Hash& hash : hashes) octets += View(hash);
  return octets;
}

Hash LeafHash(pki::ByteView leaf) {
  pki::Bytes input;
  input.reserve(1 + leaf.size());
  input += '\x00';
  input += leaf;
  return Sha256(input);
}

Hash NodeHash(const Hash& left, const Hash& right) {
  std::array<char, 1 + 2 * sizeof(Hash)> input{'\x01'};
  std::copy(left.begin(), left.end(), input.begin() + 1);
  std::copy(right.begin(), right.end(), input.begin() + 1 + sizeof(Hash));
  return Sha256({input.data(), input.size()});
}

Hash RootOf(std::span<const Hash> leaves) {
  CompactRange range;
  for (const Hash& leaf : leaves) static_cast<void>(range.Append(leaf));
  return range.head().root;
}

result::Result<CompactRange> CompactRange::FromBytes(std::uint64_t size, pki::ByteView octets) {
  CompactRange range;
  range.size_ = size;
  ASSIGN_OR_RETURN(range.hashes_, ReadHashes(octets));
  if (size >= kTreeSizeLimit || range.hashes_.size() != static_cast<std::size_t>(std::popcount(size))) {
    return result::Fail(Reason::kMalformed, "not the hashes of a tree of this size");
  }
  return range;
}

result::Result<void> CompactRange::Append(const Hash& leaf) {
  if (size_ + 1 >= kTreeSizeLimit) return result::Fail(Reason::kMalformed, "the tree has reached its limit");
  Hash hash = leaf;
  for (std::uint64_t rest = size_; rest % 2 == 1; rest >>= 1) {
    hash = NodeHash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  size_++;
  return {};
}

TreeHead CompactRange::head() const {
  if (hashes_.empty()) return {0, Sha256("")};
  Hash root = hashes_.back();
  for (auto left = hashes_.rbegin() + 1; left != hashes_.rend(); ++left) root = NodeHash(*left, root);
  return {size_, root};
}

result::Result<std::vector<Hash>> InclusionProof(std::span<const Hash> leaves, std::uint64_t index) {
  if (index >= leaves.size()) return result::Fail(Reason::kMalformed, "no such leaf");
  std::vector<Hash> proof;
  while (leaves.size() > 1) {
    const std::size_t split = Split(leaves.size());
    const bool is_left = index < split;
    proof.push_back(RootOf(is_left ? leaves.subspan(split) : leaves.first(split)));
    leaves = is_left ? leaves.first(split) : leaves.subspan(split);
    if (!is_left) index -= split;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

result::Result<void> VerifyInclusion(const TreeHead& head, std::uint64_t index, const Hash& leaf,
                                     std::span<const Hash> proof) {
  if (index >= head.size || head.size >= kTreeSizeLimit) return result::Fail(Reason::kMalformed, "no such leaf");
  Climb climb{index, head.size - 1};
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (climb.at_root()) return BadProof();
    if (climb.has_left_sibling()) {
      hash = NodeHash(sibling, hash);
      climb.SkipLone();
    } else {
      hash = NodeHash(hash, sibling);
    }
    climb.Up();
  }
  if (!climb.at_root() || hash != head.root) return BadProof();
  return {};
}

result::Result<std::vector<Hash>> ConsistencyProof(std::span<const Hash> leaves, std::uint64_t old_size) {
  if (old_size == 0 || old_size > leaves.size()) return result::Fail(Reason::kMalformed, "no such older tree");
  std::vector<Hash> proof;
  bool is_old_tree = true;  // The leaves left over are the older tree's, whose root the verifier knows.
  while (old_size < leaves.size()) {
    const std::size_t split = Split(leaves.size());
    const bool is_left = old_size <= split;
    proof.push_back(RootOf(is_left ? leaves.subspan(split) : leaves.first(split)));
    leaves = is_left ? leaves.first(split) : leaves.subspan(split);
    if (!is_left) {
      old_size -= split;
      is_old_tree = false;
    }
  }
  if (!is_old_tree) proof.push_back(RootOf(leaves));
  std::reverse(proof.begin(), proof.end());
  return proof;
}

result::Result<void> VerifyConsistency(const TreeHead& older, const TreeHead& newer, std::span<const Hash> proof) {
  if (older.size == 0 || older.size > newer.size || newer.size >= kTreeSizeLimit) {
    return result::Fail(Reason::kMalformed, "no such older tree");
  }
  if (older.size == newer.size) {
    if (!proof.empty() || older.root != newer.root) return BadProof();
    return {};
  }
  // An older tree that is one perfect subtree is where both ways begin.
  Hash start = older.root;
  if (!std::has_single_bit(older.size)) {
    if (proof.empty()) return BadProof();
    start = proof.front();
    proof = proof.subspan(1);
  }
  Climb climb{older.size - 1, newer.size - 1};
  while (climb.node % 2 == 1) climb.Up();
  Hash old_hash = start;
  Hash new_hash = start;
  for (const Hash& sibling : proof) {
    if (climb.at_root()) return BadProof();
    if (climb.has_left_sibling()) {
      old_hash = NodeHash(sibling, old_hash);
      new_hash = NodeHash(sibling, new_hash);
      climb.SkipLone();
    } else {
      new_hash = NodeHash(new_hash, sibling);
    }
    climb.Up();
  }
  if (!climb.at_root() || old_hash != older.root || new_hash != newer.root) return BadProof();
  return {};
}

}  // namespace transparency
