#include "config.h"

#include "service/address_list.h"

namespace gateway {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void BindBudgets(service::Options& options, Config& config) {
  options.Number("--failures-per-source", config.failures_per_source, 0, 1'000'000,
                 "PKIOperations of one source that may fail in a minute; past it 429; 0: any number");
  options.Number("--failures-in-all", config.failures_in_all, 0, 100'000'000,
                 "the same over all sources; 0: any number");
  options.Number("--max-failing-sources", config.max_failing_sources, 1, 10'000'000, "sources remembered for that");
  options.Number("--decrypts-per-source", config.decrypts_per_source, 0, 10'000'000,
                 "envelopes of one source that are decrypted in a minute; past it 429; 0: any number");
  options.Number("--decrypts-in-all", config.decrypts_in_all, 0, 100'000'000,
                 "the same over all sources; 0: any number");
  options.Number("--max-decrypting-sources", config.max_decrypting_sources, 1, 10'000'000,
                 "sources remembered for that");
  options.Number("--polls-per-source", config.polls_per_source, 0, 10'000'000,
                 "CertPolls of one source that are answered in a minute; past it 429; 0: any number");
  options.Number("--polls-in-all", config.polls_in_all, 0, 100'000'000, "the same over all sources; 0: any number");
  options.Number("--max-polling-sources", config.max_polling_sources, 1, 10'000'000, "sources remembered for that");
  options.Texts("--trusted-proxy", config.trusted_proxies, "network whose X-Forwarded-For is believed; repeatable");
}

void BindBounds(service::Options& options, Config& config) {
  options.Number("--workers", config.workers, 0, 1024, "threads for private-key operations; 0: one for each core");
  options.Number("--max-queued", config.max_queued, 1, 1'000'000, "requests waiting for a worker; past it 503");
  options.Number("--engine-key-workers", config.engine_key_workers, 1, 1024,
                 "threads that wait for the engine's key, for CAs without an RA");
  options.Number("--max-in-flight", config.max_in_flight, 1, 1'000'000, "requests being answered; past it 503");
  options.Number("--engine-batch", config.engine_batch, 1, 64, "submissions that travel to the engine in one call");
  options.Number("--max-connections", config.max_connections, 1, 1'000'000, "open connections of devices");
  options.Size("--max-target", config.max_target, 16 << 10, 1 << 20, "size of a request-target; past it 414");
  options.Size("--max-header", config.max_header, 1 << 10, 1 << 20, "size of all header fields; past it 431");
  options.Number("--max-header-count", config.max_header_count, 8, 1024, "header fields; past it 431");
  options.Size("--max-body", config.max_body, 4 << 10, 2 << 20, "size of a body; past it 413");
  options.Size("--max-crl", config.max_crl, 64 << 10, std::uint64_t{1} << 30,
               "size of a CRL; a larger one is not fetched from the engine");
  options.Number("--max-failure-reports", config.max_failure_reports, 1, 100'000,
                 "reports of own failures that are on their way to the engine at once; past it one is dropped");
  options.Number("--max-crl-replies", config.max_crl_replies, 1, 100'000,
                 "GetCRLs whose replies are made or sent at once; past it 503");
  options.Number("--max-crl-replies-per-source", config.max_crl_replies_per_source, 1, 100'000,
                 "of those, how many to one source; past it 503");
  options.Size("--max-buffered", config.max_buffered, 1 << 20, std::uint64_t{8} << 30,
               "size of all requests held at once; past it 503");
}

void BindTimes(service::Options& options, Config& config) {
  options.Duration("--request-deadline", config.request_deadline, milliseconds(100), minutes(10),
                   "for a device to send one request; past it 408");
  options.Duration("--idle-timeout", config.idle_timeout, milliseconds(100), hours(1),
                   "for a connection between two requests");
  options.Duration("--write-deadline", config.write_deadline, milliseconds(100), minutes(10),
                   "for a device to take its answer");
  options.Duration("--engine-deadline", config.engine_deadline, milliseconds(100), minutes(1),
                   "for the engine to answer; past it 503");
  options.Duration("--engine-batch-interval", config.engine_batch_interval, milliseconds(0), seconds(1),
                   "how far apart two calls with submissions begin");
  options.Duration("--drain-delay", config.drain_delay, milliseconds(0), minutes(5),
                   "from not ready to closing the listeners");
  options.Duration("--drain-timeout", config.drain_timeout, milliseconds(0), minutes(10),
                   "for requests in flight at the end");
  options.Duration("--service-report-interval", config.service_report_interval, milliseconds(100), hours(1),
                   "how often the engine is told where this gateway listens, and what failed is tried again");
  options.Duration("--ca-max-age", config.ca_max_age, milliseconds(0), hours(24),
                   "how long GetCACert, GetCACaps and /ca/ may be cached");
  options.Duration("--crl-max-age", config.crl_max_age, milliseconds(0), hours(24 * 7),
                   "how long a CRL may be cached; never beyond its nextUpdate");
}

}  // namespace

void Config::Bind(service::Options& options) {
  options.Text("--listen", listen, "HOST:PORT for devices, several separated by commas");
  options.Text("--health-listen", health_listen, "HOST:PORT of /healthz, /readyz and /metrics");
  options.Required("--engine", engine, "gRPC target of the engine, e.g. dns:///engine:9440");
  tls.Bind(options);
  options.Choice("--log-level", log_level, {"debug", "info", "warning", "error"}, "lowest level that is logged");
  options.Text("--port-file", port_file, "file that gets the ports as JSON once both listen");
  BindBounds(options, *this);
  BindBudgets(options, *this);
  BindTimes(options, *this);
  options.Texts("--path", paths, "one more path prefix to serve, beside the usual ones");
}

HttpLimits Config::http_limits() const {
  HttpLimits limits;
  limits.head = {.target_octets = max_target, .header_octets = max_header, .header_count = max_header_count};
  limits.max_body_octets = max_body;
  limits.max_connections = max_connections;
  limits.max_in_flight = max_in_flight;
  limits.max_buffered_octets = max_buffered;
  limits.request_deadline = request_deadline;
  limits.idle_timeout = idle_timeout;
  limits.write_deadline = write_deadline;
  // Twice in the worker queue and once at the engine; longer only if the process is stuck.
  limits.handling_deadline = engine_deadline + seconds(20);
  return limits;
}

result::Result<std::vector<Network>> Config::trusted_networks() const {
  std::vector<Network> networks;
  for (const std::string& text : trusted_proxies) {
    ASSIGN_OR_RETURN(const Network network, Network::Parse(text));
    networks.push_back(network);
  }
  return networks;
}

std::vector<std::string> Config::listen_addresses() const {
  return service::SplitAddresses(listen);
}

}  // namespace gateway
