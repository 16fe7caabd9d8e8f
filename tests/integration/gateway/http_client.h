#ifndef CERTIFIER_TESTS_INTEGRATION_GATEWAY_HTTP_CLIENT_H
#define CERTIFIER_TESTS_INTEGRATION_GATEWAY_HTTP_CLIENT_H

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "file_descriptor.h"

namespace gateway {

// HttpReply is one response as it came.
struct HttpReply {
  int status = 0;
  std::string head;  // With its empty line.
  std::string body;
  // The value of a field, spelt as the server spells it; empty if there is none.
  std::string Field(std::string_view name) const;
};

// HttpClient is a raw TCP client on loopback: it sends what it is told, well formed or not.
class HttpClient {
 public:
  // Connects, or fails the test.
  explicit HttpClient(int port, std::string_view host = "127.0.0.1");
  // Connect is the same for who may be refused.
  static std::optional<HttpClient> Connect(int port);

  // Send writes all octets; false once the server has closed.
  bool Send(std::string_view octets);
  // FinishSending half-closes.
  void FinishSending();
  // Read returns the next response, or nothing if the server closes or `deadline` passes first. The answer to HEAD is
  // read with `has_body` false.
  std::optional<HttpReply> Read(bool has_body = true, std::chrono::milliseconds deadline = std::chrono::seconds(10));
  // ReadOctets returns exactly so many octets, or fewer if the server closes first.
  std::string ReadOctets(std::size_t count);
  // IsClosed waits until the server has closed, and tells whether it did within `deadline` without another octet.
  bool IsClosed(std::chrono::milliseconds deadline = std::chrono::seconds(10));
  // Exchange sends a request and reads its answer.
  std::optional<HttpReply> Exchange(std::string_view request);

 private:
  explicit HttpClient(FileDescriptor socket) : socket_(std::move(socket)) {}
  bool ReceiveMore(std::chrono::steady_clock::time_point until);
  FileDescriptor socket_;
  std::string input_;
};

// Get is a whole GET on a connection of its own.
std::optional<HttpReply> Get(int port, std::string_view target);

}  // namespace gateway

#endif  // CERTIFIER_TESTS_INTEGRATION_GATEWAY_HTTP_CLIENT_H
