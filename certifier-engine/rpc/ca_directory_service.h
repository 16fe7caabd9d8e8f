#ifndef CERTIFIER_ENGINE_RPC_CA_DIRECTORY_SERVICE_H
#define CERTIFIER_ENGINE_RPC_CA_DIRECTORY_SERVICE_H

#include <memory>
#include <mutex>
#include <vector>

#include "authority/directory.h"
#include "certifier/v1/ca_directory.grpc.pb.h"

namespace engine::rpc {

// CaDirectoryService streams the directory and the CRLs to gateways. A slow gateway gets the newest state when it is
// ready for it, not each one in between.
class CaDirectoryService final : public certifier::v1::CaDirectoryService::CallbackService {
 public:
  // `directory` must outlive the service's calls.
  explicit CaDirectoryService(authority::Directory& directory) : directory_(directory) {}

  grpc::ServerWriteReactor<certifier::v1::WatchResponse>* Watch(grpc::CallbackServerContext* context,
                                                                const certifier::v1::WatchRequest* request) override;

  grpc::ServerWriteReactor<certifier::v1::FetchCrlResponse>* FetchCrl(
      grpc::CallbackServerContext* context, const certifier::v1::FetchCrlRequest* request) override;

  // EndWatches ends every stream with UNAVAILABLE and refuses new ones, so that a shutdown need not wait for them.
  void EndWatches();

 private:
  class Watcher;
  authority::Directory& directory_;
  std::mutex mutex_;  // Guards the two below.
  bool is_ending_ = false;
  std::vector<std::weak_ptr<Watcher>> watchers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_CA_DIRECTORY_SERVICE_H
