#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <thread>

#include "config.h"
#include "gateway.h"
#include "service/grpc_channel.h"
#include "service/grpc_library.h"
#include "service/health.h"
#include "service/log.h"
#include "service/metrics.h"
#include "service/port_file.h"
#include "service/scheduling.h"
#include "service/shutdown.h"

namespace {

gateway::Gateway::Settings SettingsOf(const gateway::Config& config) {
  gateway::Gateway::Settings settings;
  settings.listen = config.listen_addresses();
  settings.paths = config.paths;
  settings.http = config.http_limits();
  settings.scep.ca_max_age = std::chrono::duration_cast<std::chrono::seconds>(config.ca_max_age);
  settings.scep.failures = {.per_source = config.failures_per_source,
                            .in_all = config.failures_in_all,
                            .max_sources = config.max_failing_sources};
  settings.scep.crl_replies = {.in_all = config.max_crl_replies, .per_source = config.max_crl_replies_per_source};
  settings.scep.decrypts = {.per_source = config.decrypts_per_source,
                            .in_all = config.decrypts_in_all,
                            .max_sources = config.max_decrypting_sources};
  settings.scep.polls = {
      .per_source = config.polls_per_source, .in_all = config.polls_in_all, .max_sources = config.max_polling_sources};
  settings.publication.certificate_max_age = settings.scep.ca_max_age;
  settings.publication.crl_max_age = std::chrono::duration_cast<std::chrono::seconds>(config.crl_max_age);
  settings.publisher.max_crl_octets = config.max_crl;
  settings.workers = config.workers;
  settings.max_queued = config.max_queued;
  settings.engine_key_workers = config.engine_key_workers;
  settings.engine.deadline = config.engine_deadline;
  settings.service_report_interval = config.service_report_interval;
  settings.engine.max_reports = config.max_failure_reports;
  settings.engine.batch = {.max_batch = config.engine_batch,
                           .max_queued = config.max_in_flight,
                           .interval = std::min(config.engine_batch_interval, config.engine_deadline / 4)};
  return settings;
}

// Ports keeps the file with the ports up to date, once both of them are known.
class Ports {
 public:
  explicit Ports(std::string file) : file_(std::move(file)) {}
  result::Result<void> Begin(const gateway::Gateway& gateway, int health_port) {
    const std::lock_guard lock(mutex_);
    gateway_ = &gateway;
    health_port_ = health_port;
    return Write();
  }
  void Update() {
    const std::lock_guard lock(mutex_);
    if (gateway_ != nullptr) (void)Write();
  }

 private:
  result::Result<void> Write() const {
    return service::WritePortFile(file_, {{"scep", gateway_->port()}, {"health", health_port_}});
  }
  const std::string file_;
  std::mutex mutex_;  // Guards the two below.
  const gateway::Gateway* gateway_ = nullptr;
  int health_port_ = 0;
};

void RegisterGauges(const gateway::Gateway& gateway) {
  service::RegisterGauge("certifier_http_connections", "Open connections of devices.",
                         [&gateway] { return static_cast<double>(gateway.connections()); });
  service::RegisterGauge("certifier_http_in_flight", "Requests being answered.",
                         [&gateway] { return static_cast<double>(gateway.in_flight()); });
  service::RegisterGauge("certifier_worker_queue", "Tasks waiting for a worker.",
                         [&gateway] { return static_cast<double>(gateway.queued()); });
}

void LogSettings(const service::Options& options) {
  for (const std::string& setting : options.Effective()) {
    service::LogInfo("setting", {{"value", std::string_view(setting)}});
  }
}

// Stop is the whole way out: not ready, no new connection, what is in flight, the end.
void Stop(const gateway::Config& config, service::HealthServer& health, gateway::Gateway& gateway) {
  service::LogInfo("stopping", {});
  health.Drain();
  std::this_thread::sleep_for(config.drain_delay);
  const bool is_drained = gateway.Stop(config.drain_timeout);
  service::LogInfo("stopped", {{"drained", is_drained}});
}

result::Result<void> Run(const gateway::Config& config) {
  service::ChannelSettings channel_settings;
  channel_settings.target = config.engine;
  channel_settings.tls = config.tls;
  channel_settings.server_role = service::Role::kEngine;
  channel_settings.retry_services = {"certifier.v1.EnrollmentService", "certifier.v1.KeyOperationService"};
  ASSIGN_OR_RETURN(const auto channel, service::OpenChannel(channel_settings));
  auto settings = SettingsOf(config);
  ASSIGN_OR_RETURN(settings.trusted_proxies, config.trusted_networks());
  Ports ports(config.port_file);
  settings.rebound = [&ports] { ports.Update(); };
  gateway::Gateway gateway(std::move(settings), channel);
  service::HealthServer health(config.health_listen, [&gateway] { return gateway.Missing(); });
  RegisterGauges(gateway);
  RETURN_IF_ERROR(gateway.Start());
  RETURN_IF_ERROR(health.Start());
  RETURN_IF_ERROR(ports.Begin(gateway, health.port()));
  service::LogInfo("started", {{"scep_port", std::int64_t{gateway.port()}},  //
                               {"health_port", std::int64_t{health.port()}}});
  service::WaitForSignal();
  Stop(config, health, gateway);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  // glibc gives every thread an arena that it never gives back; two are enough for what few threads allocate here.
  mallopt(M_ARENA_MAX, 2);
  service::BlockSignals();
  service::UseBatchScheduling();
  const service::GrpcLibrary grpc_library;
  gateway::Config config;
  service::Options options("scep-gateway", "Terminates SCEP for certifier-engine.");
  config.Bind(options);
  if (const auto exit_code = options.Parse(argc, argv)) return *exit_code;
  service::StartLog("scep-gateway", config.log_level);
  LogSettings(options);
  const auto result = Run(config);
  if (!result) service::LogError("start_failed", {{"reason", std::string_view(result.error().detail)}});
  service::FlushLog();
  return result ? 0 : 1;
}
