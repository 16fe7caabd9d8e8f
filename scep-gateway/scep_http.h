#ifndef CERTIFIER_SCEP_GATEWAY_SCEP_HTTP_H
#define CERTIFIER_SCEP_GATEWAY_SCEP_HTTP_H

#include <string>
#include <vector>

#include "http_message.h"
#include "scep_endpoint.h"

namespace gateway {

// ScepHttp is SCEP's HTTP binding (RFC 8894 section 4.1): it turns requests into calls of the endpoint, and writes the
// one log line and the metrics of each.
class ScepHttp {
 public:
  // `paths` are the prefixes that are served; `endpoint` outlives this.
  ScepHttp(std::vector<std::string> paths, ScepEndpoint& endpoint);

  // Handle never blocks and responds exactly once.
  void Handle(HttpRequest request, Respond respond) const;

 private:
  const std::vector<std::string> paths_;
  ScepEndpoint& endpoint_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_SCEP_HTTP_H
