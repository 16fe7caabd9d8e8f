#include "ca_directory.h"

#include <algorithm>

#include "certifier/v1/ca_directory.grpc.pb.h"
#include "pki/secret.h"
#include "service/log.h"
#include "service/status_mapping.h"

namespace gateway {
namespace {

using certifier::v1::CaDirectoryService;
using certifier::v1::WatchRequest;
using certifier::v1::WatchResponse;

// Keeps an engine that hangs up after every message from being asked in a tight loop.
constexpr std::chrono::milliseconds kLeastBackoff{10};
// How long a wait for a connection goes on after the directory began to stop.
constexpr std::chrono::milliseconds kStoppingGlance{50};

void LogBuild(const SnapshotBuild& build) {
  for (const auto& left_out : build.left_out) {
    service::LogError("ca_left_out", {{"ca", std::string_view(left_out.ca)},
                                      {"whole_ca", left_out.is_whole_ca},
                                      {"reason", result::ToString(left_out.error.reason)},
                                      {"detail", std::string_view(left_out.error.detail)}});
  }
  const CaEntry* default_ca = build.snapshot->default_ca();
  service::LogInfo("ca_directory", {{"version", static_cast<std::int64_t>(build.snapshot->version())},
                                    {"cas", static_cast<std::int64_t>(build.snapshot->cas().size())},
                                    {"default", default_ca ? std::string_view(default_ca->name) : ""}});
}

void WipeKeys(WatchResponse& directory) {
  const auto wipe = [](certifier::v1::CaBundle::CaGeneration& generation) {
    for (auto& ra : *generation.mutable_registration_authorities()) pki::Wipe(*ra.mutable_private_key());
  };
  for (auto& ca : *directory.mutable_cas()) {
    if (ca.has_active()) wipe(*ca.mutable_active());
    if (ca.has_next()) wipe(*ca.mutable_next());
    for (auto& retired : *ca.mutable_retired()) wipe(retired);
  }
}

}  // namespace

CaDirectory::CaDirectory(std::shared_ptr<grpc::Channel> channel, Settings settings, OpenEngineKey open_key,
                         Adopted adopted)
    : channel_(std::move(channel)),
      settings_(settings),
      open_key_(std::move(open_key)),
      adopted_(std::move(adopted)),
      thread_([this] { Run(); }) {}

CaDirectory::~CaDirectory() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    if (watching_ != nullptr) watching_->TryCancel();
  }
  stopping_.notify_all();
  thread_.join();
}

std::shared_ptr<const CaSnapshot> CaDirectory::Snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

void CaDirectory::Run() {
  auto backoff = kLeastBackoff;
  bool has_received = false;
  while (WatchOnce(has_received)) {
    backoff = has_received ? kLeastBackoff : std::min(backoff * 2, settings_.max_backoff);
    if (!Pause(backoff)) return;
  }
}

bool CaDirectory::WatchOnce(bool& has_received) {
  has_received = false;
  grpc::ClientContext context;
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return false;
    watching_ = &context;
  }
  const auto stub = CaDirectoryService::NewStub(channel_);
  const auto stream = stub->Watch(&context, WatchRequest());
  WatchResponse directory, piece;
  while (stream->Read(&piece)) {
    has_received = true;
    directory.set_version(piece.version());
    if (piece.has_scep_service()) *directory.mutable_scep_service() = std::move(*piece.mutable_scep_service());
    for (auto& ca : *piece.mutable_cas()) directory.mutable_cas()->Add(std::move(ca));
    if (piece.has_more()) continue;
    Adopt(directory);
    directory.Clear();
  }
  WipeKeys(directory);
  const grpc::Status status = stream->Finish();
  const std::lock_guard lock(mutex_);
  watching_ = nullptr;
  if (is_stopping_) return false;
  // That no engine can be reached is told once; all else as often as it happens.
  if (has_received || !snapshot_ || status.error_code() != grpc::StatusCode::UNAVAILABLE) {
    const result::Error error = service::FromStatus(status);
    service::LogWarning("ca_directory_lost", {{"code", std::int64_t{status.error_code()}},
                                              {"reason", result::ToString(error.reason)},
                                              {"detail", std::string_view(status.error_message())}});
  }
  return true;
}

bool CaDirectory::Pause(std::chrono::milliseconds backoff) {
  const auto until = std::chrono::system_clock::now() + backoff;
  if (channel_->GetState(true) != GRPC_CHANNEL_READY) {
    // gRPC's own pause between connection attempts grows to seconds; a new CA must be served within one.
    grpc::experimental::ChannelResetConnectionBackoff(channel_.get());
    // Without a call under way nobody polls the socket of an attempt, and it would never end; who waits for it does.
    while (!IsStopping() && std::chrono::system_clock::now() < until) {
      if (channel_->WaitForConnected(std::min(until, std::chrono::system_clock::now() + kStoppingGlance))) break;
    }
    return !IsStopping();
  }
  std::unique_lock lock(mutex_);
  return !stopping_.wait_until(lock, until, [this] { return is_stopping_; });
}

bool CaDirectory::IsStopping() const {
  const std::lock_guard lock(mutex_);
  return is_stopping_;
}

// An engine of a version before sends no settings, and one that is cut off from the database those from before; what
// was set stays in both cases.
void CaDirectory::KeepService(WatchResponse& directory) {
  const bool is_newer =
      directory.has_scep_service() && (!service_ || directory.scep_service().version() > service_->version());
  if (is_newer) service_ = directory.scep_service();
  if (service_) *directory.mutable_scep_service() = *service_;
}

void CaDirectory::Adopt(WatchResponse& directory) {
  KeepService(directory);
  SnapshotBuild build = BuildSnapshot(directory, std::chrono::system_clock::now(), open_key_);
  WipeKeys(directory);
  if (adopted_) adopted_(directory);
  {
    const std::lock_guard lock(mutex_);
    snapshot_ = build.snapshot;
  }
  // Only now, so that who reads of a version in the log is answered by it.
  LogBuild(build);
}

}  // namespace gateway
