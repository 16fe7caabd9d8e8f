#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_SCEP_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_SCEP_H

#include <functional>
#include <mutex>

#include "certifier/v1/scep_service.grpc.pb.h"

namespace admin_test {

class EngineJournal;

// FakeScep keeps settings as it is told, and judges none. It begins with version 1, everything allowed and the gateways
// "gw/a" and "gw/b", which apply at once what is set.
class FakeScep final : public certifier::v1::ScepService::Service {
 public:
  explicit FakeScep(EngineJournal& journal);
  grpc::Status GetScepService(grpc::ServerContext* context, const certifier::v1::GetScepServiceRequest* request,
                              certifier::v1::GetScepServiceResponse* response) override;
  grpc::Status UpdateScepService(grpc::ServerContext* context, const certifier::v1::UpdateScepServiceRequest* request,
                                 certifier::v1::UpdateScepServiceResponse* response) override;

  // What "gw/b" does from now on in place of applying.
  using Apply = std::function<void(const certifier::v1::ScepServiceSettings&, certifier::v1::ScepGateway&)>;
  void set_apply(Apply apply);
  // Report takes the place of what the gateway of this name and instance said last.
  void Report(const certifier::v1::ScepGateway& gateway);
  certifier::v1::UpdateScepServiceRequest updated() const;

 private:
  EngineJournal& journal_;
  mutable std::mutex mutex_;  // Guards all below.
  certifier::v1::GetScepServiceResponse service_;
  certifier::v1::UpdateScepServiceRequest updated_;
  Apply apply_;
};

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_SCEP_H
