#ifndef CERTIFIER_SCEP_GATEWAY_SERVICE_KEEPER_H
#define CERTIFIER_SCEP_GATEWAY_SERVICE_KEEPER_H

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "certifier/v1/ca_directory.pb.h"
#include "http_server.h"

namespace gateway {

// ServiceKeeper has the HTTP front listen where the settings of the SCEP service say, and reports to the engine what
// came of it, on a thread of its own.
class ServiceKeeper {
 public:
  struct Settings {
    // Where to listen while the settings name nothing.
    std::vector<std::string> listen;
    // How often what stands is reported again, and what failed tried again. Below the engine's gateway-report-ttl.
    std::chrono::milliseconds interval = std::chrono::seconds(30);
    // For one report.
    std::chrono::milliseconds deadline = std::chrono::seconds(10);
    // Called after each change of where it listens.
    std::function<void()> rebound = {};
  };

  // `http` outlives this, and listens on `settings.listen` when Start is called.
  ServiceKeeper(std::shared_ptr<grpc::Channel> channel, Settings settings, HttpServer& http);
  // As Stop.
  ~ServiceKeeper();

  void Start();
  // Adopt takes what a directory brings. It never blocks; from any thread.
  void Adopt(const certifier::v1::WatchResponse& directory);
  // Stop tells the engine that this gateway ends, and listens nowhere else any more. Again does nothing.
  void Stop();

 private:
  void Run();
  // Wait returns the settings to apply, once there are new ones or it is time to report again; nothing at the end.
  std::optional<certifier::v1::ScepServiceSettings> Wait(std::chrono::steady_clock::time_point until);
  void Apply(const certifier::v1::ScepServiceSettings& wanted);
  // Report tells whether the engine took it, or never will.
  bool Report(bool is_ending, std::chrono::milliseconds deadline);

  const std::shared_ptr<grpc::Channel> channel_;
  const Settings settings_;
  HttpServer& http_;

  std::mutex mutex_;  // Guards the four below.
  std::condition_variable changed_;
  std::optional<certifier::v1::ScepServiceSettings> wanted_;
  grpc::ClientContext* reporting_ = nullptr;
  bool is_stopping_ = false;

  // Of the thread.
  certifier::v1::ReportScepServiceRequest report_;
  std::vector<std::string> bound_;  // As they were written.
  std::thread thread_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_SERVICE_KEEPER_H
