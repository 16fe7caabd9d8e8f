#ifndef CERTIFIER_ENGINE_BACKGROUND_TASK_H
#define CERTIFIER_ENGINE_BACKGROUND_TASK_H

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace engine {

// BackgroundTask runs one job on a thread of its own, again and again.
class BackgroundTask {
 public:
  // `run` says how long to wait until the next time. It is called at once; an exception of it is logged and waited out.
  BackgroundTask(const char* name, std::function<std::chrono::milliseconds()> run);
  // Waits for a run that is under way.
  ~BackgroundTask();
  BackgroundTask(const BackgroundTask&) = delete;
  BackgroundTask& operator=(const BackgroundTask&) = delete;

  // Wake lets the next run begin at once, or again right after the one under way. Safe from any thread.
  void Wake();

 private:
  void Loop(const char* name);
  const std::function<std::chrono::milliseconds()> run_;
  std::mutex mutex_;  // Guards the two below.
  bool is_woken_ = false;
  bool is_stopping_ = false;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace engine

#endif  // CERTIFIER_ENGINE_BACKGROUND_TASK_H
