#ifndef CERTIFIER_SERVICE_WORKER_POOL_H
#define CERTIFIER_SERVICE_WORKER_POOL_H

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace service {

// QueueTimeout is how long a task may wait for a thread.
struct QueueTimeout {
  std::chrono::milliseconds longest{0};  // 0: any time.
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

// WorkerPool runs tasks on a fixed number of threads behind a bounded queue. Tasks must not throw.
class WorkerPool {
 public:
  // `name` becomes the threads' name (at most 15 characters). Both numbers are at least 1.
  WorkerPool(const char* name, std::size_t threads, std::size_t max_queued, QueueTimeout timeout = {});
  // Runs what is queued, then joins.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // TryRun queues `task`, or returns false and drops it if the queue is full or the pool is stopping. Where `late` is
  // given it runs instead, once a thread is free, if the task has waited longer than the pool's time-out.
  [[nodiscard]] bool TryRun(std::function<void()> task, std::function<void()> late = {});
  // Run queues `task` past both bounds: for the second half of work that was admitted already.
  void Run(std::function<void()> task);
  std::size_t queued() const;

 private:
  struct Waiting {
    std::function<void()> task, late;
    std::chrono::steady_clock::time_point since;
  };
  void Work(const char* name);
  bool IsLate(const Waiting& waiting) const;
  mutable std::mutex mutex_;  // Guards the two below.
  std::deque<Waiting> tasks_;
  bool is_stopping_ = false;
  std::condition_variable ready_;
  const std::size_t max_queued_;
  const QueueTimeout timeout_;
  std::vector<std::thread> threads_;
};

}  // namespace service

#endif  // CERTIFIER_SERVICE_WORKER_POOL_H
