#ifndef CERTIFIER_SCEP_GATEWAY_HTTP_SERVER_H
#define CERTIFIER_SCEP_GATEWAY_HTTP_SERVER_H

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "http_limits.h"
#include "http_message.h"
#include "listener.h"
#include "result/result.h"

namespace gateway {

// HttpServer is a plain HTTP/1.1 and 1.0 server for small messages. One thread owns every socket; the handler gets
// requests only when they are complete and within the limits, and answers when it likes.
class HttpServer {
 public:
  // `listen` holds "HOST:PORT" each, at most 16.
  HttpServer(std::vector<std::string> listen, HttpLimits limits, HttpHandler handler);
  // Stops at once; what is in flight stays unanswered.
  ~HttpServer();

  // Start binds and serves. Unavailable with the address in the detail if it is taken; malformed if it is no address.
  result::Result<void> Start();
  // Rebind listens on these addresses instead, live: the new ones are bound first, then the others take nobody new,
  // and what had begun there is answered. One that is listened on already stays as it is. Where one cannot be bound,
  // nothing changes. After Start, and from one thread at a time.
  Listener::Expected<void> Rebind(const std::vector<std::string>& listen);
  // Where it listens: numeric, with the ports that were taken.
  std::vector<std::string> addresses() const;
  // Of the first address.
  int port() const;
  std::size_t connections() const;
  std::size_t in_flight() const;

  // Drain closes the listeners, then each connection once its request is answered, and tells whether the last was gone
  // within `deadline`; after it the others are cut. Called once.
  bool Drain(std::chrono::milliseconds deadline);

 private:
  struct State;
  Listener::Expected<std::vector<std::shared_ptr<const Listener>>> OpenAll(
      const std::vector<std::string>& listen) const;
  std::unique_ptr<State> state_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_HTTP_SERVER_H
