#ifndef CERTIFIER_ADMIN_SERVICE_WEB_TLS_SOCKET_H
#define CERTIFIER_ADMIN_SERVICE_WEB_TLS_SOCKET_H

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "pki/tls_server.h"
#include "result/result.h"

namespace web {

// Socket owns a file descriptor.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();
  int get() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

// Listen binds "HOST:PORT" or "[HOST]:PORT". Malformed for no address; unavailable where it is taken or not ours.
result::Result<Socket> Listen(const std::string& address);
int PortOf(const Socket& socket);

// TlsSocket is the server's end of a TLS connection, whose steps wait, on a socket that stays the caller's. Each fails
// as unavailable where the deadline passes or the connection breaks; then it is of no more use. Confined to one thread.
class TlsSocket {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // Accept shakes hands.
  static result::Result<TlsSocket> Accept(const pki::TlsServer& server, int socket, Deadline deadline);
  // Peer is the browser's certificate, as TlsConnection::Peer.
  std::optional<pki::PeerCertificate> Peer() const { return connection_.Peer(); }
  // Read waits for octets and appends them to `input`: false at the end of the connection.
  result::Result<bool> Read(std::string& input, Deadline deadline);
  result::Result<void> Write(std::string_view octets, Deadline deadline);
  // IsQuietUntil waits: false as soon as octets come, or the connection ends or breaks.
  bool IsQuietUntil(Deadline deadline);
  void Close() { connection_.Close(); }

 private:
  TlsSocket(pki::TlsConnection connection, int socket) : connection_(std::move(connection)), socket_(socket) {}
  pki::TlsConnection connection_;
  int socket_;
};

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_TLS_SOCKET_H
