#ifndef CERTIFIER_ADMIN_SERVICE_CONFIG_H
#define CERTIFIER_ADMIN_SERVICE_CONFIG_H

#include <chrono>
#include <cstdint>
#include <string>

#include "rpc/forwarder.h"
#include "service/options.h"
#include "service/tls_files.h"
#include "web/web_service.h"

namespace admin {

struct Config {
  std::string listen = "127.0.0.1:9443";         // HOST:PORT of the operators' gRPC; port 0 takes a free one.
  std::string health_listen = "127.0.0.1:9444";  // HOST:PORT of /healthz, /readyz and /metrics, in plain HTTP.
  std::string engine;                            // gRPC target of the engines.
  service::TlsFiles tls;
  std::string log_level = "info";
  std::string port_file;  // Written once listening, {"grpc":N,"health":N,"web":N}; empty: none.
  ForwardingSettings forwarding;
  web::WebSettings web;
  std::uint64_t max_message_octets = 1 << 20;  // Of one request, and of one answer.
  std::uint64_t max_concurrent_streams = 64;   // Calls in flight on one operator's connection.
  std::chrono::milliseconds drain_timeout = std::chrono::seconds(20);

  // Bind adds every setting to `options`.
  void Bind(service::Options& options) {
    using std::chrono::minutes, std::chrono::seconds, std::chrono::milliseconds;
    options.Text("--listen", listen, "HOST:PORT for operators");
    options.Text("--health-listen", health_listen, "HOST:PORT for health and metrics; not for the public");
    options.Required("--engine", engine, "gRPC target of the engines, such as ipv4:127.0.0.1:9440,127.0.0.1:9441");
    tls.Bind(options);
    options.Choice("--log-level", log_level, {"debug", "info", "warning", "error"}, "Lowest level that is logged");
    options.Text("--port-file", port_file, "Write the ports there as JSON once listening");
    options.Duration("--call-timeout", forwarding.default_timeout, milliseconds(100), minutes(10),
                     "How long the engine may take where the client names no deadline");
    options.Duration("--max-call-timeout", forwarding.max_timeout, milliseconds(100), minutes(10),
                     "The most that a client's own deadline may grant");
    options.Number("--max-calls-per-source", forwarding.max_calls_per_source, 1, 10000,
                   "Calls in flight of one address without a client certificate");
    options.Size("--max-message-size", max_message_octets, 64 << 10, 16 << 20, "Largest request and answer");
    options.Number("--max-concurrent-streams", max_concurrent_streams, 1, 10000, "Calls in flight on one connection");
    options.Duration("--drain-timeout", drain_timeout, milliseconds(0), minutes(10),
                     "How long calls in flight may take to finish on SIGTERM");
    web.Bind(options);
  }
};

}  // namespace admin

#endif  // CERTIFIER_ADMIN_SERVICE_CONFIG_H
