#include "service/scheduling.h"

#include <sched.h>

#include <catch2/catch.hpp>
#include <thread>

TEST_CASE("batch scheduling holds for the thread that asks and for those that it starts", "[service][scheduling]") {
  int own = -1;
  int started = -1;
  std::thread([&] {
    service::UseBatchScheduling();
    own = sched_getscheduler(0);
    std::thread([&] { started = sched_getscheduler(0); }).join();
  }).join();
  CHECK(own == SCHED_BATCH);
  CHECK(started == SCHED_BATCH);
}
