#include "service/origin.h"

#include <catch2/catch.hpp>
#include <thread>

using namespace service;

TEST_CASE("an origin is current within its scope, on its thread", "[service][origin]") {
  CHECK(CurrentOrigin().actor.empty());
  {
    const OriginScope outer({"alice", "192.0.2.1"});
    {
      const OriginScope inner({"bob", "192.0.2.2"});
      CHECK(CurrentOrigin().actor == "bob");
      std::string of_another = "unset";
      std::thread([&] { of_another = CurrentOrigin().actor; }).join();
      CHECK(of_another.empty());
    }
    CHECK(CurrentOrigin().actor == "alice");
    CHECK(CurrentOrigin().source == "192.0.2.1");
  }
  CHECK(CurrentOrigin().actor.empty());
}
