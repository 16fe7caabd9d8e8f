#include "rpc/source_calls.h"

#include <catch2/catch.hpp>

namespace admin {
namespace {

TEST_CASE("a source has so many places, and gets one back when a call ends", "[admin][source-calls]") {
  SourceCalls calls(2);
  auto first = calls.Enter("192.0.2.1");
  const auto second = calls.Enter("192.0.2.1");
  CHECK(first != nullptr);
  CHECK(second != nullptr);
  CHECK(calls.Enter("192.0.2.1") == nullptr);
  CHECK(calls.Enter("192.0.2.2") != nullptr);
  first.reset();
  CHECK(calls.Enter("192.0.2.1") != nullptr);
}

TEST_CASE("the addresses of one IPv6 site are one source", "[admin][source-calls]") {
  SourceCalls calls(1);
  const auto held = calls.Enter("2001:db8::1");
  CHECK(calls.Enter("2001:db8::2") == nullptr);
  CHECK(calls.Enter("2001:db8:0:1::1") != nullptr);
}

TEST_CASE("a place may outlive what counts it", "[admin][source-calls]") {
  SourceCalls::Place place;
  {
    SourceCalls calls(1);
    place = calls.Enter("192.0.2.1");
  }
  CHECK(place != nullptr);
}

}  // namespace
}  // namespace admin
