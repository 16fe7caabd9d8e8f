#include "transparency/seal.h"

#include <catch2/catch.hpp>

#include "exported.h"
#include "must.h"

using namespace transparency;
using result::Reason;
using testing::LogKey;
using testing::Must;

namespace {

template <class T>
Reason ReasonOf(const result::Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().reason;
}

result::Result<OpenedSeal> Open(const Seal& seal, const std::string& origin = "log.example", char key = 's') {
  const VerifierKey verifier = LogKey(key).verifier();
  return OpenSeal(seal, origin, {&verifier, 1});
}

std::vector<Hash> Leaves(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; i++) leaves.push_back(LeafHash(std::to_string(i)));
  return leaves;
}

// The seal of the events 5 to 8.
Seal Second() {
  CompactRange log;
  REQUIRE(MakeSeal(log, Leaves(5), LogKey()).has_value());
  return Must(MakeSeal(log, Leaves(3), LogKey()));
}

}  // namespace

TEST_CASE("a seal opens to the tree before its batch, the batch and the tree behind it", "[transparency][seal]") {
  CompactRange log;
  REQUIRE(MakeSeal(log, Leaves(5), LogKey()).has_value());
  const CompactRange before = log;
  const OpenedSeal opened = Must(Open(Must(MakeSeal(log, Leaves(3), LogKey()))));
  CHECK(opened.before == before);
  CHECK(opened.leaves == Leaves(3));
  CHECK(opened.after == log);
  CHECK(opened.after.size() == 8);
}

TEST_CASE("a batch holds one event to kMaxBatch", "[transparency][seal]") {
  CompactRange log;
  CHECK(ReasonOf(MakeSeal(log, {}, LogKey())) == Reason::kMalformed);
  CHECK(ReasonOf(MakeSeal(log, Leaves(kMaxBatch + 1), LogKey())) == Reason::kMalformed);
  CHECK(log.size() == 0);
  CHECK(Open(Must(MakeSeal(log, Leaves(kMaxBatch), LogKey()))).has_value());
  CHECK(log.size() == kMaxBatch);
}

TEST_CASE("a seal of another log or another key does not open", "[transparency][seal]") {
  CHECK(ReasonOf(Open(Second(), "other.example")) == Reason::kBadMessageCheck);
  CHECK(ReasonOf(Open(Second(), "log.example", 't')) == Reason::kBadMessageCheck);
}

TEST_CASE("hashes that do not make the signed root do not open", "[transparency][seal]") {
  const Seal sound = Second();
  REQUIRE(Open(sound).has_value());
  for (std::size_t i = 0; i < sound.leaf_hashes.size(); i++) {
    Seal seal = sound;
    seal.leaf_hashes[i] ^= '\x01';
    CHECK(ReasonOf(Open(seal)) == Reason::kBadMessageCheck);
  }
  for (std::size_t i = 0; i < sound.frontier.size(); i++) {
    Seal seal = sound;
    seal.frontier[i] ^= '\x01';
    CHECK(ReasonOf(Open(seal)) == Reason::kBadMessageCheck);
  }
}

TEST_CASE("hashes that cannot be those of the batch are malformed", "[transparency][seal]") {
  const Seal sound = Second();
  const auto with = [&](pki::Bytes frontier, pki::Bytes leaf_hashes) {
    return Open({sound.note, std::move(frontier), std::move(leaf_hashes)});
  };
  CHECK(ReasonOf(with(sound.frontier, "")) == Reason::kMalformed);
  CHECK(ReasonOf(with(sound.frontier, sound.leaf_hashes.substr(1))) == Reason::kMalformed);
  CHECK(ReasonOf(with(sound.frontier.substr(32), sound.leaf_hashes)) == Reason::kMalformed);
  CHECK(ReasonOf(with("", sound.leaf_hashes)) == Reason::kMalformed);
  CHECK(ReasonOf(with(sound.frontier, pki::Bytes(9 * 32, 'h'))) == Reason::kMalformed);
  CHECK(ReasonOf(Open({"no note", sound.frontier, sound.leaf_hashes})) == Reason::kMalformed);
}

TEST_CASE("the same batch cut elsewhere does not open", "[transparency][seal]") {
  CompactRange log;
  const Seal whole = Must(MakeSeal(log, Leaves(8), LogKey()));
  // Without its first leaf, the batch says that it begins at 1, with that leaf before it: that is the same tree.
  CHECK(Open({whole.note, whole.leaf_hashes.substr(0, 32), whole.leaf_hashes.substr(32)}).has_value());
  CHECK_FALSE(Open({whole.note, whole.leaf_hashes.substr(0, 64), whole.leaf_hashes.substr(64)}).has_value());
}
