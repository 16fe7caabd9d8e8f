// Trees of any size against RFC 9162 section 2.1 as it is written: recursion over the leaves, OpenSSL's SHA-256.

#include <rapidcheck/catch.h>

#include <bit>

#include "must.h"
#include "pki/digest.h"
#include "transparency/merkle.h"

using namespace transparency;
using testing::Must;

namespace {

using pki::Bytes;
using Data = std::vector<std::string>;  // The leaves of a tree, or of a part of one.

Bytes Sha256(const Bytes& octets) {
  return pki::Digest(pki::DigestAlgorithm::kSha256, octets);
}

std::size_t LargestPowerOfTwoBelow(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

Data Part(const Data& data, std::size_t from, std::size_t to) {
  return {data.begin() + static_cast<std::ptrdiff_t>(from), data.begin() + static_cast<std::ptrdiff_t>(to)};
}

Bytes Mth(const Data& data) {
  if (data.empty()) return Sha256("");
  if (data.size() == 1) return Sha256(Bytes(1, '\0') + data[0]);
  const std::size_t k = LargestPowerOfTwoBelow(data.size());
  return Sha256('\x01' + Mth(Part(data, 0, k)) + Mth(Part(data, k, data.size())));
}

Bytes Path(std::size_t m, const Data& data) {
  if (data.size() == 1) return "";
  const std::size_t k = LargestPowerOfTwoBelow(data.size());
  const Data left = Part(data, 0, k), right = Part(data, k, data.size());
  return m < k ? Path(m, left) + Mth(right) : Path(m - k, right) + Mth(left);
}

Bytes Subproof(std::size_t m, const Data& data, bool is_whole) {
  if (m == data.size()) return is_whole ? "" : Mth(data);
  const std::size_t k = LargestPowerOfTwoBelow(data.size());
  const Data left = Part(data, 0, k), right = Part(data, k, data.size());
  return m <= k ? Subproof(m, left, is_whole) + Mth(right) : Subproof(m - k, right, false) + Mth(left);
}

Data AnyData() {
  return *rc::gen::resize(70, rc::gen::nonEmpty(rc::gen::arbitrary<Data>()));
}

std::vector<Hash> LeafHashes(const Data& data) {
  std::vector<Hash> leaves;
  for (const auto& leaf : data) leaves.push_back(LeafHash(leaf));
  return leaves;
}

std::size_t Below(std::size_t limit) {
  return *rc::gen::inRange<std::size_t>(0, limit);
}

// One way to spoil a proof: a bit turned, a hash taken out, put in or moved.
std::vector<Hash> Spoilt(std::vector<Hash> proof) {
  const std::size_t place = Below(proof.size() + 1);
  const auto at = proof.begin() + static_cast<std::ptrdiff_t>(place);
  switch (at == proof.end() ? 0 : Below(4)) {
    case 0:
      proof.insert(at, LeafHash("spoilt"));
      break;
    case 1:
      proof.erase(at);
      break;
    case 2:
      (*at)[Below(sizeof(Hash))] ^= '\x10';
      break;
    default:
      *at = proof[Below(proof.size())];
      break;
  }
  return proof;
}

}  // namespace

TEST_CASE("every root is that of the definition", "[transparency][merkle][property]") {
  rc::prop("RootOf and CompactRange agree with MTH", [] {
    const Data data = AnyData();
    const auto leaves = LeafHashes(data);
    CompactRange range;
    for (const Hash& leaf : leaves) RC_ASSERT(range.Append(leaf).has_value());
    RC_ASSERT(View(RootOf(leaves)) == Mth(data));
    RC_ASSERT(range.head() == (TreeHead{data.size(), RootOf(leaves)}));
  });
}

TEST_CASE("a compact range goes on from its octets", "[transparency][merkle][property]") {
  rc::prop("stopped after any leaf, written, read and continued, it has the same root", [] {
    const auto leaves = LeafHashes(AnyData());
    const std::size_t stop = Below(leaves.size() + 1);
    CompactRange range;
    for (std::size_t i = 0; i < stop; i++) RC_ASSERT(range.Append(leaves[i]).has_value());
    const Bytes octets = range.ToBytes();
    RC_ASSERT(octets.size() == sizeof(Hash) * static_cast<std::size_t>(std::popcount(stop)));
    CompactRange again = Must(CompactRange::FromBytes(stop, octets));
    RC_ASSERT(again == range);
    for (std::size_t i = stop; i < leaves.size(); i++) RC_ASSERT(again.Append(leaves[i]).has_value());
    RC_ASSERT(again.head().root == RootOf(leaves));
  });
  rc::prop("octets of another length are refused", [] {
    const std::size_t size = Below(1000);
    const std::size_t length = Below(20 * sizeof(Hash));
    const bool fits = length == sizeof(Hash) * static_cast<std::size_t>(std::popcount(size));
    RC_ASSERT(CompactRange::FromBytes(size, Bytes(length, 'h')).has_value() == fits);
  });
}

TEST_CASE("inclusion proofs are those of the definition and nothing else verifies",
          "[transparency][merkle][property]") {
  rc::prop("PATH", [] {
    const Data data = AnyData();
    const auto leaves = LeafHashes(data);
    const TreeHead head{data.size(), RootOf(leaves)};
    const std::size_t index = Below(data.size());
    const auto proof = Must(InclusionProof(leaves, index));
    RC_ASSERT(WriteHashes(proof) == Path(index, data));
    RC_ASSERT(VerifyInclusion(head, index, leaves[index], proof).has_value());
    RC_ASSERT(!VerifyInclusion(head, index, LeafHash("another leaf"), proof).has_value());
    const auto spoilt = Spoilt(proof);
    RC_ASSERT(VerifyInclusion(head, index, leaves[index], spoilt).has_value() == (spoilt == proof));
    const std::size_t other = Below(data.size());
    RC_ASSERT(VerifyInclusion(head, other, leaves[index], proof).has_value() == (other == index));
  });
}

TEST_CASE("consistency proofs are those of the definition and nothing else verifies",
          "[transparency][merkle][property]") {
  rc::prop("PROOF", [] {
    const Data data = AnyData();
    const auto leaves = LeafHashes(data);
    const TreeHead newer{data.size(), RootOf(leaves)};
    const std::size_t size = 1 + Below(data.size());
    const TreeHead older{size, RootOf(std::span(leaves).first(size))};
    const auto proof = Must(ConsistencyProof(leaves, size));
    RC_ASSERT(WriteHashes(proof) == Subproof(size, data, true));
    RC_ASSERT(VerifyConsistency(older, newer, proof).has_value());
    const auto spoilt = Spoilt(proof);
    RC_ASSERT(VerifyConsistency(older, newer, spoilt).has_value() == (spoilt == proof));
    RC_ASSERT(!VerifyConsistency({size, LeafHash("another tree")}, newer, proof).has_value());
    RC_ASSERT(!VerifyConsistency(older, {data.size(), LeafHash("another tree")}, proof).has_value());
  });
}
