#include "service/worker_pool.h"

#include <pthread.h>

#include <algorithm>

namespace service {

WorkerPool::WorkerPool(const char* name, std::size_t threads, std::size_t max_queued, QueueTimeout timeout)
    : max_queued_(max_queued), timeout_(std::move(timeout)) {
  for (std::size_t i = 0; i < std::max<std::size_t>(1, threads); i++) {
    threads_.emplace_back([this, name] { Work(name); });
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool WorkerPool::TryRun(std::function<void()> task, std::function<void()> late) {
  Waiting waiting{std::move(task), std::move(late), {}};
  if (waiting.late) waiting.since = timeout_.now();
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_ || tasks_.size() >= max_queued_) return false;
    tasks_.push_back(std::move(waiting));
  }
  ready_.notify_one();
  return true;
}

void WorkerPool::Run(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back({std::move(task), {}, {}});
  }
  ready_.notify_one();
}

std::size_t WorkerPool::queued() const {
  const std::lock_guard lock(mutex_);
  return tasks_.size();
}

bool WorkerPool::IsLate(const Waiting& waiting) const {
  return waiting.late && timeout_.longest.count() > 0 && timeout_.now() - waiting.since > timeout_.longest;
}

void WorkerPool::Work(const char* name) {
  pthread_setname_np(pthread_self(), name);
  std::unique_lock lock(mutex_);
  while (true) {
    ready_.wait(lock, [this] { return is_stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    Waiting next = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    (IsLate(next) ? next.late : next.task)();
    next = {};  // What it holds may use this pool as it goes.
    lock.lock();
  }
}

}  // namespace service
