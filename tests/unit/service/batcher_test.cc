#include "service/batcher.h"

#include <catch2/catch.hpp>

namespace {

using service::BatchBounds;
using service::Batcher;
using namespace std::chrono_literals;

// Batches remembers how many items each batch had, and can hold the first one back.
class Batches {
 public:
  void Process(std::size_t items) {
    std::unique_lock lock(mutex_);
    sizes_.push_back(items);
    changed_.notify_all();
    changed_.wait(lock, [this] { return !is_held_; });
  }
  void Hold() { Set(true); }
  void Release() { Set(false); }
  // The sizes, once there are `count` batches.
  std::vector<std::size_t> WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, 10s, [&] { return sizes_.size() >= count; }));
    return sizes_;
  }

 private:
  void Set(bool is_held) {
    const std::lock_guard lock(mutex_);
    is_held_ = is_held;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> sizes_;
  bool is_held_ = false;
};

void AddMany(Batcher<int>& batcher, int count) {
  for (int item = 0; item < count; item++) REQUIRE(batcher.Add(item));
}

TEST_CASE("an idle batcher hands on one item at once", "[service][batcher]") {
  Batches batches;
  Batcher<int> batcher("test", {.interval = 60s}, [&](auto items) { batches.Process(items.size()); });
  AddMany(batcher, 1);
  CHECK(batches.WaitFor(1) == std::vector<std::size_t>{1});
}

TEST_CASE("what comes within the interval goes together", "[service][batcher]") {
  Batches batches;
  Batcher<int> batcher("test", {.interval = 500ms}, [&](auto items) { batches.Process(items.size()); });
  AddMany(batcher, 1);
  batches.WaitFor(1);
  AddMany(batcher, 20);
  CHECK(batches.WaitFor(2) == std::vector<std::size_t>{1, 20});
}

TEST_CASE("what comes while a batch is under way goes together, up to the bound", "[service][batcher]") {
  Batches batches;
  batches.Hold();
  Batcher<int> batcher("test", {.max_batch = 4}, [&](auto items) { batches.Process(items.size()); });
  AddMany(batcher, 1);
  batches.WaitFor(1);
  AddMany(batcher, 6);
  batches.Release();
  CHECK(batches.WaitFor(3) == std::vector<std::size_t>{1, 4, 2});
}

TEST_CASE("a full queue takes no item and leaves it alone", "[service][batcher]") {
  Batches batches;
  batches.Hold();
  Batcher<std::string> batcher("test", {.max_queued = 2}, [&](auto items) { batches.Process(items.size()); });
  std::string first = "first", second = "second", third = "third", refused = "refused";
  REQUIRE(batcher.Add(first));
  batches.WaitFor(1);
  REQUIRE(batcher.Add(second));
  REQUIRE(batcher.Add(third));
  CHECK_FALSE(batcher.Add(refused));
  CHECK(refused == "refused");
  batches.Release();
}

TEST_CASE("what is queued when the batcher ends is still handed on, without waiting", "[service][batcher]") {
  Batches batches;
  const auto begun = std::chrono::steady_clock::now();
  {
    Batcher<int> batcher("test", {.interval = 60s}, [&](auto items) { batches.Process(items.size()); });
    AddMany(batcher, 1);
    batches.WaitFor(1);
    AddMany(batcher, 3);
  }
  CHECK(batches.WaitFor(2) == std::vector<std::size_t>{1, 3});
  CHECK(std::chrono::steady_clock::now() - begun < 30s);
}

}  // namespace
