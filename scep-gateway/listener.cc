#include "listener.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace gateway {
namespace {

using Obstacle = Listener::Obstacle;
using result::Reason;

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

tl::unexpected<Listener::Refusal> Refuse(Obstacle obstacle, Reason reason, std::string_view address,
                                         std::string_view why) {
  return tl::unexpected(Listener::Refusal{obstacle, {reason, std::string(address) + ": " + std::string(why)}});
}

tl::unexpected<Listener::Refusal> RefuseFor(int error, std::string_view address) {
  const auto refuse = [&](Obstacle obstacle) {
    return Refuse(obstacle, Reason::kUnavailable, address, std::generic_category().message(error));
  };
  if (error == EADDRINUSE) return refuse(Obstacle::kPortTaken);
  if (error == EACCES || error == EPERM) return refuse(Obstacle::kNotPermitted);
  if (error == EADDRNOTAVAIL || error == EAFNOSUPPORT) return refuse(Obstacle::kNoSuchAddress);
  return refuse(Obstacle::kOther);
}

Listener::Expected<Addresses> Look(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) {
    return Refuse(Obstacle::kMalformed, Reason::kMalformed, address, "HOST:PORT expected");
  }
  std::string_view host = address.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string host_text(host), port_text(address.substr(colon + 1));
  const int error = ::getaddrinfo(host_text.empty() ? nullptr : host_text.c_str(), port_text.c_str(), &hints, &found);
  if (error == 0) return Addresses(found);
  const bool is_unknown = error == EAI_NONAME && port_text.find_first_not_of("0123456789") == std::string::npos;
  return Refuse(is_unknown ? Obstacle::kNoSuchAddress : Obstacle::kMalformed, Reason::kMalformed, address,
                ::gai_strerror(error));
}

bool SetOption(int socket, int level, int option, int value = 1) {
  return ::setsockopt(socket, level, option, &value, sizeof value) == 0;
}

int PortOf(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

std::string NumericAddress(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET6) {
    const in6_addr& six = reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
      ::inet_ntop(AF_INET, &six.s6_addr[12], text.data(), text.size());
    } else {
      ::inet_ntop(AF_INET6, &six, text.data(), text.size());
    }
  } else {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr, text.data(), text.size());
  }
  return text.data();
}

std::string TextOf(const sockaddr_storage& address) {
  const std::string host = NumericAddress(address);
  const std::string port = std::to_string(PortOf(address));
  return (address.ss_family == AF_INET6 ? "[" + host + "]:" : host + ":") + port;
}

enum class Sharing { kAlone, kWithOwn };

// The port is shared for as long as two of ours are on it, and no longer: two gateways on one port are a mistake.
void Share(const std::vector<std::shared_ptr<const Listener>>& listeners, int port, bool is_shared) {
  for (const auto& listener : listeners) {
    if (listener->port() == port) SetOption(listener->fd(), SOL_SOCKET, SO_REUSEPORT, is_shared ? 1 : 0);
  }
}

Listener::Expected<FileDescriptor> Bind(const addrinfo& where, std::string_view address, int backlog, Sharing sharing) {
  FileDescriptor socket(::socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return RefuseFor(errno, address);
  // SO_REUSEADDR: a restart must not wait for TIME_WAIT.
  bool is_ready = SetOption(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  // Inherited by accepted sockets: a reply is one write, and Nagle's algorithm could only delay its last segment.
  is_ready = is_ready && SetOption(socket.get(), IPPROTO_TCP, TCP_NODELAY);
  if (where.ai_family == AF_INET6) is_ready = is_ready && SetOption(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY);
  if (sharing == Sharing::kWithOwn) is_ready = is_ready && SetOption(socket.get(), SOL_SOCKET, SO_REUSEPORT);
  is_ready = is_ready && ::bind(socket.get(), where.ai_addr, where.ai_addrlen) == 0;
  is_ready = is_ready && ::listen(socket.get(), backlog) == 0;
  if (!is_ready) return RefuseFor(errno, address);
  if (sharing == Sharing::kWithOwn) SetOption(socket.get(), SOL_SOCKET, SO_REUSEPORT, 0);
  return socket;
}

}  // namespace

Listener::Expected<std::string> Listener::Resolve(std::string_view address) {
  const auto addresses = Look(address);
  if (!addresses) return tl::unexpected(addresses.error());
  sockaddr_storage found{};
  std::memcpy(&found, (*addresses)->ai_addr, (*addresses)->ai_addrlen);
  return TextOf(found);
}

Listener::Expected<Listener> Listener::Open(std::string_view address, int backlog) {
  return OpenBeside(address, backlog, {});
}

Listener::Expected<Listener> Listener::OpenBeside(std::string_view address, int backlog,
                                                  const std::vector<std::shared_ptr<const Listener>>& own) {
  const auto addresses = Look(address);
  if (!addresses) return tl::unexpected(addresses.error());
  sockaddr_storage bound{};
  std::memcpy(&bound, (*addresses)->ai_addr, (*addresses)->ai_addrlen);
  const int port = PortOf(bound);
  auto socket = Bind(**addresses, address, backlog, Sharing::kAlone);
  const bool is_on_port = std::any_of(own.begin(), own.end(), [&](const auto& other) { return other->port() == port; });
  if (!socket && socket.error().obstacle == Obstacle::kPortTaken && is_on_port) {
    Share(own, port, true);
    socket = Bind(**addresses, address, backlog, Sharing::kWithOwn);
    Share(own, port, false);
  }
  if (!socket) return tl::unexpected(socket.error());
  socklen_t length = sizeof bound;
  if (::getsockname(socket->get(), reinterpret_cast<sockaddr*>(&bound), &length) != 0) return RefuseFor(errno, address);
  return Listener(*std::move(socket), PortOf(bound), TextOf(bound));
}

void Listener::RefuseNew() const {
  // Of the octets of a TCP header, flags are the 14th: a segment with SYN and without ACK begins a connection.
  static std::array<sock_filter, 5> program = {{{BPF_LD | BPF_B | BPF_ABS, 0, 0, 13},
                                                {BPF_ALU | BPF_AND | BPF_K, 0, 0, TH_SYN | TH_ACK},
                                                {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, TH_SYN},
                                                {BPF_RET | BPF_K, 0, 0, 0},
                                                {BPF_RET | BPF_K, 0, 0, 0xffffffff}}};
  const sock_fprog filter = {program.size(), program.data()};
  // Without filters the listener takes clients until its end.
  ::setsockopt(fd(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

void Listener::TakeNew() const {
  SetOption(fd(), SOL_SOCKET, SO_DETACH_FILTER, 0);
}

tl::expected<Listener::Accepted, Listener::Failure> Listener::Accept() const {
  while (true) {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    const int socket =
        ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&peer), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) return Accepted{FileDescriptor(socket), NumericAddress(peer)};
    if (errno == EAGAIN || errno == EWOULDBLOCK) return tl::unexpected(Failure::kNothingWaiting);
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return tl::unexpected(Failure::kOutOfDescriptors);
    }
    // Everything else is this one connection's trouble (accept(2), "Error handling").
  }
}

}  // namespace gateway
