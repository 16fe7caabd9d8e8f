#ifndef CERTIFIER_TESTS_INTEGRATION_ENGINE_ENGINE_FIXTURE_H
#define CERTIFIER_TESTS_INTEGRATION_ENGINE_ENGINE_FIXTURE_H

#include <functional>
#include <memory>
#include <string>

#include "certifier/v1/ca.grpc.pb.h"
#include "certifier/v1/certificate.grpc.pb.h"
#include "certifier/v1/enrollment.grpc.pb.h"
#include "certifier/v1/entity.grpc.pb.h"
#include "certifier/v1/operator.grpc.pb.h"
#include "certifier/v1/policy.grpc.pb.h"
#include "certifier/v1/pre_shared_key.grpc.pb.h"
#include "certifier/v1/request.grpc.pb.h"
#include "cluster.h"
#include "engine.h"
#include "service/rpc.h"
#include "support/access.h"
#include "support/test_certificates.h"
#include "tests/unit/engine/device.h"

namespace engine_test {

namespace v1 = certifier::v1;
using service::Role;
using support::Eventually;

// EngineFixture runs whole engines on a database of its own, and calls them over mutual TLS as a gateway and as the
// admin service for operator "alice", a super-user.
class EngineFixture {
 public:
  EngineFixture();

  using Tweak = std::function<void(engine::Config&)>;
  // Start runs one more engine on the same database; it need not be ready.
  std::unique_ptr<engine::Engine> Start(const Tweak& tweak = {});
  // StartReady waits until it is.
  std::unique_ptr<engine::Engine> StartReady(const Tweak& tweak = {});

  std::shared_ptr<grpc::Channel> Channel(const engine::Engine& engine, Role role);

  // MakeCa makes CA "demo", with the entity "device-1", and returns a key for both.
  std::string MakeCa(const engine::Engine& engine, const std::string& algorithm = "ecdsa-p256");
  // Submission is a good request of `device`.
  static v1::SubmitRequest Submission(const Device& device, const std::string& challenge,
                                      const std::string& transaction_id = "tx-1");
  // Rows of requests, certificates and uses of keys.
  int Rows() const;
  const std::string& database() const { return database_; }

  support::TestCertificates certificates;

 protected:
  const std::string database_;

 private:
  support::Directory directory_;
};

// Call makes one RPC within 10 s.
template <class Stub, class Request, class Response>
grpc::Status Call(const std::shared_ptr<grpc::Channel>& channel,
                  grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*), const Request& request,
                  Response* response, const std::string& login = "alice") {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  support::ActAs(context, login);
  Stub stub(channel);
  return (stub.*rpc)(&context, request, response);
}

// Submit in words: "issued", "pending", "badRequest", or the name of the status, such as "NOT_FOUND".
std::string Submit(const std::shared_ptr<grpc::Channel>& gateway, const v1::SubmitRequest& request);
std::string InWords(const grpc::Status& status, const v1::SubmitResponse& response);

}  // namespace engine_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ENGINE_ENGINE_FIXTURE_H
