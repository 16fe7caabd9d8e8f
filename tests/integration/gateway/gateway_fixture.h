#ifndef CERTIFIER_TESTS_INTEGRATION_GATEWAY_GATEWAY_FIXTURE_H
#define CERTIFIER_TESTS_INTEGRATION_GATEWAY_GATEWAY_FIXTURE_H

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fake_engine_server.h"
#include "http_client.h"
#include "scep/client.h"
#include "support/child.h"
#include "support/test_certificates.h"
#include "tests/unit/gateway/test_directory.h"

namespace gateway {

using support::Eventually;

// GatewayFixture is the scep-gateway program in front of fake engines, over mutual TLS, and a device that enrols.
class GatewayFixture {
 public:
  using Role = service::Role;

  GatewayFixture();
  // Stops the program, which must end well.
  ~GatewayFixture();

  // MakeEngine serves CA "demo", for which it issues certificates. Without `listen` it is on the fixture's socket.
  std::unique_ptr<FakeEngineServer> MakeEngine(const std::string& listen = {}) {
    return MakeEngine(certificates.Issue(Role::kEngine, "engine"), listen);
  }
  std::unique_ptr<FakeEngineServer> MakeEngine(const service::TlsFiles& tls, const std::string& listen = {});
  // Start runs the program with further flags; the engine is the one on the fixture's socket unless `target` says
  // otherwise. It returns when the program listens.
  void Start(const std::vector<std::string>& flags = {}, const std::string& target = {});
  // StartReady does that and waits until the program has a snapshot.
  void StartReady(const std::vector<std::string>& flags = {}, const std::string& target = {});

  int port() const { return port_; }
  support::Child& program() { return *program_; }
  // The status of a GET on the health port; 0 if nobody answers.
  int HealthStatus(const std::string& path) const { return Health(path).first; }
  std::pair<int, std::string> Health(const std::string& path) const;
  // Device is a new client of CA "demo" with the key of that number.
  scep::Client Device(int number = 0) const;
  // AsPost is the octets of a POST of a message, PkcsReq those of a device's request.
  static std::string AsPost(const pki::Bytes& message);
  static std::string PkcsReq(scep::Client& device, int number = 0);
  // Enrol asks for a certificate and returns the HTTP answer. In words: "SUCCESS", "FAILURE badRequest", "503" ...
  HttpReply Enrol();
  std::string EnrolInWords();
  static std::string InWords(const scep::Client& device, const std::optional<HttpReply>& reply);
  // DirectoryOf is what an engine publishes: "demo" first, and the further CAs named.
  certifier::v1::WatchResponse DirectoryOf(const std::vector<std::string>& further, std::uint64_t version) const;

  // Of "demo", beside the defaults; before MakeEngine and DirectoryOf.
  certifier::v1::CaOptions options;
  support::TestCertificates certificates;

 private:
  support::Directory directory_;
  const TestIssuer demo_;
  const certifier::v1::CaBundle bundle_;
  std::optional<support::Child> program_;
  int port_ = 0, health_port_ = 0;
};

}  // namespace gateway

#endif  // CERTIFIER_TESTS_INTEGRATION_GATEWAY_GATEWAY_FIXTURE_H
