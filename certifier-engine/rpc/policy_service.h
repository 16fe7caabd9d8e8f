#ifndef CERTIFIER_ENGINE_RPC_POLICY_SERVICE_H
#define CERTIFIER_ENGINE_RPC_POLICY_SERVICE_H

#include "authority/directory.h"
#include "certifier/v1/policy.grpc.pb.h"
#include "enrollment/policy_replay.h"
#include "enrollment/policy_trial.h"
#include "operators/door.h"
#include "policy/webhook_caller.h"
#include "service/worker_pool.h"

namespace engine::rpc {

// PolicyService keeps policies for administrators. References must outlive its calls.
class PolicyService final : public certifier::v1::PolicyService::CallbackService {
 public:
  struct Parts {
    store::AdministrationStore& store;
    authority::Directory& directory;
    const enrollment::PolicyTrial& trial;
    const enrollment::PolicyReplay& replay;
    const operators::Door& door;
    service::WorkerPool& workers;
    // Both null where none is called. Trials that call some run on these workers, so that slow ones hold no other call.
    const policy::WebhookCaller* webhooks = nullptr;
    service::WorkerPool* webhook_workers = nullptr;
  };
  explicit PolicyService(const Parts& parts)
      : store_(parts.store),
        directory_(parts.directory),
        trial_(parts.trial),
        replay_(parts.replay),
        door_(parts.door),
        workers_(parts.workers),
        webhooks_(parts.webhooks),
        webhook_workers_(parts.webhook_workers) {}

  grpc::ServerUnaryReactor* ApplyPolicy(grpc::CallbackServerContext* context,
                                        const certifier::v1::ApplyPolicyRequest* request,
                                        certifier::v1::ApplyPolicyResponse* response) override;
  grpc::ServerUnaryReactor* RollbackPolicy(grpc::CallbackServerContext* context,
                                           const certifier::v1::RollbackPolicyRequest* request,
                                           certifier::v1::RollbackPolicyResponse* response) override;
  grpc::ServerUnaryReactor* GetPolicy(grpc::CallbackServerContext* context,
                                      const certifier::v1::GetPolicyRequest* request,
                                      certifier::v1::GetPolicyResponse* response) override;
  grpc::ServerUnaryReactor* ListPolicies(grpc::CallbackServerContext* context,
                                         const certifier::v1::ListPoliciesRequest* request,
                                         certifier::v1::ListPoliciesResponse* response) override;
  grpc::ServerUnaryReactor* ListPolicyVersions(grpc::CallbackServerContext* context,
                                               const certifier::v1::ListPolicyVersionsRequest* request,
                                               certifier::v1::ListPolicyVersionsResponse* response) override;
  grpc::ServerUnaryReactor* DescribeModules(grpc::CallbackServerContext* context,
                                            const certifier::v1::DescribeModulesRequest* request,
                                            certifier::v1::DescribeModulesResponse* response) override;
  grpc::ServerUnaryReactor* TestPolicy(grpc::CallbackServerContext* context,
                                       const certifier::v1::TestPolicyRequest* request,
                                       certifier::v1::TestPolicyResponse* response) override;
  grpc::ServerUnaryReactor* ReplayPolicy(grpc::CallbackServerContext* context,
                                         const certifier::v1::ReplayPolicyRequest* request,
                                         certifier::v1::ReplayPolicyResponse* response) override;

 private:
  result::Result<void> Apply(const certifier::v1::Policy& document, store::NewPolicyVersion next,
                             certifier::v1::PolicyVersion& applied);
  result::Result<void> Rollback(const certifier::v1::RollbackPolicyRequest& request, const std::string& login,
                                certifier::v1::PolicyVersion& applied);

  store::AdministrationStore& store_;
  authority::Directory& directory_;
  const enrollment::PolicyTrial& trial_;
  const enrollment::PolicyReplay& replay_;
  const operators::Door& door_;
  service::WorkerPool& workers_;
  const policy::WebhookCaller* const webhooks_;
  service::WorkerPool* const webhook_workers_;
};

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_POLICY_SERVICE_H
