#ifndef CERTIFIER_SERVICE_WORKER_POOL_H
#define CERTIFIER_SERVICE_WORKER_POOL_H

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace service {

// WorkerPool runs tasks on a fixed number of threads behind a bounded queue. Tasks must not throw.
class WorkerPool {
 public:
  // `name` becomes the threads' name (at most 15 characters). Both numbers are at least 1.
  WorkerPool(const char* name, std::size_t threads, std::size_t max_queued);
  // Runs what is queued, then joins.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // TryRun queues `task`, or returns false and drops it if the queue is full or the pool is stopping.
  [[nodiscard]] bool TryRun(std::function<void()> task);
  // Run queues `task` past the bound: for the second half of work that was admitted already.
  void Run(std::function<void()> task);
  std::size_t queued() const;

 private:
  void Work(const char* name);
  mutable std::mutex mutex_;  // Guards the two below.
  std::deque<std::function<void()>> tasks_;
  bool is_stopping_ = false;
  std::condition_variable ready_;
  const std::size_t max_queued_;
  std::vector<std::thread> threads_;
};

}  // namespace service

#endif  // CERTIFIER_SERVICE_WORKER_POOL_H
