#include "background_task.h"

#include <pthread.h>

#include "service/log.h"

namespace engine {

namespace {

constexpr std::chrono::milliseconds kAfterException = std::chrono::seconds(5);

std::chrono::milliseconds RunOnce(const char* name, const std::function<std::chrono::milliseconds()>& run) {
  try {
    return run();
  } catch (const std::exception& exception) {
    service::LogError("task_exception", {{"task", name}, {"detail", exception.what()}});
    return kAfterException;
  }
}

}  // namespace

BackgroundTask::BackgroundTask(const char* name, std::function<std::chrono::milliseconds()> run)
    : run_(std::move(run)), thread_([this, name] { Loop(name); }) {}

BackgroundTask::~BackgroundTask() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BackgroundTask::Wake() {
  {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
  }
  changed_.notify_all();
}

void BackgroundTask::Loop(const char* name) {
  pthread_setname_np(pthread_self(), name);
  for (;;) {
    const auto delay = RunOnce(name, run_);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, delay, [this] { return is_woken_ || is_stopping_; });
    is_woken_ = false;
    if (is_stopping_) return;
  }
}

}  // namespace engine
