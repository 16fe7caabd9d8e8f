#ifndef CERTIFIER_SCEP_GATEWAY_LISTENER_H
#define CERTIFIER_SCEP_GATEWAY_LISTENER_H

#include <optional>
#include <string>
#include <string_view>

#include "file_descriptor.h"
#include "result/result.h"

namespace gateway {

// Listener is one bound, listening, non-blocking TCP socket.
class Listener {
 public:
  // Open binds "HOST:PORT" ("[::1]:8080" for IPv6, which then takes IPv6 only; port 0 takes a free one). Malformed for
  // an address that is none; unavailable with the address in the detail if it is taken or not this machine's.
  static result::Result<Listener> Open(std::string_view address, int backlog);

  struct Accepted {
    FileDescriptor socket;  // Non-blocking, close-on-exec, without Nagle's delay.
    std::string peer;       // Numeric address without a port.
  };
  enum class Failure { kNothingWaiting, kOutOfDescriptors };
  // Accept takes one connection; a connection that was reset while it waited is skipped.
  tl::expected<Accepted, Failure> Accept() const;

  int fd() const { return socket_.get(); }
  int port() const { return port_; }

 private:
  Listener(FileDescriptor socket, int port) : socket_(std::move(socket)), port_(port) {}
  FileDescriptor socket_;
  int port_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_LISTENER_H
