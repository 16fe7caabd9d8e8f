#include <catch2/catch.hpp>

#include "engine_fixture.h"
#include "support/policy_documents.h"

namespace engine_test {

namespace {

class PolicyFixture : public EngineFixture {
 public:
  // Apply says "" where the policy was taken, else what is wrong with it.
  std::string Apply(const v1::Policy& policy) const {
    v1::ApplyPolicyRequest request;
    *request.mutable_policy() = policy;
    v1::ApplyPolicyResponse response;
    return Call(admin, &v1::PolicyService::Stub::ApplyPolicy, request, &response).error_message();
  }

  const std::unique_ptr<engine::Engine> engine = StartReady();
  const std::shared_ptr<grpc::Channel> admin = Channel(*engine, Role::kAdmin);
};

TEST_CASE_METHOD(PolicyFixture, "a policy with a module that this engine cannot serve is refused", "[engine][policy]") {
  const auto policy = support::PolicyDocument({.name = "strict"});
  CHECK(Apply(policy).empty());
  const auto with = [&](const auto& fill) {
    v1::Policy changed = policy;
    fill(*changed.mutable_receive_request()->add_modules());
    return Apply(changed);
  };
  using Catch::Matchers::Contains;
  const auto limit = [](v1::Module& module) { module.mutable_active_certificate_limit()->set_max(1); };
  const auto rate = [](v1::Module& module) { module.mutable_request_rate_limit()->set_max(1); };
  const auto unique = [](v1::Module& module) { module.mutable_unique_key(); };
  const auto webhook = [](v1::Module& module) {
    module.mutable_webhook()->set_url("https://a.example/");
    module.mutable_webhook()->set_secret("hook");
  };
  CHECK_THAT(with(limit), Contains("not served"));
  CHECK_THAT(with(rate), Contains("not served"));
  CHECK_THAT(with(unique), Contains("not served"));
  CHECK_THAT(with(webhook), Contains("webhooks"));
  const auto one = [](v1::Module& module) { module.mutable_require_approval(); };
  const auto two = [](v1::Module& module) { module.mutable_require_approval()->set_approvals(2); };
  const auto group = [](v1::Module& module) { module.mutable_require_approval()->add_groups("night"); };
  CHECK(with(one).empty());
  CHECK_THAT(with(two), Contains("one approval"));
  CHECK_THAT(with(group), Contains("one approval"));
  v1::Policy viewed = policy;
  viewed.mutable_view_request()->add_modules()->mutable_accept_all();
  CHECK_THAT(Apply(viewed), Contains("view_request"));
}

}  // namespace

}  // namespace engine_test
