#ifndef CERTIFIER_SCEP_GATEWAY_CONFIG_H
#define CERTIFIER_SCEP_GATEWAY_CONFIG_H

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "http_limits.h"
#include "scep_query.h"
#include "service/options.h"
#include "service/tls_files.h"
#include "source_address.h"

namespace gateway {

// Config is every setting of the gateway. main reads it once; the parts get theirs by value.
struct Config {
  std::string listen = "0.0.0.0:8080";  // HOST:PORT for devices, several separated by commas; port 0 takes a free one.
  std::string health_listen = "127.0.0.1:8081";  // HOST:PORT of /healthz, /readyz and /metrics; never public.
  std::string engine;                            // gRPC target, one address or several.
  service::TlsFiles tls;                         // The gateway's identity towards the engine.
  std::string log_level = "info";
  std::string port_file;                            // Where to write the ports once both listen; empty: nowhere.
  std::vector<std::string> paths = DefaultPaths();  // Prefixes served, and added to; any other is 404.

  std::uint64_t workers = 0;                  // Threads for private-key operations; 0: one for each core.
  std::uint64_t max_queued = 512;             // Requests that wait for such a thread; past it: 503.
  std::uint64_t engine_key_workers = 16;      // Threads that wait for the engine's key, for CAs without an RA.
  std::uint64_t max_in_flight = 1024;         // Requests being answered; past it: 503.
  std::uint64_t engine_batch = 16;            // Submissions that travel to the engine in one call.
  std::uint64_t failures_per_source = 60;     // PKIOperations of one source that may fail in a minute; past it: 429.
  std::uint64_t failures_in_all = 6000;       // Of all sources together; past it: 429 for everybody.
  std::uint64_t max_failing_sources = 65536;  // Remembered for that.
  std::uint64_t decrypts_per_source = 600;    // Envelopes of one source that are decrypted in a minute; past it: 429.
  std::uint64_t decrypts_in_all = 60000;      // Of all sources together; past it: 429 for everybody.
  std::uint64_t max_decrypting_sources = 65536;  // Remembered for that.
  std::uint64_t polls_per_source = 600;          // CertPolls of one source that are answered in a minute; past it: 429.
  std::uint64_t polls_in_all = 60000;            // Of all sources together; past it: 429 for everybody.
  std::uint64_t max_polling_sources = 65536;     // Remembered for that.
  std::vector<std::string> trusted_proxies;      // Networks whose X-Forwarded-For is believed.
  std::uint64_t max_connections = 10000;
  std::uint64_t max_target = 64 << 10;  // Octets of the request-target; past it: 414.
  std::uint64_t max_header = 16 << 10;  // Octets of all header fields; past it: 431.
  std::uint64_t max_header_count = 64;
  std::uint64_t max_body = 256 << 10;            // Octets of a body; past it: 413.
  std::uint64_t max_failure_reports = 64;        // To the engine, on their way at once; past it one is dropped.
  std::uint64_t max_crl_replies = 16;            // GetCRLs whose replies are made or sent at once; past it: 503.
  std::uint64_t max_crl_replies_per_source = 4;  // Of those, to one source; past it: 503.
  std::uint64_t max_crl = 64 << 20;              // Octets of a CRL; a larger one is not fetched from the engine.
  std::uint64_t max_buffered = 64 << 20;         // Octets of requests held over all connections; past it: 503.

  std::chrono::milliseconds request_deadline = std::chrono::seconds(30);  // For a device to send one request.
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);      // For a connection between two requests.
  std::chrono::milliseconds write_deadline = std::chrono::seconds(30);    // For a device to take its answer.
  std::chrono::milliseconds engine_deadline = std::chrono::seconds(10);   // For the engine; past it: 503.
  std::chrono::milliseconds engine_batch_interval{8};  // How far apart two such calls begin, so that they gather.
  std::chrono::milliseconds drain_delay{0};  // From "not ready" to closing the listeners, for a load balancer to see.
  std::chrono::milliseconds drain_timeout = std::chrono::seconds(20);  // For requests in flight at the end.
  // How often the engine is told where this gateway listens, and what failed is tried again; below the engine's
  // gateway_report_ttl.
  std::chrono::milliseconds service_report_interval = std::chrono::seconds(30);
  std::chrono::milliseconds ca_max_age = std::chrono::seconds(60);   // Cache-Control of GetCACert, GetCACaps and /ca/.
  std::chrono::milliseconds crl_max_age = std::chrono::minutes(10);  // Cache-Control of CRLs, at the longest.

  // Bind adds every setting to `options`; this must outlive its Parse.
  void Bind(service::Options& options);
  HttpLimits http_limits() const;
  std::vector<std::string> listen_addresses() const;
  // Malformed names the entry of `trusted_proxies` that is no network.
  result::Result<std::vector<Network>> trusted_networks() const;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_CONFIG_H
