#include "webhook/circuit_breaker.h"

#include <catch2/catch.hpp>

namespace {

using std::chrono::seconds;

struct CircuitFixture {
  void Fail(int times) {
    for (int i = 0; i < times; i++) breaker.Note("a", true);
  }
  engine::TimePoint now = engine::TimePoint(seconds(1'800'000'000));
  engine::webhook::CircuitBreaker breaker{{3, seconds(30)}, [this] { return now; }};
};

TEST_CASE_METHOD(CircuitFixture, "the circuit opens at so many failures in a row", "[webhook][bounds]") {
  CHECK(breaker.MayCall("a"));
  Fail(2);
  CHECK(breaker.MayCall("a"));
  breaker.Note("a", false);
  Fail(2);
  CHECK(breaker.MayCall("a"));
  Fail(1);
  CHECK_FALSE(breaker.MayCall("a"));
  CHECK(breaker.MayCall("b"));
}

TEST_CASE_METHOD(CircuitFixture, "after the pause one call tries the server", "[webhook]") {
  Fail(3);
  now += seconds(29);
  CHECK_FALSE(breaker.MayCall("a"));
  now += seconds(1);
  CHECK(breaker.MayCall("a"));
  CHECK_FALSE(breaker.MayCall("a"));
  Fail(1);
  now += seconds(29);
  CHECK_FALSE(breaker.MayCall("a"));
  now += seconds(1);
  CHECK(breaker.MayCall("a"));
  breaker.Note("a", false);
  CHECK(breaker.MayCall("a"));
  CHECK(breaker.MayCall("a"));
}

TEST_CASE_METHOD(CircuitFixture, "a call of which nothing was heard again is followed by another", "[webhook]") {
  Fail(3);
  now += seconds(30);
  CHECK(breaker.MayCall("a"));
  now += seconds(30);
  CHECK(breaker.MayCall("a"));
}

TEST_CASE_METHOD(CircuitFixture, "a clock that is set back does not keep the circuit open", "[webhook]") {
  Fail(3);
  now -= seconds(3600);
  CHECK(breaker.MayCall("a"));
}

}  // namespace
