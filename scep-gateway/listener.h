#ifndef CERTIFIER_SCEP_GATEWAY_LISTENER_H
#define CERTIFIER_SCEP_GATEWAY_LISTENER_H

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "file_descriptor.h"
#include "result/result.h"

namespace gateway {

// Listener is one bound, listening, non-blocking TCP socket. Safe from any thread: all that changes is the kernel's.
class Listener {
 public:
  // Obstacle is why an address cannot be listened on.
  enum class Obstacle { kMalformed, kPortTaken, kNotPermitted, kNoSuchAddress, kOther };
  // Malformed for an address that is none; else unavailable, with the address in the detail.
  struct Refusal {
    Obstacle obstacle;
    result::Error error;
  };
  template <class T>
  using Expected = tl::expected<T, Refusal>;

  // Open binds "HOST:PORT" ("[::1]:8080" for IPv6, which then takes IPv6 only; port 0 takes a free one).
  static Expected<Listener> Open(std::string_view address, int backlog);
  // OpenBeside is Open where `own`, which listen already, may stand in the way: 127.0.0.1:8080 beside 0.0.0.0:8080.
  static Expected<Listener> OpenBeside(std::string_view address, int backlog,
                                       const std::vector<std::shared_ptr<const Listener>>& own);
  // Resolve is the address as `address()` would give it. It asks the resolver for a host that is a name.
  static Expected<std::string> Resolve(std::string_view address);

  struct Accepted {
    FileDescriptor socket;  // Non-blocking, close-on-exec, without Nagle's delay.
    std::string peer;       // Numeric address without a port.
  };
  enum class Failure { kNothingWaiting, kOutOfDescriptors };
  // Accept takes one connection; a connection that was reset while it waited is skipped.
  tl::expected<Accepted, Failure> Accept() const;

  // RefuseNew lets no further client begin a connection, while those that began one still come to Accept: between its
  // last Accept and its end a listener would otherwise lose whom the kernel let in. TakeNew undoes it.
  void RefuseNew() const;
  void TakeNew() const;

  int fd() const { return socket_.get(); }
  int port() const { return port_; }
  // "127.0.0.1:8080", "[::]:8080".
  const std::string& address() const { return address_; }

 private:
  Listener(FileDescriptor socket, int port, std::string address)
      : socket_(std::move(socket)), port_(port), address_(std::move(address)) {}
  FileDescriptor socket_;
  int port_;
  std::string address_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_LISTENER_H
