#include "gateway.h"

#include <algorithm>
#include <thread>

namespace gateway {
namespace {

std::size_t WorkersOf(const Gateway::Settings& settings) {
  if (settings.workers > 0) return settings.workers;
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace

Gateway::Gateway(Settings settings, std::shared_ptr<grpc::Channel> channel)
    : publisher_(channel, settings.publisher),
      engine_keys_(channel, settings.engine.deadline),
      keeper_(channel,
              {.listen = settings.listen,
               .interval = settings.service_report_interval,
               .deadline = settings.engine.deadline,
               .rebound = std::move(settings.rebound)},
              http_),
      directory_(
          channel, {}, [this](const KeyName& name, const pki::PublicKey& key) { return engine_keys_.Open(name, key); },
          [this](const auto& directory) {
            publisher_.Adopt(directory);
            keeper_.Adopt(directory);
          }),
      engine_(channel, settings.engine),
      workers_(std::make_unique<service::WorkerPool>("scep-worker", WorkersOf(settings), settings.max_queued)),
      engine_key_workers_(
          std::make_unique<service::WorkerPool>("engine-key", settings.engine_key_workers, settings.max_queued)),
      endpoint_(settings.scep, {.snapshot = [this] { return directory_.Snapshot(); },
                                .engine = engine_,
                                .workers = *workers_,
                                .engine_key_workers = *engine_key_workers_,
                                .crl = [this](const CrlName& name) { return CrlOf(name); },
                                .now = [] { return std::chrono::system_clock::now(); }}),
      scep_(std::move(settings.paths), endpoint_),
      publication_(settings.publication, {.find = [this](std::string_view ca) { return publisher_.Find(ca); },
                                          .has_directory = [this] { return publisher_.has_directory(); },
                                          .now = [] { return std::chrono::system_clock::now(); }}),
      trusted_proxies_(std::move(settings.trusted_proxies)),
      http_(std::move(settings.listen), settings.http, [this](HttpRequest request, Respond respond) {
        request.peer = SourceOf(request.peer, request.forwarded_for, trusted_proxies_);
        if (!publication_.Handle(request, respond)) scep_.Handle(std::move(request), std::move(respond));
      }) {}

Gateway::~Gateway() {
  Stop(std::chrono::milliseconds(0));
  // Before the endpoint goes: the last tasks still work with it.
  workers_.reset();
  engine_key_workers_.reset();
}

std::shared_ptr<const std::string> Gateway::CrlOf(const CrlName& name) const {
  const auto publication = publisher_.Find(name.ca + "/" + std::to_string(name.generation));
  return publication && publication->crl ? publication->crl->octets : nullptr;
}

result::Result<void> Gateway::Start() {
  RETURN_IF_ERROR(http_.Start());
  keeper_.Start();
  return {};
}

std::string Gateway::Missing() const {
  return directory_.Snapshot() ? std::string() : std::string("no CA directory from the engine yet\n");
}

bool Gateway::Stop(std::chrono::milliseconds deadline) {
  keeper_.Stop();
  const bool is_drained = http_.Drain(deadline);
  // The engine's last answers still need a worker, and a worker's last tasks may still ask the engine: its calls end
  // first, and later ones fail at once.
  engine_.Shutdown();
  engine_keys_.Shutdown();
  return is_drained;
}

}  // namespace gateway
