#include "turns.h"

#include <catch2/catch.hpp>
#include <optional>

namespace gateway {
namespace {

using Verdict = Turns::Verdict;

TEST_CASE("a source has so many turns, all have so many, and each ends with its last copy", "[scep][turns]") {
  Turns turns({.in_all = 3, .per_source = 2});
  auto one = turns.Take("192.0.2.1"), two = turns.Take("192.0.2.1");
  CHECK((one.turn && two.turn));
  const auto spent = turns.Take("192.0.2.1");
  CHECK(spent.verdict == Verdict::kSourceBusy);
  CHECK_FALSE(spent.turn);
  auto other = turns.Take("192.0.2.2");
  CHECK(other.verdict == Verdict::kOk);
  CHECK(turns.Take("192.0.2.3").verdict == Verdict::kAllBusy);
  auto copy = one.turn;
  one.turn.reset();
  CHECK(turns.Take("192.0.2.1").verdict == Verdict::kSourceBusy);
  copy.reset();
  CHECK(turns.Take("192.0.2.3").verdict == Verdict::kOk);
  CHECK(turns.Take("192.0.2.1").verdict == Verdict::kOk);
}

TEST_CASE("an IPv6 site is one source of turns, and who has none is not remembered", "[scep][turns][bounds]") {
  Turns turns({.in_all = 10, .per_source = 1});
  {
    const auto taken = turns.Take("2001:db8:0:1::1"), another = turns.Take("2001:db8:0:2::1");
    CHECK(turns.Take("2001:db8:0:1:ffff::2").verdict == Verdict::kSourceBusy);
    CHECK(turns.sources() == 2);
  }
  CHECK(turns.sources() == 0);
}

TEST_CASE("a turn may end after what gave it", "[scep][turns]") {
  std::optional<Turns> turns(Turns::Settings{.in_all = 1, .per_source = 1});
  auto taken = turns->Take("192.0.2.1");
  turns.reset();
  taken.turn.reset();
  SUCCEED();
}

}  // namespace
}  // namespace gateway
