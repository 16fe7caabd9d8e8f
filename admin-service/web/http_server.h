#ifndef CERTIFIER_ADMIN_SERVICE_WEB_HTTP_SERVER_H
#define CERTIFIER_ADMIN_SERVICE_WEB_HTTP_SERVER_H

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "result/result.h"
#include "web/http_message.h"

namespace web {

// HttpLimits bound what strangers can take before they have logged in.
struct HttpLimits {
  std::uint64_t threads = 32;         // Connections that are served at a time.
  std::uint64_t max_waiting = 64;     // Connections that wait for a thread; further ones are closed at once.
  std::uint64_t max_per_source = 16;  // Connections of one address, served or waiting; likewise.
  // Of the handshake, of a request from its first octet to its last, and of taking an answer: for each of them.
  std::chrono::milliseconds request_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(5);  // Between two requests of a connection.
  // Streams, which have threads of their own: how many there may be in all and of one address, further ones are
  // answered 503; how often each asks what is new; and how long it lasts, after which the browser asks for it again.
  std::uint64_t max_streams = 32;
  std::uint64_t max_streams_per_source = 16;
  std::chrono::milliseconds stream_interval = std::chrono::seconds(2);
  std::chrono::milliseconds stream_lifetime = std::chrono::minutes(10);
  std::uint64_t max_head_octets = 16 << 10;
  std::uint64_t max_body_octets = 256 << 10;
};

// HttpServer serves HTTP/1.1 over TLS: a thread for each connection, from a bounded pool. The handler gets requests
// only when they are complete and within the limits. A connection whose answer is a stream leaves its thread and its
// address's count for those of the streams, and ends with it.
class HttpServer {
 public:
  struct Settings {
    std::string listen;                // HOST:PORT; port 0 takes a free one.
    std::string certificate_pem, key;  // As TlsServer::FromPem takes them.
    // Whose client certificates browsers are asked for, as TlsServer::AskForCertificates; empty: they are not.
    std::string client_authorities_pem = {};
    HttpLimits limits;
  };

  HttpServer(Settings settings, Handler handler);
  // Stops at once; a request that is being handled is still waited for, but not answered.
  ~HttpServer();

  // Start binds and serves. Unavailable with the address in the detail if it is taken; malformed for an address, a
  // certificate, a key or authorities that are none.
  result::Result<void> Start();
  int port() const;

  // Drain takes no more connections, and ends each one once its request is answered, at the latest at `deadline`;
  // streams at once.
  void Drain(std::chrono::milliseconds deadline);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_HTTP_SERVER_H
