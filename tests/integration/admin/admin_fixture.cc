#include "admin_fixture.h"

#include <stdexcept>

#include "pki/certificate.h"
#include "pki/digest.h"

namespace admin_test {

namespace {

template <class T>
T Must(result::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

}  // namespace

AdminFixture::AdminFixture() {
  engine_ = std::make_unique<FakeEngine>(Files(Role::kEngine, "engine"));
  const service::TlsFiles tls = Files(Role::kAdmin, "admin");
  service::ChannelSettings to_engine;
  to_engine.target = "ipv4:" + engine_->address();
  to_engine.tls = tls;
  to_engine.server_role = Role::kEngine;
  admin::ForwardingSettings forwarding;
  forwarding.strangers = std::make_shared<admin::SourceCalls>(forwarding.max_calls_per_source);
  services_ = std::make_unique<admin::Services>(Must(service::OpenChannel(to_engine)), forwarding);
  server_ = std::make_unique<service::GrpcServer>(service::GrpcServer::Settings{
      .tls = tls, .lets_strangers_knock = true, .methods_for_strangers = admin::Services::MethodsForStrangers()});
  services_->AddTo(*server_);
  if (const auto started = server_->Start(); !started) throw std::runtime_error(started.error().detail);
  server_->SetServing(true);
}

AdminFixture::~AdminFixture() {
  engine_->Stop();
  server_->Shutdown(std::chrono::seconds(1));
}

std::shared_ptr<grpc::Channel> AdminFixture::Channel(const service::TlsFiles& tls, const std::string& address) {
  service::ChannelSettings settings;
  settings.target = address;
  settings.tls = tls;
  settings.server_role = Role::kAdmin;
  return Must(service::OpenChannel(settings));
}

std::string AdminFixture::CallerWith(const service::TlsFiles& tls) {
  const auto certificate = Must(pki::Certificate::FromPem(ReadFile(tls.certificate)));
  return "certificate " + pki::HexLower(pki::Digest(pki::DigestAlgorithm::kSha256, certificate.der()));
}

}  // namespace admin_test
