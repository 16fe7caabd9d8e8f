#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_DIRECTORY_WATCHER_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_DIRECTORY_WATCHER_H

#include <atomic>
#include <functional>
#include <thread>

#include "store/postgres/settings.h"

namespace engine::store {

// DirectoryWatcher calls back when any engine changed CAs or policies, on every connection made, and at least each
// watch_interval, on a thread and a connection of its own.
class DirectoryWatcher {
 public:
  DirectoryWatcher(const PostgresSettings& settings, std::function<void()> changed);
  // Returns when no call is under way any more.
  ~DirectoryWatcher();
  DirectoryWatcher(const DirectoryWatcher&) = delete;
  DirectoryWatcher& operator=(const DirectoryWatcher&) = delete;

 private:
  void Watch();
  void WatchOneConnection();
  // Waits for `socket` to be readable (or nothing, if negative), for the end, or for `timeout`.
  void Wait(int socket, std::chrono::milliseconds timeout) const;

  const PostgresSettings settings_;
  const std::function<void()> changed_;
  std::atomic<bool> is_stopping_{false};
  int wake_up_;  // An eventfd, readable from the moment of stopping.
  std::thread thread_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_DIRECTORY_WATCHER_H
