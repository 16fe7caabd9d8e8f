#ifndef CERTIFIER_TESTS_UNIT_GATEWAY_SCEP_FIXTURE_H
#define CERTIFIER_TESTS_UNIT_GATEWAY_SCEP_FIXTURE_H

#include <map>
#include <memory>
#include <string>

#include "scep/client.h"
#include "scep_endpoint.h"
#include "scep_http.h"
#include "tests/unit/gateway/fake_engine.h"
#include "tests/unit/gateway/test_directory.h"

namespace gateway {

// ScepFixture is an endpoint with its HTTP binding over two CAs, "demo" (the default) and "other", and a fake engine.
// demo has the default options but for the fields that `options` has.
class ScepFixture {
 public:
  explicit ScepFixture(const ScepEndpoint::Settings& settings = {}, const certifier::v1::CaOptions& options = {});

  FakeEngine engine;
  TestIssuer demo, other;
  certifier::v1::CaBundle demo_bundle, other_bundle;
  std::shared_ptr<const CaSnapshot> snapshot;
  std::map<std::string, std::string> crls;  // By "NAME/NUMBER" of the generation.

  // Device is a client of demo's RA with an RSA key.
  scep::Client Device(scep::Client::Options options = {}) const;
  // PkcsReq is a message of `client` with a good PKCS#10 inside.
  static pki::Bytes PkcsReq(scep::Client& client);
  static KeyPtr device_key() { return TestKey("rsa-2048", 7); }
  // Certificate is what the engine would issue to the device.
  pki::Bytes Certificate() const;

  // Each waits for the answer.
  ScepAnswer Call(ScepCall call);
  ScepAnswer Operate(pki::Bytes message, std::string profile = {});
  HttpResponse Http(std::string method, std::string target, std::string body = {});
  // HttpFrom is a POST of a PKIMessage from a peer.
  HttpResponse HttpFrom(std::string peer, std::string body);
  HttpResponse Get(std::string target) { return Http("GET", std::move(target)); }

 private:
  std::shared_ptr<const std::string> CrlOf(const CrlName& name) const;
  std::unique_ptr<service::WorkerPool> workers_;
  std::unique_ptr<ScepEndpoint> endpoint_;
  std::unique_ptr<ScepHttp> http_;
};

}  // namespace gateway

#endif  // CERTIFIER_TESTS_UNIT_GATEWAY_SCEP_FIXTURE_H
