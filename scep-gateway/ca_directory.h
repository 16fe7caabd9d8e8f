#ifndef CERTIFIER_SCEP_GATEWAY_CA_DIRECTORY_H
#define CERTIFIER_SCEP_GATEWAY_CA_DIRECTORY_H

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "ca_snapshot.h"

namespace gateway {

// CaDirectory watches the engine's CAs from a thread of its own and holds the newest snapshot, also while no engine can
// be reached. A broken stream is opened again at once, on another engine where the channel knows one, then every
// `max_backoff` at the latest.
class CaDirectory {
 public:
  struct Settings {
    std::chrono::milliseconds max_backoff{500};
  };

  // `adopted` is called, on the directory's thread, with each directory that came, the private keys wiped; it must not
  // block.
  using Adopted = std::function<void(const certifier::v1::WatchResponse&)>;

  // `open_key` as BuildSnapshot takes it.
  CaDirectory(std::shared_ptr<grpc::Channel> channel, Settings settings, OpenEngineKey open_key, Adopted adopted = {});
  // Hangs up and joins.
  ~CaDirectory();

  // Snapshot is the newest; null until the engine was reached once. Safe from any thread.
  std::shared_ptr<const CaSnapshot> Snapshot() const;

 private:
  void Run();
  // Both return false once the directory is stopping. Pause ends early when a lost connection is back.
  bool WatchOnce(bool& has_received);
  bool Pause(std::chrono::milliseconds backoff);
  bool IsStopping() const;
  void Adopt(certifier::v1::WatchResponse& directory);
  void KeepService(certifier::v1::WatchResponse& directory);

  const std::shared_ptr<grpc::Channel> channel_;
  const Settings settings_;
  const OpenEngineKey open_key_;
  const Adopted adopted_;
  std::optional<certifier::v1::ScepServiceSettings> service_;  // The newest that came; of the thread.
  mutable std::mutex mutex_;                                   // Guards the three below.
  std::shared_ptr<const CaSnapshot> snapshot_;
  grpc::ClientContext* watching_ = nullptr;
  bool is_stopping_ = false;
  std::condition_variable stopping_;
  std::thread thread_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_CA_DIRECTORY_H
