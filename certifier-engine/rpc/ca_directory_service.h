#ifndef CERTIFIER_ENGINE_RPC_CA_DIRECTORY_SERVICE_H
#define CERTIFIER_ENGINE_RPC_CA_DIRECTORY_SERVICE_H

#include <memory>
#include <mutex>
#include <vector>

#include "authority/directory.h"
#include "certifier/v1/ca_directory.grpc.pb.h"
#include "clock.h"
#include "service/worker_pool.h"
#include "store/scep_service.h"

namespace engine::rpc {

// CaDirectoryService streams the directory and the CRLs to gateways, and takes their reports. A slow gateway gets the
// newest state when it is ready for it, not each one in between.
class CaDirectoryService final : public certifier::v1::CaDirectoryService::CallbackService {
 public:
  struct Parts {
    authority::Directory& directory;
    store::ScepServiceStore& store;
    service::WorkerPool& report_workers;  // Apart from the others: gateways may be many, and restart together.
    Clock clock;
    std::uint32_t most_reports = 100;  // Of one gateway name that are kept.
  };
  // References must outlive the service's calls.
  explicit CaDirectoryService(Parts parts) : parts_(std::move(parts)), directory_(parts_.directory) {}

  grpc::ServerWriteReactor<certifier::v1::WatchResponse>* Watch(grpc::CallbackServerContext* context,
                                                                const certifier::v1::WatchRequest* request) override;

  grpc::ServerWriteReactor<certifier::v1::FetchCrlResponse>* FetchCrl(
      grpc::CallbackServerContext* context, const certifier::v1::FetchCrlRequest* request) override;

  grpc::ServerUnaryReactor* ReportScepService(grpc::CallbackServerContext* context,
                                              const certifier::v1::ReportScepServiceRequest* request,
                                              certifier::v1::ReportScepServiceResponse* response) override;

  // EndWatches ends every stream with UNAVAILABLE and refuses new ones, so that a shutdown need not wait for them.
  void EndWatches();

 private:
  class Watcher;
  const Parts parts_;
  authority::Directory& directory_;
  std::mutex mutex_;  // Guards the two below.
  bool is_ending_ = false;
  std::vector<std::weak_ptr<Watcher>> watchers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_CA_DIRECTORY_SERVICE_H
