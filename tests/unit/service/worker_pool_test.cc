#include "service/worker_pool.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <optional>

using service::WorkerPool;

namespace {

// Gate holds a task until it is opened.
class Gate {
 public:
  void Open() { opened_.set_value(); }
  // Task tells when it has begun and waits for the gate.
  std::function<void()> Task() {
    return [this] {
      begun_.set_value();
      opened_.get_future().wait();
    };
  }
  void AwaitBegun() { begun_.get_future().wait(); }

 private:
  std::promise<void> begun_, opened_;
};

// BusyPool has one thread, which is busy until the gate is opened, and room for two tasks.
struct BusyPool {
  BusyPool() {
    pool.emplace("test", 1, 2);
    REQUIRE(pool->TryRun(gate.Task()));
    gate.AwaitBegun();
  }
  Gate gate;
  std::vector<int> done;  // Written by the one worker; read when it is joined.
  std::optional<WorkerPool> pool;

  std::function<void()> Note(int number) {
    return [this, number] { done.push_back(number); };
  }
};

}  // namespace

TEST_CASE_METHOD(BusyPool, "a full queue refuses, and what it took runs in order", "[worker_pool]") {
  CHECK(pool->TryRun(Note(1)));
  CHECK(pool->TryRun(Note(2)));
  CHECK_FALSE(pool->TryRun(Note(3)));
  CHECK(pool->queued() == 2);
  gate.Open();
  pool.reset();
  CHECK(done == std::vector<int>{1, 2});
}

TEST_CASE_METHOD(BusyPool, "the second half of admitted work passes the bound", "[worker_pool]") {
  CHECK(pool->TryRun(Note(1)));
  CHECK(pool->TryRun(Note(2)));
  pool->Run(Note(3));
  CHECK(pool->queued() == 3);
  gate.Open();
  pool.reset();
  CHECK(done == std::vector<int>{1, 2, 3});
}

TEST_CASE_METHOD(BusyPool, "there is room again once a task was taken", "[worker_pool]") {
  std::promise<void> taken;
  CHECK(pool->TryRun([&taken] { taken.set_value(); }));
  gate.Open();
  taken.get_future().wait();
  CHECK(pool->TryRun(Note(1)));
  CHECK(pool->TryRun([] {}));
  pool.reset();
  CHECK(done == std::vector<int>{1});
}

TEST_CASE_METHOD(BusyPool, "work that is begun while the pool stops is finished", "[worker_pool]") {
  CHECK(pool->TryRun([this] { pool->Run(Note(1)); }));
  gate.Open();
  pool.reset();
  CHECK(done == std::vector<int>{1});
}

TEST_CASE("what waited longer than the time-out is told so instead of running", "[worker_pool]") {
  std::atomic<std::chrono::steady_clock::time_point> now{};
  const std::chrono::milliseconds longest(500);
  Gate gate;
  std::vector<std::string> done;  // Written by the one worker; read when it is joined.
  const auto note = [&done](const char* what) { return [&done, what] { done.emplace_back(what); }; };
  {
    WorkerPool pool("test", 1, 4, {longest, [&now] { return now.load(); }});
    REQUIRE(pool.TryRun(gate.Task(), note("never")));
    gate.AwaitBegun();
    REQUIRE(pool.TryRun(note("too long"), note("late")));
    now = now.load() + std::chrono::nanoseconds(1);
    REQUIRE(pool.TryRun(note("in time"), note("never")));
    REQUIRE(pool.TryRun(note("patient")));
    pool.Run(note("second half"));
    now = now.load() + longest;
    gate.Open();
  }
  CHECK(done == std::vector<std::string>{"late", "in time", "patient", "second half"});
}

TEST_CASE("without a time-out nothing is late", "[worker_pool]") {
  std::atomic<std::chrono::steady_clock::time_point> now{};
  Gate gate;
  bool was_run = false, was_late = false;
  {
    WorkerPool pool("test", 1, 1, {std::chrono::milliseconds(0), [&now] { return now.load(); }});
    REQUIRE(pool.TryRun(gate.Task()));
    gate.AwaitBegun();
    REQUIRE(pool.TryRun([&] { was_run = true; }, [&] { was_late = true; }));
    now = now.load() + std::chrono::hours(1000);
    gate.Open();
  }
  CHECK(was_run);
  CHECK_FALSE(was_late);
}

TEST_CASE("a pool that is stopping takes nothing new", "[worker_pool]") {
  std::atomic<bool> was_refused = false;
  {
    WorkerPool pool("test", 1, 1'000'000);
    CHECK(pool.TryRun([&] {
      while (pool.TryRun([] {})) std::this_thread::yield();
      was_refused = pool.queued() < 1'000'000;
    }));
  }
  CHECK(was_refused);
}

TEST_CASE("tasks run on all threads at once", "[worker_pool]") {
  Gate first, second;
  WorkerPool pool("test", 2, 2);
  CHECK(pool.TryRun(first.Task()));
  CHECK(pool.TryRun(second.Task()));
  first.AwaitBegun();
  second.AwaitBegun();
  CHECK(pool.queued() == 0);
  first.Open();
  second.Open();
}

TEST_CASE("what a task holds may use the pool as it goes", "[worker_pool]") {
  std::atomic<bool> is_gone = false;
  {
    WorkerPool pool("test", 1, 2);
    const auto use = [&](int*) { is_gone = pool.queued() == 0; };
    static int nothing;
    CHECK(pool.TryRun([held = std::shared_ptr<int>(&nothing, use)] {}));
  }
  CHECK(is_gone);
}
