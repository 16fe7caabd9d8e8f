#ifndef CERTIFIER_TRANSPARENCY_MERKLE_H
#define CERTIFIER_TRANSPARENCY_MERKLE_H

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "pki/bytes.h"

namespace transparency {

// Hash is a SHA-256 of RFC 9162 section 2.1.1: of a leaf, of a node or of a whole tree.
using Hash = std::array<char, 32>;

// View borrows a hash as octets.
inline pki::ByteView View(const Hash& hash) {
  return {hash.data(), hash.size()};
}
// ReadHashes cuts octets into hashes of 32. Malformed: another length.
result::Result<std::vector<Hash>> ReadHashes(pki::ByteView octets);
// WriteHashes joins hashes: 32 octets each.
pki::Bytes WriteHashes(std::span<const Hash> hashes);

// Tree sizes are below this; functions that are given a larger one fail as malformed.
inline constexpr std::uint64_t kTreeSizeLimit = std::uint64_t{1} << 62;

// TreeHead says what a tree is: how many leaves, and their root.
struct TreeHead {
  std::uint64_t size = 0;
  Hash root{};
  bool operator==(const TreeHead&) const = default;
};

// LeafHash is SHA-256(0x00 || leaf).
Hash LeafHash(pki::ByteView leaf);
// NodeHash is SHA-256(0x01 || left || right).
Hash NodeHash(const Hash& left, const Hash& right);
// RootOf is the root of the tree over these leaf hashes; of none it is SHA-256 of nothing.
Hash RootOf(std::span<const Hash> leaves);

// CompactRange is a tree of n leaves of which only the roots of its perfect subtrees are kept, popcount(n) hashes, the
// largest first: enough to append leaves and to know the root.
class CompactRange {
 public:
  CompactRange() = default;
  // FromBytes reads what ToBytes wrote for a tree of `size` leaves. Malformed: a size at the limit or above, or other
  // than popcount(size) hashes. That they are the right hashes only a root can show.
  static result::Result<CompactRange> FromBytes(std::uint64_t size, pki::ByteView octets);
  // ToBytes joins the hashes, 32 octets each.
  pki::Bytes ToBytes() const { return WriteHashes(hashes_); }

  // Append adds one leaf. Malformed, and nothing changed: the tree has reached the limit.
  result::Result<void> Append(const Hash& leaf);
  std::uint64_t size() const { return size_; }
  TreeHead head() const;

  bool operator==(const CompactRange&) const = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

// InclusionProof proves that leaf `index` is in the tree over all of `leaves` (RFC 9162 section 2.1.3.1). It hashes the
// whole tree. Malformed: no such leaf.
result::Result<std::vector<Hash>> InclusionProof(std::span<const Hash> leaves, std::uint64_t index);
// VerifyInclusion checks such a proof (section 2.1.3.2). Malformed: `index` outside the tree, or a size at the limit;
// bad message check: a proof of another length, or one that does not lead to the root.
result::Result<void> VerifyInclusion(const TreeHead& head, std::uint64_t index, const Hash& leaf,
                                     std::span<const Hash> proof);

// ConsistencyProof proves that the tree over the first `old_size` leaves, at least one, became the tree over all of
// `leaves` by appending alone (RFC 9162 section 2.1.4.1). It hashes the whole tree. Malformed: no such tree.
result::Result<std::vector<Hash>> ConsistencyProof(std::span<const Hash> leaves, std::uint64_t old_size);
// VerifyConsistency checks such a proof (section 2.1.4.2). Malformed: an older tree that is empty or larger than the
// newer, or a size at the limit; bad message check: a proof of another length, or one that does not lead to both roots.
result::Result<void> VerifyConsistency(const TreeHead& older, const TreeHead& newer, std::span<const Hash> proof);

}  // namespace transparency

#endif  // CERTIFIER_TRANSPARENCY_MERKLE_H
