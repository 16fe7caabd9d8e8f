#ifndef CERTIFIER_SERVICE_CONNECTION_WATCH_H
#define CERTIFIER_SERVICE_CONNECTION_WATCH_H

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace service {

// ConnectionWatch ends a TCP connection from outside, once its time is up or once it has brought too many octets. It is
// for an HTTP library that bounds neither: its time-outs begin anew with each octet, and its header has no end.
class ConnectionWatch {
 public:
  enum class Verdict { kInBounds, kLate, kTooMuch };

  ConnectionWatch(std::chrono::milliseconds timeout, std::uint64_t max_octets);
  ~ConnectionWatch();
  ConnectionWatch(const ConnectionWatch&) = delete;
  ConnectionWatch& operator=(const ConnectionWatch&) = delete;

  // Follow watches `socket`, which its owner may close at any time, in place of the one before. What it has brought
  // so far does not count.
  void Follow(int socket);
  // Finish stops watching, and tells whether the connection was ended and why.
  Verdict Finish();

 private:
  void Watch();
  // Judge and Drop are called with the mutex held.
  Verdict Judge() const;
  void Drop();

  const std::chrono::steady_clock::time_point deadline_;
  const std::uint64_t max_octets_;
  std::mutex mutex_;  // Guards what follows but the thread.
  std::condition_variable is_over_;
  bool is_finished_ = false;
  int socket_ = -1;  // A duplicate of our own.
  std::uint64_t octets_before_ = 0;
  Verdict verdict_ = Verdict::kInBounds;
  std::thread thread_;
};

}  // namespace service

#endif  // CERTIFIER_SERVICE_CONNECTION_WATCH_H
