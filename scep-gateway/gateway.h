#ifndef CERTIFIER_SCEP_GATEWAY_GATEWAY_H
#define CERTIFIER_SCEP_GATEWAY_GATEWAY_H

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ca_directory.h"
#include "engine_key.h"
#include "grpc_engine_client.h"
#include "http_server.h"
#include "publication_http.h"
#include "publisher.h"
#include "scep_endpoint.h"
#include "scep_http.h"
#include "service_keeper.h"
#include "source_address.h"

namespace gateway {

// Gateway is the parts of the process put together, with the one order in which they stop.
class Gateway {
 public:
  struct Settings {
    std::vector<std::string> listen;
    std::vector<std::string> paths;
    HttpLimits http;
    ScepEndpoint::Settings scep;
    std::size_t workers = 0;  // 0: one for each core.
    std::size_t max_queued = 512;
    std::size_t engine_key_workers = 16;
    GrpcEngineClient::Settings engine;
    std::vector<Network> trusted_proxies;
    Publisher::Settings publisher;
    PublicationHttp::Settings publication;
    // Called after the settings of the SCEP service had it listen elsewhere, on a thread of its own.
    std::function<void()> rebound = {};
    std::chrono::milliseconds service_report_interval = std::chrono::seconds(30);
  };

  // `channel` leads to the engine; it may be away.
  Gateway(Settings settings, std::shared_ptr<grpc::Channel> channel);
  // Stops, cutting what is in flight.
  ~Gateway();

  // Start listens. As HttpServer::Start.
  result::Result<void> Start();
  int port() const { return http_.port(); }
  // What keeps the gateway from its work, a line each; empty: ready.
  std::string Missing() const;
  // Gauges.
  std::size_t connections() const { return http_.connections(); }
  std::size_t in_flight() const { return http_.in_flight(); }
  std::size_t queued() const { return workers_->queued() + engine_key_workers_->queued(); }

  // Stop takes no new connection, finishes what is in flight within `deadline` and cuts the rest. True: nothing was
  // cut.
  bool Stop(std::chrono::milliseconds deadline);

 private:
  std::shared_ptr<const std::string> CrlOf(const CrlName& name) const;

  Publisher publisher_;
  EngineKeys engine_keys_;
  ServiceKeeper keeper_;
  CaDirectory directory_;
  GrpcEngineClient engine_;
  std::unique_ptr<service::WorkerPool> workers_;
  std::unique_ptr<service::WorkerPool> engine_key_workers_;
  ScepEndpoint endpoint_;
  ScepHttp scep_;
  PublicationHttp publication_;
  const std::vector<Network> trusted_proxies_;
  HttpServer http_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_GATEWAY_H
