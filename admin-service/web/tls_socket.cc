#include "web/tls_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace web {

namespace {

using Progress = pki::TlsConnection::Progress;
using result::Reason;

constexpr int kBacklog = 128;
constexpr std::size_t kReadOctets = 16 << 10;
constexpr std::int64_t kLongestWait = 60'000;  // In milliseconds, of one poll.

result::Result<void> WaitFor(int socket, Progress wanted, TlsSocket::Deadline deadline) {
  if (wanted != Progress::kWantsRead && wanted != Progress::kWantsWrite) {
    return result::Fail(Reason::kUnavailable, "the connection broke");
  }
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return result::Fail(Reason::kUnavailable, "the peer took too long");
    pollfd waiting{socket, static_cast<short>(wanted == Progress::kWantsRead ? POLLIN : POLLOUT), 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left.count(), kLongestWait)));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return result::Fail(Reason::kUnavailable, "the connection broke");
  }
}

result::Result<Socket> Bind(const addrinfo& address) {
  Socket socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address.ai_family == AF_INET6) setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind(socket.get(), address.ai_addr, address.ai_addrlen) != 0 || listen(socket.get(), kBacklog) != 0) {
    return result::Fail(Reason::kUnavailable, "");
  }
  return socket;
}

}  // namespace

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

result::Result<Socket> Listen(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return result::Fail(Reason::kMalformed, address + " is not HOST:PORT");
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found) != 0) {
    return result::Fail(Reason::kMalformed, address + " is not HOST:PORT");
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    if (auto socket = Bind(*one)) return socket;
  }
  return result::Fail(Reason::kUnavailable, "cannot listen on " + address + "; is the port taken?");
}

int PortOf(const Socket& socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  std::array<char, NI_MAXSERV> port{};
  if (getnameinfo(reinterpret_cast<sockaddr*>(&address), length, nullptr, 0, port.data(), port.size(),
                  NI_NUMERICSERV) != 0) {
    return 0;
  }
  return std::atoi(port.data());
}

result::Result<TlsSocket> TlsSocket::Accept(const pki::TlsServer& server, int socket, Deadline deadline) {
  ASSIGN_OR_RETURN(auto connection, server.Connect(socket));
  TlsSocket accepted(std::move(connection), socket);
  while (true) {
    const Progress progress = accepted.connection_.Shake();
    if (progress == Progress::kDone) return accepted;
    RETURN_IF_ERROR(WaitFor(socket, progress, deadline));
  }
}

result::Result<bool> TlsSocket::Read(std::string& input, Deadline deadline) {
  std::array<char, kReadOctets> buffer{};
  while (true) {
    std::size_t count = 0;
    const Progress progress = connection_.Read(buffer.data(), buffer.size(), count);
    if (progress == Progress::kEnded) return false;
    if (progress == Progress::kDone) {
      input.append(buffer.data(), count);
      return true;
    }
    RETURN_IF_ERROR(WaitFor(socket_, progress, deadline));
  }
}

bool TlsSocket::IsQuietUntil(Deadline deadline) {
  std::string octets;
  return !Read(octets, deadline) && std::chrono::steady_clock::now() >= deadline;
}

result::Result<void> TlsSocket::Write(std::string_view octets, Deadline deadline) {
  while (!octets.empty()) {
    std::size_t count = 0;
    const Progress progress = connection_.Write(octets, count);
    if (progress == Progress::kDone) {
      octets.remove_prefix(count);
    } else {
      RETURN_IF_ERROR(WaitFor(socket_, progress, deadline));
    }
  }
  return {};
}

}  // namespace web
