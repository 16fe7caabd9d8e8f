#ifndef CERTIFIER_SCEP_GATEWAY_CONNECTION_H
#define CERTIFIER_SCEP_GATEWAY_CONNECTION_H

#include <cstdint>
#include <memory>
#include <string>

#include "file_descriptor.h"
#include "request_reader.h"

namespace gateway {

// Connection is one client's socket with what was read of its request and what is still to be written. It never blocks,
// and it decides nothing: the event loop does. Confined to the loop's thread.
class Connection {
 public:
  enum class State {
    kReading,    // A request, or its first octet.
    kHandling,   // A complete request is with the handler.
    kWriting,    // An answer is not all sent.
    kLingering,  // Answered and half closed; what still comes is thrown away, so that no reset overtakes the answer.
  };
  enum class Io { kProgress, kBlocked, kGone };

  Connection(FileDescriptor socket, std::string peer, RequestReader reader)
      : socket_(std::move(socket)), peer_(std::move(peer)), reader_(std::move(reader)) {}

  // Receive reads once into the reader (kReading) or away (kLingering), at most `capacity` octets by way of `scratch`.
  Io Receive(char* scratch, std::size_t capacity);
  // Queue appends octets to send; Send sends until all is out (kProgress), the peer's window is full or it is gone.
  void Queue(std::string octets);
  // QueueShared appends octets that others send too; nothing may be queued behind them before they are sent.
  void QueueShared(std::shared_ptr<const std::string> octets) { shared_output_ = std::move(octets); }
  Io Send();
  // Linger closes our side and keeps reading.
  void Linger();

  int fd() const { return socket_.get(); }
  const std::string& peer() const { return peer_; }
  RequestReader& reader() { return reader_; }
  // Octets thrown away while lingering.
  std::size_t discarded() const { return discarded_; }

  State state = State::kReading;
  std::uint64_t listener = 0;  // The loop's number of the one that it came by.
  std::uint32_t interest = 0;  // What epoll watches.
  bool closes = false;         // After this answer.
  bool was_refused = false;    // Unread octets may follow, so close by lingering.
  bool omits_body = false;     // HEAD.
  bool has_answered = false;   // At least one request, so that silence is keep-alive.
  std::size_t charged = 0;     // Octets of the server's buffer bound that this connection holds.

 private:
  std::string_view Unsent() const;
  FileDescriptor socket_;
  std::string peer_;
  RequestReader reader_;
  std::string output_;
  std::shared_ptr<const std::string> shared_output_;  // Behind `output_`; null: nothing.
  std::size_t sent_ = 0;                              // Of both together.
  std::size_t discarded_ = 0;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_CONNECTION_H
