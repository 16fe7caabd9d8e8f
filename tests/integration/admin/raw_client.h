#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_RAW_CLIENT_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_RAW_CLIENT_H

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>

namespace admin_test {

// RawClient is a TLS client that sends what it likes.
class RawClient {
 public:
  explicit RawClient(int port, void (*set)(SSL_CTX*) = nullptr)
      : socket_(socket(AF_INET, SOCK_STREAM, 0)), context_(SSL_CTX_new(TLS_client_method())) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{30, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (set != nullptr) set(context_);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, socket_);
  }
  ~RawClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    close(socket_);
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool Shake() { return SSL_connect(ssl_) == 1; }
  std::string version() const { return SSL_get_version(ssl_); }
  SSL_SESSION* session() { return SSL_get1_session(ssl_); }
  void Resume(SSL_SESSION* session) { SSL_set_session(ssl_, session); }
  bool is_resumed() { return SSL_session_reused(ssl_) == 1; }
  void Send(const std::string& octets) { SSL_write(ssl_, octets.data(), static_cast<int>(octets.size())); }
  // All that comes until the server ends the connection.
  std::string ReadAll() {
    std::string all;
    char buffer[4096];
    for (int count; (count = SSL_read(ssl_, buffer, sizeof buffer)) > 0;)
      all.append(buffer, static_cast<std::size_t>(count));
    return all;
  }
  // What comes until `end` has come, or the server ends the connection.
  std::string ReadTo(const std::string& end) {
    std::string all;
    char octet;
    while (!all.ends_with(end) && SSL_read(ssl_, &octet, 1) == 1) all += octet;
    return all;
  }
  // Without TLS: whether the server hung up without a word.
  bool IsHungUp() {
    char octet;
    return recv(socket_, &octet, 1, 0) == 0;
  }

 private:
  int socket_;
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
};

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_RAW_CLIENT_H
