#include <algorithm>
#include <chrono>
#include <memory>

#include "config.h"
#include "rpc/services.h"
#include "service/grpc_channel.h"
#include "service/grpc_library.h"
#include "service/grpc_server.h"
#include "service/health.h"
#include "service/log.h"
#include "service/port_file.h"
#include "service/shutdown.h"
#include "web/web_service.h"

namespace admin {

namespace {

result::Result<std::shared_ptr<grpc::Channel>> OpenEngine(const Config& config) {
  service::ChannelSettings settings;
  settings.target = config.engine;
  settings.tls = config.tls;
  settings.server_role = service::Role::kEngine;
  // What is not listed may change something, and must not run twice.
  settings.retry_services = {"certifier.v1.CertificateService/ListCertificates",
                             "certifier.v1.CertificateService/GetCertificate", "certifier.v1.CrlService",
                             "certifier.v1.AuditService", "certifier.v1.ReportService"};
  return service::OpenChannel(settings);
}

service::GrpcServer::Settings ServerSettings(const Config& config) {
  service::GrpcServer::Settings settings;
  settings.listen = config.listen;
  settings.tls = config.tls;
  settings.max_message_octets = config.max_message_octets;
  settings.max_concurrent_streams = config.max_concurrent_streams;
  settings.lets_strangers_knock = true;
  settings.methods_for_strangers = Services::MethodsForStrangers();
  return settings;
}

web::WebSettings PageSettings(const Config& config) {
  web::WebSettings settings = config.web;
  if (settings.tls_certificate.empty()) settings.tls_certificate = config.tls.certificate;
  if (settings.tls_key.empty()) settings.tls_key = config.tls.key;
  settings.client_authority = config.tls.authority;
  return settings;
}

// MissingFrom says what keeps operators from the engine; it also wakes a channel that has gone idle.
std::string MissingFrom(grpc::Channel& engine) {
  return engine.GetState(true) == GRPC_CHANNEL_READY ? "" : "certifier-engine is not connected";
}

// Serve runs until a signal asks for the end.
result::Result<void> Serve(const Config& config) {
  ASSIGN_OR_RETURN(const auto engine, OpenEngine(config));
  auto forwarding = config.forwarding;
  forwarding.strangers = std::make_shared<SourceCalls>(forwarding.max_calls_per_source);
  Services services(engine, forwarding);
  service::GrpcServer server(ServerSettings(config));
  services.AddTo(server);
  service::HealthServer health(config.health_listen, [&engine] { return MissingFrom(*engine); });
  web::WebService page(engine, config.forwarding.default_timeout);
  RETURN_IF_ERROR(server.Start());
  RETURN_IF_ERROR(health.Start());
  RETURN_IF_ERROR(page.Start(PageSettings(config)));
  server.SetServing(true);
  RETURN_IF_ERROR(service::WritePortFile(config.port_file,
                                         {{"grpc", server.port()}, {"health", health.port()}, {"web", page.port()}}));
  service::LogInfo("started", {{"grpc_port", std::int64_t{server.port()}},
                               {"health_port", std::int64_t{health.port()}},
                               {"web_port", std::int64_t{page.port()}}});
  const int signal = service::WaitForSignal();
  service::LogInfo("stopping", {{"signal", std::int64_t{signal}}});
  health.Drain();
  server.SetServing(false);
  const auto until = std::chrono::steady_clock::now() + config.drain_timeout;
  page.Drain(config.drain_timeout);
  const auto left = std::chrono::floor<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  server.Shutdown(std::max(left, std::chrono::milliseconds(0)));
  service::LogInfo("stopped", {});
  return {};
}

}  // namespace

}  // namespace admin

int main(int argc, char** argv) {
  service::BlockSignals();
  const service::GrpcLibrary grpc_library;
  admin::Config config;
  service::Options options("admin-service", "The operators' door to Certifier: gRPC with client certificates.");
  config.Bind(options);
  if (const auto exit_code = options.Parse(argc, argv)) return *exit_code;
  service::StartLog("admin-service", config.log_level);
  for (const std::string& setting : options.Effective()) service::LogInfo("setting", {{"setting", setting}});
  const auto served = admin::Serve(config);
  if (!served) service::LogError("failed", {{"detail", served.error().detail}});
  service::FlushLog();
  return served ? 0 : 1;
}
