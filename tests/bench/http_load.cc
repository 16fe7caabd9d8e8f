#include "http_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstring>
#include <optional>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

// Connection is one socket with at most one request in flight.
struct Connection {
  int socket = -1;
  sockaddr_in peer{};
  std::optional<std::size_t> index;  // Of the body in flight.
  std::string out;
  std::size_t sent = 0;
  std::string in;
  Clock::time_point start;
};

result::Result<sockaddr_in> Address(const std::string& target) {
  const auto colon = target.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  std::uint16_t port = 0;
  if (colon != std::string::npos) std::from_chars(target.data() + colon + 1, target.data() + target.size(), port);
  address.sin_port = htons(port);
  if (port == 0 || inet_pton(AF_INET, target.substr(0, colon).c_str(), &address.sin_addr) != 1) {
    return result::Fail(result::Reason::kMalformed, "not an IPv4 address and port: " + target);
  }
  return address;
}

bool Open(Connection& connection) {
  connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr address{};
  static_assert(sizeof address == sizeof connection.peer);
  std::memcpy(&address, &connection.peer, sizeof address);
  return ::connect(connection.socket, &address, sizeof address) == 0;
}

// Load is one run over all bodies.
class Load {
 public:
  Load(const LoadPlan& plan, const std::vector<const std::string*>& bodies)
      : plan_(plan), bodies_(bodies), exchanges_(bodies.size()) {}

  result::Result<std::vector<Exchange>> Run() {
    connections_.resize(std::min(plan_.connections, bodies_.size()));
    for (std::size_t i = 0; i < connections_.size(); i++) {
      ASSIGN_OR_RETURN(connections_[i].peer, Address(plan_.targets[i % plan_.targets.size()]));
      if (!Open(connections_[i])) return result::Fail(result::Reason::kUnavailable, "cannot connect to the gateway");
    }
    for (auto& connection : connections_) Next(connection);
    std::vector<pollfd> polled(connections_.size());
    while (done_ < bodies_.size()) {
      for (std::size_t i = 0; i < polled.size(); i++) {
        const auto& connection = connections_[i];
        polled[i].fd = connection.index ? connection.socket : -1;
        polled[i].events = static_cast<short>(connection.sent < connection.out.size() ? POLLOUT : POLLIN);
      }
      if (::poll(polled.data(), polled.size(), 30000) <= 0) break;
      for (std::size_t i = 0; i < polled.size(); i++) {
        if (polled[i].fd >= 0 && polled[i].revents != 0) Move(connections_[i]);
      }
    }
    for (const auto& connection : connections_) ::close(connection.socket);
    return std::move(exchanges_);
  }

 private:
  void Next(Connection& connection) {
    connection.index.reset();
    if (next_ == bodies_.size()) return;
    connection.index = next_++;
    const std::string& body = *bodies_[*connection.index];
    connection.out = "POST " + plan_.path + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-pki-message\r\n" +
                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    connection.sent = 0;
    connection.in.clear();
    connection.start = Clock::now();
    Move(connection);
  }

  void Move(Connection& connection) {
    if (connection.sent < connection.out.size()) {
      const auto n = ::send(connection.socket, connection.out.data() + connection.sent,
                            connection.out.size() - connection.sent, MSG_NOSIGNAL);
      if (n <= 0) return Finish(connection, 0, "");
      connection.sent += static_cast<std::size_t>(n);
      return;
    }
    char buffer[16384];
    const auto n = ::recv(connection.socket, buffer, sizeof buffer, 0);
    if (n <= 0) return Finish(connection, 0, "");
    connection.in.append(buffer, static_cast<std::size_t>(n));
    TryFinish(connection);
  }

  void TryFinish(Connection& connection) {
    const auto head_end = connection.in.find("\r\n\r\n");
    if (head_end == std::string::npos) return;
    static constexpr std::string_view kLength = "Content-Length: ";
    const auto at = connection.in.find(kLength);
    std::size_t length = 0;
    if (at == std::string::npos || at > head_end) return Finish(connection, 0, "");
    std::from_chars(connection.in.data() + at + kLength.size(), connection.in.data() + head_end, length);
    if (connection.in.size() < head_end + 4 + length) return;
    int status = 0;
    std::from_chars(connection.in.data() + 9, connection.in.data() + 12, status);
    Finish(connection, status, connection.in.substr(head_end + 4, length));
  }

  void Finish(Connection& connection, int status, std::string body) {
    auto& exchange = exchanges_[*connection.index];
    exchange = {status, std::chrono::duration<double>(Clock::now() - connection.start).count(), std::move(body)};
    done_++;
    if (status == 0) {
      ::close(connection.socket);
      if (!Open(connection)) {
        connection.index.reset();
        return;
      }
    }
    Next(connection);
  }

  const LoadPlan& plan_;
  const std::vector<const std::string*>& bodies_;
  std::vector<Exchange> exchanges_;
  std::vector<Connection> connections_;
  std::size_t next_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

result::Result<std::vector<Exchange>> PostAll(const LoadPlan& plan, const std::vector<const std::string*>& bodies) {
  return Load(plan, bodies).Run();
}

}  // namespace bench
