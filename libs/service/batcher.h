#ifndef CERTIFIER_SERVICE_BATCHER_H
#define CERTIFIER_SERVICE_BATCHER_H

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace service {

// How much a batcher takes and holds.
struct BatchBounds {
  std::size_t max_batch = 64;
  std::size_t max_queued = 1024;
  // Two batches begin at least this far apart, unless a whole one is queued before.
  std::chrono::milliseconds interval{0};
};

// Batcher hands what was queued to one thread, many items at a time: while one batch is being processed, and until the
// interval has passed or a whole batch is queued, the next one gathers. So a batch is one item, at once, when idle, and
// grows with the load.
template <class Item>
class Batcher {
 public:
  // `process` runs on the batcher's thread, also for what is left when the batcher is destroyed, and answers every
  // item.
  Batcher(const char* name, const BatchBounds& bounds, std::function<void(std::vector<Item>)> process)
      : bounds_(bounds), process_(std::move(process)), thread_([this, name] {
          pthread_setname_np(pthread_self(), name);
          Work();
        }) {}
  ~Batcher() { Stop(); }
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  // Stop processes what is queued, takes nothing more, and returns when the thread has ended. Not from that thread, and
  // not twice at once.
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    ready_.notify_all();
    whole_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  // Add queues `item` and moves from it, or returns false and leaves it alone if the queue is full or was stopped.
  [[nodiscard]] bool Add(Item& item) {
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_ || queue_.size() >= bounds_.max_queued) return false;
      queue_.push_back(std::move(item));
      if (queue_.size() == bounds_.max_batch) whole_.notify_one();
    }
    ready_.notify_one();
    return true;
  }

  std::size_t queued() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
  }

 private:
  void Work() {
    std::unique_lock lock(mutex_);
    auto next = std::chrono::steady_clock::now();
    while (true) {
      // Not on ready_: what gathers needs no wake-up for each item.
      whole_.wait_until(lock, next, [this] { return is_stopping_ || queue_.size() >= bounds_.max_batch; });
      ready_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      next = std::chrono::steady_clock::now() + bounds_.interval;
      const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), bounds_.max_batch));
      std::vector<Item> batch(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
      queue_.erase(queue_.begin(), end);
      lock.unlock();
      process_(std::move(batch));
      lock.lock();
    }
  }

  const BatchBounds bounds_;
  const std::function<void(std::vector<Item>)> process_;
  mutable std::mutex mutex_;  // Guards the two below.
  std::vector<Item> queue_;
  bool is_stopping_ = false;
  std::condition_variable ready_, whole_;
  std::thread thread_;
};

}  // namespace service

#endif  // CERTIFIER_SERVICE_BATCHER_H
