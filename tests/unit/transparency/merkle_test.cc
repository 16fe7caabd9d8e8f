// The vectors that Certificate Transparency's implementations test one another with: eight leaves, their roots and
// proofs.

#include "transparency/merkle.h"

#include <catch2/catch.hpp>

#include "must.h"

using namespace transparency;
using result::Reason;
using testing::Must;

namespace {

const std::vector<std::string> kLeaves = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> kRoots = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

struct Proof {
  std::uint64_t first;  // The leaf, or the older size.
  std::uint64_t size;
  std::vector<std::string> hashes;
};
const std::vector<Proof> kInclusion = {{0, 1, {}},
                                       {0,
                                        8,
                                        {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                         "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                         "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
                                       {5,
                                        8,
                                        {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                         "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
                                       {2, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
                                       {1,
                                        5,
                                        {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                         "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                         "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}}};
const std::vector<Proof> kConsistency = {{1, 1, {}},
                                         {1,
                                          8,
                                          {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                           "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                           "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
                                         {6,
                                          8,
                                          {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                           "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
                                         {2,
                                          5,
                                          {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                           "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}}};

std::vector<Hash> Leaves(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; i++) leaves.push_back(LeafHash(Must(pki::FromHex(kLeaves[i]))));
  return leaves;
}

TreeHead Head(std::size_t size) {
  return {size, Must(ReadHashes(Must(pki::FromHex(kRoots[size])))).front()};
}

std::vector<std::string> Hex(const std::vector<Hash>& hashes) {
  std::vector<std::string> text;
  for (const Hash& hash : hashes) text.push_back(pki::HexLower(View(hash)));
  return text;
}

template <class T>
Reason ReasonOf(const result::Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().reason;
}

}  // namespace

TEST_CASE("the roots of the first leaves are those of Certificate Transparency", "[transparency][merkle]") {
  CompactRange range;
  for (std::size_t size = 0; size < kRoots.size(); size++) {
    CAPTURE(size);
    CHECK(RootOf(Leaves(size)) == Head(size).root);
    CHECK(range.head() == Head(size));
    if (size < kLeaves.size()) REQUIRE(range.Append(Leaves(size + 1).back()).has_value());
  }
}

TEST_CASE("inclusion proofs are those of Certificate Transparency", "[transparency][merkle]") {
  for (const Proof& expected : kInclusion) {
    const auto leaves = Leaves(expected.size);
    const auto proof = Must(InclusionProof(leaves, expected.first));
    CHECK(Hex(proof) == expected.hashes);
    CHECK(VerifyInclusion(Head(expected.size), expected.first, leaves[expected.first], proof).has_value());
  }
}

TEST_CASE("consistency proofs are those of Certificate Transparency", "[transparency][merkle]") {
  for (const Proof& expected : kConsistency) {
    const auto proof = Must(ConsistencyProof(Leaves(expected.size), expected.first));
    CHECK(Hex(proof) == expected.hashes);
    CHECK(VerifyConsistency(Head(expected.first), Head(expected.size), proof).has_value());
  }
}

TEST_CASE("a proof of a leaf or a tree that is not there is malformed", "[transparency][merkle]") {
  const auto leaves = Leaves(8);
  CHECK(ReasonOf(InclusionProof(leaves, 8)) == Reason::kMalformed);
  CHECK(ReasonOf(InclusionProof({}, 0)) == Reason::kMalformed);
  CHECK(ReasonOf(ConsistencyProof(leaves, 0)) == Reason::kMalformed);
  CHECK(ReasonOf(ConsistencyProof(leaves, 9)) == Reason::kMalformed);
  CHECK(ReasonOf(VerifyInclusion(Head(8), 8, leaves[7], {})) == Reason::kMalformed);
  CHECK(ReasonOf(VerifyInclusion(Head(0), 0, leaves[0], {})) == Reason::kMalformed);
  CHECK(ReasonOf(VerifyConsistency(Head(0), Head(8), {})) == Reason::kMalformed);
  CHECK(ReasonOf(VerifyConsistency(Head(8), Head(7), {})) == Reason::kMalformed);
}

TEST_CASE("a size at the limit is malformed", "[transparency][merkle]") {
  const Hash leaf = LeafHash("");
  const TreeHead head{kTreeSizeLimit, leaf};
  CHECK(ReasonOf(VerifyInclusion(head, 0, leaf, {})) == Reason::kMalformed);
  CHECK(ReasonOf(VerifyConsistency({1, leaf}, head, {})) == Reason::kMalformed);
  CHECK(ReasonOf(CompactRange::FromBytes(kTreeSizeLimit, View(leaf))) == Reason::kMalformed);
}

TEST_CASE("a tree just below the limit takes no further leaf", "[transparency][merkle]") {
  CompactRange range = Must(CompactRange::FromBytes(kTreeSizeLimit - 1, pki::Bytes(62 * sizeof(Hash), 'h')));
  const CompactRange before = range;
  CHECK(ReasonOf(range.Append(LeafHash("x"))) == Reason::kMalformed);
  CHECK(range == before);
}

TEST_CASE("a proof that is too short or too long for its tree does not verify", "[transparency][merkle]") {
  const auto leaves = Leaves(8);
  const auto included = Must(InclusionProof(leaves, 0));
  const auto consistent = Must(ConsistencyProof(leaves, 1));
  for (const std::uint64_t size : {2, 4, 9, 16, 1 << 20}) {
    const TreeHead other{size, Head(8).root};
    CHECK(ReasonOf(VerifyInclusion(other, 0, leaves[0], included)) == Reason::kBadMessageCheck);
    CHECK(ReasonOf(VerifyConsistency(Head(1), other, consistent)) == Reason::kBadMessageCheck);
  }
}

TEST_CASE("a proof that goes on behind the root does not verify", "[transparency][merkle]") {
  const auto leaves = Leaves(4);
  const Hash more = LeafHash("more");
  CHECK(ReasonOf(VerifyInclusion({1, NodeHash(more, leaves[0])}, 0, leaves[0], {&more, 1})) ==
        Reason::kBadMessageCheck);
  auto proof = Must(ConsistencyProof(leaves, 3));
  proof.push_back(more);
  const TreeHead older{3, NodeHash(more, Head(3).root)}, newer{4, NodeHash(more, Head(4).root)};
  CHECK(ReasonOf(VerifyConsistency(older, newer, proof)) == Reason::kBadMessageCheck);
}

TEST_CASE("equal trees are consistent without a proof, and only if their roots are equal", "[transparency][merkle]") {
  const Hash hash = LeafHash("x");
  CHECK(VerifyConsistency(Head(5), Head(5), {}).has_value());
  CHECK(ReasonOf(VerifyConsistency(Head(5), Head(5), {&hash, 1})) == Reason::kBadMessageCheck);
  CHECK(ReasonOf(VerifyConsistency({5, hash}, Head(5), {})) == Reason::kBadMessageCheck);
}

TEST_CASE("hashes are whole", "[transparency][merkle]") {
  CHECK(Must(ReadHashes("")).empty());
  CHECK(Must(ReadHashes(pki::Bytes(64, 'h'))).size() == 2);
  for (const std::size_t length : {1, 31, 33})
    CHECK(ReasonOf(ReadHashes(pki::Bytes(length, 'h'))) == Reason::kMalformed);
}
