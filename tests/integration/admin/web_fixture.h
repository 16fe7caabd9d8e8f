#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_WEB_FIXTURE_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_WEB_FIXTURE_H

#include <httplib.h>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>

#include "fake_engine.h"
#include "service/grpc_channel.h"
#include "support/test_certificates.h"
#include "web/web_service.h"

namespace admin_test {

// WebFixture is the operators' page in front of a fake engine, over real TLS.
class WebFixture {
 public:
  explicit WebFixture(web::HttpLimits limits = {}, const std::string& client_certificates = "optional") {
    std::signal(SIGPIPE, SIG_IGN);  // As the service's main does.
    engine_ = std::make_unique<FakeEngine>(certificates_.Issue(service::Role::kEngine, "engine"));
    tls_ = certificates_.IssueAs(
        {.name = "admin", .uris = {service::RoleUri(service::Role::kAdmin)}, .names = {{"ip", "127.0.0.1"}}});
    service::ChannelSettings to_engine;
    to_engine.target = "ipv4:" + engine_->address();
    to_engine.tls = tls_;
    to_engine.server_role = service::Role::kEngine;
    auto channel = service::OpenChannel(to_engine);
    if (!channel) throw std::runtime_error(channel.error().detail);
    channel_ = *channel;
    page_ = std::make_unique<web::WebService>(channel_, std::chrono::seconds(10));
    const web::WebSettings settings{.listen = "127.0.0.1:0",
                                    .tls_certificate = tls_.certificate,
                                    .tls_key = tls_.key,
                                    .client_certificates = client_certificates,
                                    .client_authority = tls_.authority,
                                    .limits = limits};
    if (const auto started = page_->Start(settings); !started) throw std::runtime_error(started.error().detail);
  }
  ~WebFixture() {
    page_.reset();
    engine_->Stop();
  }

  FakeEngine& engine() { return *engine_; }
  // As the page calls it.
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  web::WebService& page() { return *page_; }
  int port() const { return page_->port(); }
  std::string origin() const { return "https://127.0.0.1:" + std::to_string(port()); }

  support::TestCertificates& certificates() { return certificates_; }

  // A client that trusts the page's internal CA, shows the certificate in `shown` if there is one, and keeps no cookie.
  std::unique_ptr<httplib::SSLClient> Client(const service::TlsFiles* shown = nullptr) const {
    const service::TlsFiles none;
    const auto& files = shown == nullptr ? none : *shown;
    auto client = std::make_unique<httplib::SSLClient>("127.0.0.1", port(), files.certificate, files.key);
    client->set_ca_cert_path(tls_.authority.c_str());
    client->enable_server_certificate_verification(true);
    client->set_read_timeout(20);
    return client;
  }

 private:
  support::TestCertificates certificates_;
  service::TlsFiles tls_;
  std::unique_ptr<FakeEngine> engine_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<web::WebService> page_;
};

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_WEB_FIXTURE_H
