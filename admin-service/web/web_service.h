#ifndef CERTIFIER_ADMIN_SERVICE_WEB_WEB_SERVICE_H
#define CERTIFIER_ADMIN_SERVICE_WEB_WEB_SERVICE_H

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>

#include "result/result.h"
#include "service/options.h"
#include "web/engine.h"
#include "web/http_server.h"
#include "web/site.h"

namespace web {

struct WebSettings {
  std::string listen = "127.0.0.1:8443";  // HOST:PORT of the page over TLS; port 0 takes a free one; empty: no page.
  // PEM files that browsers trust; empty: the service's own, from the internal CA.
  std::string tls_certificate = {}, tls_key = {};
  // "optional": browsers are asked for a client certificate of `client_authority`, and may show none; "off": not asked.
  std::string client_certificates = "optional";
  std::string client_authority = {};  // PEM file; no setting of its own: --tls-ca.
  HttpLimits limits = {};

  // Bind adds every setting to `options`.
  void Bind(service::Options& options);
};

// WebService is the operators' page.
class WebService {
 public:
  WebService(const std::shared_ptr<grpc::Channel>& engine, std::chrono::milliseconds call_timeout)
      : engine_(engine, call_timeout), site_(engine_) {}

  // Start serves, unless there shall be no page. Errors as HttpServer's, and malformed for files that cannot be read.
  result::Result<void> Start(const WebSettings& settings);
  // 0: there is no page.
  int port() const { return server_ ? server_->port() : 0; }
  void Drain(std::chrono::milliseconds deadline);

 private:
  Engine engine_;
  Site site_;
  std::optional<HttpServer> server_;
};

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_WEB_SERVICE_H
