#ifndef CERTIFIER_ENGINE_WEBHOOK_HTTPS_CONNECTION_H
#define CERTIFIER_ENGINE_WEBHOOK_HTTPS_CONNECTION_H

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "webhook/endpoint.h"

namespace httplib {
class SSLClient;
}

namespace engine::webhook {

// Attempt is what one POST came to.
struct Attempt {
  enum class Kind { kAnswered, kUnreachable, kUntrusted, kBroken, kLate, kTooLong };
  Kind kind = Kind::kBroken;
  int status = 0;    // Of kAnswered,
  std::string body;  // and this.
};

// HttpsConnection posts to one server, over a connection that it keeps where the server does. The server's certificate
// must verify and be for the host's name. No redirect is followed, no content coding unpacked. Confined to one thread.
class HttpsConnection {
 public:
  struct Settings {
    std::string ca_file;  // PEM of who may sign servers' certificates; empty: whom the system trusts.
    std::size_t max_answer = 64 * 1024;
  };
  // What a connection may bring beside the body: head and TLS.
  static constexpr std::uint64_t kMostOverhead = 64 * 1024;

  // Make connects to nobody yet. Malformed if TLS cannot ask for that host.
  static result::Result<std::unique_ptr<HttpsConnection>> Make(const Endpoint& server, const Settings& settings);
  ~HttpsConnection();

  // Post sends `body` as JSON with `headers` and reads the answer, all within `timeout`: a server that sends an octet
  // now and then gains nothing. Only looking up the host's name is left to the resolver's own bounds. After anything
  // but kAnswered the object is of no more use.
  Attempt Post(const Endpoint& endpoint, const std::map<std::string, std::string>& headers, const std::string& body,
               std::chrono::milliseconds timeout);

 private:
  HttpsConnection(std::unique_ptr<httplib::SSLClient> client, std::size_t max_answer);
  const std::unique_ptr<httplib::SSLClient> client_;
  const std::size_t max_answer_;
};

}  // namespace engine::webhook

#endif  // CERTIFIER_ENGINE_WEBHOOK_HTTPS_CONNECTION_H
