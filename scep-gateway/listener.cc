#include "listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace gateway {
namespace {

using result::Fail;
using result::Reason;

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

std::string ErrorText(int error) {
  return std::generic_category().message(error);
}

result::Result<Addresses> Resolve(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return Fail(Reason::kMalformed, std::string(address) + ": HOST:PORT expected");
  std::string_view host = address.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string host_text(host), port_text(address.substr(colon + 1));
  const int error = ::getaddrinfo(host_text.empty() ? nullptr : host_text.c_str(), port_text.c_str(), &hints, &found);
  if (error != 0) return Fail(Reason::kMalformed, std::string(address) + ": " + ::gai_strerror(error));
  return Addresses(found);
}

bool SetOption(int socket, int level, int option) {
  const int on = 1;
  return ::setsockopt(socket, level, option, &on, sizeof on) == 0;
}

int PortOf(int socket) {
  sockaddr_storage bound{};
  socklen_t length = sizeof bound;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &length) != 0) return 0;
  if (bound.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
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

}  // namespace

result::Result<Listener> Listener::Open(std::string_view address, int backlog) {
  ASSIGN_OR_RETURN(const Addresses addresses, Resolve(address));
  const addrinfo& first = *addresses;
  FileDescriptor socket(::socket(first.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return Fail(Reason::kUnavailable, std::string(address) + ": " + ErrorText(errno));
  // SO_REUSEADDR and not SO_REUSEPORT: a restart must not wait for TIME_WAIT, but two gateways on one port are a
  // mistake.
  bool is_ready = SetOption(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  // Inherited by accepted sockets: a reply is one write, and Nagle's algorithm could only delay its last segment.
  is_ready = is_ready && SetOption(socket.get(), IPPROTO_TCP, TCP_NODELAY);
  if (first.ai_family == AF_INET6) is_ready = is_ready && SetOption(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY);
  is_ready = is_ready && ::bind(socket.get(), first.ai_addr, first.ai_addrlen) == 0;
  is_ready = is_ready && ::listen(socket.get(), backlog) == 0;
  if (!is_ready) return Fail(Reason::kUnavailable, std::string(address) + ": " + ErrorText(errno));
  const int port = PortOf(socket.get());
  return Listener(std::move(socket), port);
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
