#ifndef CERTIFIER_ADMIN_SERVICE_CTL_HTTP_CLIENT_H
#define CERTIFIER_ADMIN_SERVICE_CTL_HTTP_CLIENT_H

#include <chrono>

#include "ctl/url.h"
#include "doctor/transport.h"

namespace ctl {

// HttpClient carries calls to a SCEP URL, over HTTP or HTTPS, each on a connection of its own. It follows no redirect,
// and unpacks no content coding. Confined to one thread.
class HttpClient final : public doctor::Transport {
 public:
  // Octets of a body, and of all that a connection brings: head, body and TLS.
  static constexpr std::size_t kMaxBody = 1 << 20, kMaxReceived = 4 << 20;

  // `timeout` is for a whole call: connecting, sending and receiving. Only looking up a name is left to the resolver's.
  HttpClient(Url url, std::chrono::milliseconds timeout) : url_(std::move(url)), timeout_(timeout) {}

  // A TLS certificate that does not verify is told of in the answer, and no longer looked at: what SCEP sends is
  // protected by itself.
  result::Result<doctor::Answer> Send(const doctor::Call& call) override;

 private:
  const Url url_;
  const std::chrono::milliseconds timeout_;
  bool is_tls_verified_ = true;
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_HTTP_CLIENT_H
