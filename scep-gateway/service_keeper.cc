#include "service_keeper.h"

#include <pthread.h>

#include <algorithm>

#include "certifier/v1/ca_directory.grpc.pb.h"
#include "pki/bytes.h"
#include "pki/secret.h"
#include "service/address_list.h"
#include "service/log.h"

namespace gateway {
namespace {

using certifier::v1::ListenFailure;
using certifier::v1::ScepServiceSettings;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kInstanceOctets = 8;
// From a report that no engine took to the next attempt.
constexpr std::chrono::milliseconds kTryAgain{1000};
// For the last report: whoever is stopped is waited for.
constexpr std::chrono::milliseconds kFarewell{500};

ListenFailure FailureFor(Listener::Obstacle obstacle) {
  switch (obstacle) {
    case Listener::Obstacle::kPortTaken:
      return certifier::v1::LISTEN_FAILURE_PORT_TAKEN;
    case Listener::Obstacle::kNotPermitted:
      return certifier::v1::LISTEN_FAILURE_NOT_PERMITTED;
    case Listener::Obstacle::kNoSuchAddress:
      return certifier::v1::LISTEN_FAILURE_NO_SUCH_ADDRESS;
    case Listener::Obstacle::kMalformed:
    case Listener::Obstacle::kOther:
      break;
  }
  return certifier::v1::LISTEN_FAILURE_OTHER;
}

}  // namespace

ServiceKeeper::ServiceKeeper(std::shared_ptr<grpc::Channel> channel, Settings settings, HttpServer& http)
    : channel_(std::move(channel)), settings_(std::move(settings)), http_(http), bound_(settings_.listen) {
  const auto instance = pki::RandomBytes(kInstanceOctets);
  report_.set_instance(instance ? pki::HexLower(*instance) : "unnamed");
}

ServiceKeeper::~ServiceKeeper() {
  Stop();
}

void ServiceKeeper::Start() {
  thread_ = std::thread([this] { Run(); });
}

void ServiceKeeper::Adopt(const certifier::v1::WatchResponse& directory) {
  if (!directory.has_scep_service()) return;
  {
    const std::lock_guard lock(mutex_);
    if (wanted_ && wanted_->version() == directory.scep_service().version()) return;
    wanted_ = directory.scep_service();
  }
  changed_.notify_all();
}

void ServiceKeeper::Stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    if (reporting_ != nullptr) reporting_->TryCancel();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ServiceKeeper::Run() {
  pthread_setname_np(pthread_self(), "service");
  auto until = Clock::time_point::max();
  while (const auto wanted = Wait(until)) {
    Apply(*wanted);
    const bool is_reported = Report(false, settings_.deadline);
    until = Clock::now() + (is_reported ? settings_.interval : std::min(kTryAgain, settings_.interval));
  }
  if (report_.applied_version() == 0) return;
  Report(true, kFarewell);
}

std::optional<ScepServiceSettings> ServiceKeeper::Wait(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  const auto is_new = [this] { return is_stopping_ || (wanted_ && wanted_->version() != report_.applied_version()); };
  if (until == Clock::time_point::max()) {
    changed_.wait(lock, is_new);
  } else {
    changed_.wait_until(lock, until, is_new);
  }
  if (is_stopping_) return std::nullopt;
  return wanted_;
}

void ServiceKeeper::Apply(const ScepServiceSettings& wanted) {
  const auto listen = wanted.listen().empty() ? settings_.listen : service::SplitAddresses(wanted.listen());
  const auto version = static_cast<std::int64_t>(wanted.version());
  const bool is_new = wanted.version() != report_.applied_version();
  report_.set_applied_version(wanted.version());
  report_.set_failure(certifier::v1::LISTEN_FAILURE_UNSPECIFIED);
  if (listen != bound_) {
    const auto rebound = http_.Rebind(listen);
    if (rebound) {
      bound_ = listen;
      if (settings_.rebound) settings_.rebound();
      service::LogInfo("listen_changed",
                       {{"listen", std::string_view(service::JoinAddresses(http_.addresses()))}, {"version", version}});
    } else {
      report_.set_failure(FailureFor(rebound.error().obstacle));
      // Told once for each change; it is tried again and again.
      if (is_new) {
        service::LogError("listen_failed",
                          {{"detail", std::string_view(rebound.error().error.detail)}, {"version", version}});
      }
    }
  }
  report_.set_listen(service::JoinAddresses(http_.addresses()));
}

bool ServiceKeeper::Report(bool is_ending, std::chrono::milliseconds deadline) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_ && !is_ending) return false;
    if (!is_ending) reporting_ = &context;
  }
  report_.set_is_ending(is_ending);
  certifier::v1::ReportScepServiceResponse response;
  const auto stub = certifier::v1::CaDirectoryService::NewStub(channel_);
  const grpc::Status status = stub->ReportScepService(&context, report_, &response);
  const std::lock_guard lock(mutex_);
  reporting_ = nullptr;
  // An engine that knows of no reports will not take the next one either.
  return status.ok() || status.error_code() == grpc::StatusCode::UNIMPLEMENTED;
}

}  // namespace gateway
