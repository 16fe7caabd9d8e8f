#include "store/postgres/directory_watcher.h"

#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <memory>

namespace engine::store {

namespace {

constexpr std::chrono::milliseconds kReconnectAfter{500};

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct FreeNotification {
  void operator()(PGnotify* notification) const { PQfreemem(notification); }
};

}  // namespace

DirectoryWatcher::DirectoryWatcher(const PostgresSettings& settings, std::function<void()> changed)
    : settings_(settings),
      changed_(std::move(changed)),
      wake_up_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { Watch(); }) {}

DirectoryWatcher::~DirectoryWatcher() {
  is_stopping_ = true;
  eventfd_write(wake_up_, 1);
  thread_.join();
  close(wake_up_);
}

void DirectoryWatcher::Watch() {
  pthread_setname_np(pthread_self(), "watcher");
  while (!is_stopping_) {
    WatchOneConnection();
    Wait(-1, kReconnectAfter);
  }
}

void DirectoryWatcher::WatchOneConnection() {
  const auto connection_string = settings_.ConnectionString();
  if (!connection_string) return;
  const std::unique_ptr<PGconn, Finish> connection(PQconnectdb(connection_string->c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) return;
  PGresult* const listening = PQexec(connection.get(), "LISTEN certifier_directory");
  const bool is_listening = PQresultStatus(listening) == PGRES_COMMAND_OK;
  PQclear(listening);
  // What changed before LISTEN is seen by this first call.
  while (is_listening && !is_stopping_) {
    changed_();
    Wait(PQsocket(connection.get()), settings_.watch_interval);
    if (PQconsumeInput(connection.get()) != 1) return;
    while (const std::unique_ptr<PGnotify, FreeNotification> notification{PQnotifies(connection.get())}) continue;
  }
}

void DirectoryWatcher::Wait(int socket, std::chrono::milliseconds timeout) const {
  pollfd polled[2] = {{wake_up_, POLLIN, 0}, {socket, POLLIN, 0}};
  poll(polled, 2, static_cast<int>(timeout.count()));
}

}  // namespace engine::store
