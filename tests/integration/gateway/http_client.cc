#include "http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;

// Not open where it is refused.
FileDescriptor ConnectTo(int port, std::string_view host) {
  const bool is_six = host.find(':') != std::string_view::npos;
  FileDescriptor socket(::socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  int error = -1;
  if (is_six) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(static_cast<std::uint16_t>(port));
    address.sin6_addr = in6addr_loopback;
    error = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  } else {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    error = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  return error == 0 ? std::move(socket) : FileDescriptor();
}

}  // namespace

std::string HttpReply::Field(std::string_view name) const {
  const std::string key = "\r\n" + std::string(name) + ": ";
  const std::size_t at = head.find(key);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + key.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

HttpClient::HttpClient(int port, std::string_view host) : socket_(ConnectTo(port, host)) {
  if (!socket_.is_open()) throw std::runtime_error("cannot connect");
}

std::optional<HttpClient> HttpClient::Connect(int port) {
  FileDescriptor socket = ConnectTo(port, "127.0.0.1");
  if (!socket.is_open()) return std::nullopt;
  return HttpClient(std::move(socket));
}

bool HttpClient::Send(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void HttpClient::FinishSending() {
  ::shutdown(socket_.get(), SHUT_WR);
}

bool HttpClient::ReceiveMore(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  pollfd poll_entry{socket_.get(), POLLIN, 0};
  if (::poll(&poll_entry, 1, std::max(0, static_cast<int>(left.count()))) <= 0) return false;
  std::array<char, 16384> buffer{};
  const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  input_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

std::optional<HttpReply> HttpClient::Read(bool has_body, std::chrono::milliseconds deadline) {
  const auto until = Clock::now() + deadline;
  std::size_t end = 0;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReceiveMore(until)) return std::nullopt;
  }
  HttpReply reply;
  reply.head = input_.substr(0, end + 4);
  reply.status = std::stoi(reply.head.substr(9, 3));
  const std::string length_text = reply.Field("Content-Length");
  const std::size_t length = has_body && !length_text.empty() ? std::stoul(length_text) : 0;
  input_.erase(0, end + 4);
  while (input_.size() < length) {
    if (!ReceiveMore(until)) return std::nullopt;
  }
  reply.body = input_.substr(0, length);
  input_.erase(0, length);
  return reply;
}

std::string HttpClient::ReadOctets(std::size_t count) {
  const auto until = Clock::now() + std::chrono::seconds(10);
  while (input_.size() < count && ReceiveMore(until)) {
  }
  std::string octets = input_.substr(0, count);
  input_.erase(0, octets.size());
  return octets;
}

bool HttpClient::IsClosed(std::chrono::milliseconds deadline) {
  const auto until = Clock::now() + deadline;
  while (ReceiveMore(until)) {
  }
  return input_.empty() && Clock::now() < until;
}

std::optional<HttpReply> HttpClient::Exchange(std::string_view request) {
  Send(request);
  return Read();
}

std::optional<HttpReply> Get(int port, std::string_view target) {
  HttpClient client(port);
  return client.Exchange("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
}

}  // namespace gateway
