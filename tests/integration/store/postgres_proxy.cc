#include "postgres_proxy.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace store_test {

namespace {

// The tag of CommandComplete, with its terminator.
constexpr std::string_view kCommitted("COMMIT\0", 7);

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) throw std::runtime_error("too long for a socket: " + path);
  path.copy(address.sun_path, path.size());
  return address;
}

int Socket() {
  return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

// Where "host=DIRECTORY user=..." leads.
std::string SocketOf(const std::string& connection) {
  const auto begin = connection.find("host=") + 5;
  return connection.substr(begin, connection.find(' ', begin) - begin) + "/.s.PGSQL.5432";
}

constexpr std::size_t kHeaderOctets = 5;
constexpr char kReadyForQuery = 'Z';

}  // namespace

std::size_t RoundTripCounter::Read(std::string_view octets) {
  std::size_t ended = 0;
  while (!octets.empty()) {
    if (to_skip_ > 0) {
      const std::size_t size = std::min(to_skip_, octets.size());
      octets.remove_prefix(size);
      to_skip_ -= size;
      continue;
    }
    header_ += octets.front();
    octets.remove_prefix(1);
    if (header_.size() < kHeaderOctets) continue;
    std::size_t length = 0;  // Of itself and of what follows it.
    for (const char octet : header_.substr(1)) length = length << 8 | static_cast<unsigned char>(octet);
    to_skip_ = length - (kHeaderOctets - 1);
    ended += header_[0] == kReadyForQuery ? 1u : 0u;
    header_.clear();
  }
  return ended;
}

PostgresProxy::PostgresProxy(const std::string& connection)
    : connection_(connection), wake_up_(eventfd(0, EFD_CLOEXEC)), listener_(Socket()) {
  const sockaddr_un address = AddressOf(directory_.path().string() + "/.s.PGSQL.5432");
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener_, 16) != 0) {
    throw std::runtime_error("cannot listen in " + directory_.path().string());
  }
  thread_ = std::thread([this] { Work(); });
}

PostgresProxy::~PostgresProxy() {
  eventfd_write(wake_up_, 1);
  thread_.join();
  for (const Pair& pair : pairs_) {
    close(pair.client);
    close(pair.server);
  }
  close(listener_);
  close(wake_up_);
}

engine::store::PostgresSettings PostgresProxy::Settings() const {
  engine::store::PostgresSettings settings;
  settings.connection = "host=" + directory_.path().string() + connection_.substr(connection_.find(" user="));
  return settings;
}

void PostgresProxy::Work() {
  while (true) {
    std::vector<pollfd> polled = {{wake_up_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      polled.push_back({pair.client, POLLIN, 0});
      polled.push_back({pair.server, POLLIN, 0});
    }
    poll(polled.data(), polled.size(), -1);
    if (polled[0].revents != 0) return;
    std::vector<Pair> remaining;
    for (std::size_t i = 0; i < pairs_.size(); i++) {
      const bool is_alive = (polled[2 + 2 * i].revents == 0 || Pass(pairs_[i], false)) &&
                            (polled[3 + 2 * i].revents == 0 || Pass(pairs_[i], true));
      if (is_alive) {
        remaining.push_back(pairs_[i]);
      } else {
        close(pairs_[i].client);
        close(pairs_[i].server);
      }
    }
    pairs_ = std::move(remaining);
    if (polled[1].revents != 0) Accept();
  }
}

void PostgresProxy::Accept() {
  const Pair pair = {accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), Socket(), {}};
  const sockaddr_un address = AddressOf(SocketOf(connection_));
  if (connect(pair.server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    pairs_.push_back(pair);
  } else {
    close(pair.client);
    close(pair.server);
  }
}

bool PostgresProxy::Pass(Pair& pair, bool is_from_server) {
  std::array<char, 65536> buffer;
  const ssize_t size = recv(is_from_server ? pair.server : pair.client, buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  std::string_view octets(buffer.data(), static_cast<std::size_t>(size));
  if (is_from_server && is_armed_ && octets.find(kCommitted) != std::string_view::npos) {
    is_armed_ = false;
    return false;
  }
  // Before it is passed on: who has an answer finds it counted.
  if (is_from_server) round_trips_ += pair.counter.Read(octets);
  const int to = is_from_server ? pair.client : pair.server;
  while (!octets.empty()) {
    const ssize_t sent = send(to, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace store_test
