#ifndef CERTIFIER_SCEP_GATEWAY_MAILBOX_H
#define CERTIFIER_SCEP_GATEWAY_MAILBOX_H

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "file_descriptor.h"
#include "http_message.h"
#include "listener.h"
#include "result/result.h"

namespace gateway {

// Mailbox carries answers and orders from any thread to the event loop, which its descriptor wakes. It is shared, so
// that a late answer finds it even after the server is gone.
class Mailbox {
 public:
  struct Answer {
    std::uint64_t connection = 0;
    HttpResponse response;
  };

  using Listeners = std::vector<std::shared_ptr<const Listener>>;

  // Unavailable if the process is out of descriptors.
  static result::Result<std::shared_ptr<Mailbox>> Open();

  void Post(Answer answer);
  // Serve asks the loop to listen on these from now on, and on no others.
  void Serve(Listeners listeners);
  // Drain asks the loop to take nothing new and to end when all is answered; Stop to end at once.
  void Drain();
  void Stop();

  // For the loop: take what was posted since, and reset the wake-up.
  std::vector<Answer> Take();
  // The newest of what Serve asked for; nothing if there was nothing since.
  std::optional<Listeners> TakeListeners();
  bool is_draining() const { return is_draining_; }
  bool is_stopping() const { return is_stopping_; }
  int fd() const { return wake_.get(); }

 private:
  explicit Mailbox(FileDescriptor wake) : wake_(std::move(wake)) {}
  void Wake();
  FileDescriptor wake_;
  std::mutex mutex_;  // Guards the two below.
  std::vector<Answer> answers_;
  std::optional<Listeners> listeners_;
  std::atomic<bool> is_draining_ = false, is_stopping_ = false;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_MAILBOX_H
