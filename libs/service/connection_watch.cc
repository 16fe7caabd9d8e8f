#include "service/connection_watch.h"

#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace service {

namespace {

constexpr std::chrono::milliseconds kInterval{20};

// End wakes up who reads or writes, and has the connection reset when it is closed: a peer that writes without end
// would hold it for a minute otherwise.
void End(int socket) {
  const linger at_once{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  shutdown(socket, SHUT_RDWR);
}

// OctetsReceived is what has come on `socket` so far, read or not; 0 where the kernel does not say.
std::uint64_t OctetsReceived(int socket) {
  tcp_info info{};
  socklen_t length = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return 0;
  return info.tcpi_bytes_received;
}

}  // namespace

ConnectionWatch::ConnectionWatch(std::chrono::milliseconds timeout, std::uint64_t max_octets)
    : deadline_(std::chrono::steady_clock::now() + timeout), max_octets_(max_octets), thread_([this] { Watch(); }) {}

ConnectionWatch::~ConnectionWatch() {
  Finish();
}

void ConnectionWatch::Follow(int socket) {
  const std::lock_guard lock(mutex_);
  Drop();
  socket_ = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  octets_before_ = OctetsReceived(socket_);
}

ConnectionWatch::Verdict ConnectionWatch::Finish() {
  {
    const std::lock_guard lock(mutex_);
    is_finished_ = true;
  }
  is_over_.notify_all();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  Drop();
  return verdict_;
}

void ConnectionWatch::Watch() {
  std::unique_lock lock(mutex_);
  while (!is_over_.wait_for(lock, kInterval, [this] { return is_finished_; })) {
    if (verdict_ == Verdict::kInBounds) verdict_ = Judge();
    // Again and again: the owner may open another connection when it loses one.
    if (verdict_ != Verdict::kInBounds && socket_ >= 0) End(socket_);
  }
}

ConnectionWatch::Verdict ConnectionWatch::Judge() const {
  if (std::chrono::steady_clock::now() >= deadline_) return Verdict::kLate;
  const bool is_too_much = socket_ >= 0 && OctetsReceived(socket_) - octets_before_ > max_octets_;
  return is_too_much ? Verdict::kTooMuch : Verdict::kInBounds;
}

void ConnectionWatch::Drop() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

}  // namespace service
