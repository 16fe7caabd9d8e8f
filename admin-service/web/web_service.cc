#include "web/web_service.h"

#include <fstream>
#include <sstream>

namespace web {

namespace {

result::Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  if (!file || !(content << file.rdbuf())) return result::Fail(result::Reason::kMalformed, "cannot read " + path);
  return content.str();
}

}  // namespace

void WebSettings::Bind(service::Options& options) {
  using std::chrono::milliseconds, std::chrono::minutes;
  options.Text("--web-listen", listen, "HOST:PORT of the operators' page, over TLS; empty: none");
  options.Text("--web-tls-certificate", tls_certificate,
               "PEM that browsers trust, with its chain; empty: --tls-certificate");
  options.Text("--web-tls-key", tls_key, "PEM of its key, mode 0600; empty: --tls-key");
  options.Choice("--web-client-certificates", client_certificates, {"optional", "off"},
                 "Whether browsers may log in by a client certificate of --tls-ca");
  options.Number("--web-threads", limits.threads, 1, 1000, "Connections to the page that are served at a time");
  options.Number("--web-max-waiting", limits.max_waiting, 1, 10000, "Connections to the page that wait for a thread");
  options.Number("--web-max-per-source", limits.max_per_source, 1, 10000,
                 "Connections to the page of one address; further ones are closed at once");
  options.Duration("--web-request-timeout", limits.request_timeout, milliseconds(100), minutes(10),
                   "How long a handshake, a request or the taking of an answer may last");
  options.Duration("--web-idle-timeout", limits.idle_timeout, milliseconds(100), minutes(10),
                   "How long a connection may wait for its next request");
  options.Number("--web-max-streams", limits.max_streams, 0, 1000,
                 "Pages that are told at once what is new; further ones ask now and then");
  options.Number("--web-max-streams-per-source", limits.max_streams_per_source, 1, 1000,
                 "Such pages of one address, so that none takes all of them");
  options.Duration("--web-stream-interval", limits.stream_interval, milliseconds(100), minutes(10),
                   "How often each of them asks the engine what is new");
  options.Duration("--web-stream-lifetime", limits.stream_lifetime, milliseconds(100), minutes(24 * 60),
                   "After which a page asks anew to be told");
  options.Size("--web-max-head-size", limits.max_head_octets, 4 << 10, 1 << 20,
               "Largest head of a request to the page");
  options.Size("--web-max-body-size", limits.max_body_octets, 4 << 10, 16 << 20,
               "Largest form that is sent to the page");
}

result::Result<void> WebService::Start(const WebSettings& settings) {
  if (settings.listen.empty()) return {};
  HttpServer::Settings http;
  http.listen = settings.listen;
  http.limits = settings.limits;
  ASSIGN_OR_RETURN(http.certificate_pem, ReadFile(settings.tls_certificate));
  ASSIGN_OR_RETURN(http.key, ReadFile(settings.tls_key));
  if (settings.client_certificates == "optional") {
    ASSIGN_OR_RETURN(http.client_authorities_pem, ReadFile(settings.client_authority));
  }
  server_.emplace(std::move(http), [this](const Request& request) { return site_.Handle(request); });
  return server_->Start();
}

void WebService::Drain(std::chrono::milliseconds deadline) {
  if (server_) server_->Drain(deadline);
}

}  // namespace web
