#include <atomic>
#include <catch2/catch.hpp>
#include <pqxx/pqxx>
#include <thread>

#include "engine_fixture.h"
#include "support/policy_documents.h"

namespace engine_test {

namespace {

class PolicyFixture : public EngineFixture {
 public:
  // Apply says "" where the policy was taken, else what is wrong with it.
  std::string Apply(const v1::Policy& policy, std::optional<std::uint32_t> expected = std::nullopt) const {
    v1::ApplyPolicyRequest request;
    if (expected) request.set_expected_version(*expected);
    *request.mutable_policy() = policy;
    v1::ApplyPolicyResponse response;
    return Call(admin, &v1::PolicyService::Stub::ApplyPolicy, request, &response).error_message();
  }

  // RollBack does so with "routers"; as Apply.
  std::string RollBack(std::uint32_t version, std::uint32_t expected) const {
    v1::RollbackPolicyRequest request;
    request.set_name("routers");
    request.set_version(version);
    request.set_expected_version(expected);
    v1::RollbackPolicyResponse response;
    return Call(admin, &v1::PolicyService::Stub::RollbackPolicy, request, &response).error_message();
  }

  v1::PolicyVersion Get(std::uint32_t version) const {
    v1::GetPolicyRequest request;
    request.set_name("routers");
    request.set_version(version);
    v1::GetPolicyResponse response;
    REQUIRE(Call(admin, &v1::PolicyService::Stub::GetPolicy, request, &response).ok());
    return response.policy();
  }

  v1::ListPolicyVersionsResponse History(const std::string& name, std::uint32_t size, const std::string& token) const {
    v1::ListPolicyVersionsRequest request;
    request.set_name(name);
    request.set_page_size(size);
    request.set_page_token(token);
    v1::ListPolicyVersionsResponse response;
    REQUIRE(Call(admin, &v1::PolicyService::Stub::ListPolicyVersions, request, &response).ok());
    return response;
  }

  // Certificates that are revoked, and that are not.
  int Revoked() const { return Count(true); }
  int Good() const { return Count(false); }

  const std::unique_ptr<engine::Engine> engine = StartReady();
  const std::shared_ptr<grpc::Channel> admin = Channel(*engine, Role::kAdmin);

 private:
  int Count(bool is_revoked) const {
    v1::ListCertificatesResponse response;
    REQUIRE(
        Call(admin, &v1::CertificateService::Stub::ListCertificates, v1::ListCertificatesRequest(), &response).ok());
    int count = 0;
    for (const auto& certificate : response.certificates()) count += certificate.has_revocation() == is_revoked ? 1 : 0;
    return count;
  }
};

TEST_CASE_METHOD(PolicyFixture, "a policy is rolled back to an earlier version by a new one", "[engine][policy]") {
  REQUIRE(Apply(support::PolicyDocument({.name = "routers", .days = 30})).empty());
  REQUIRE(Apply(support::PolicyDocument({.name = "routers", .days = 7})).empty());
  CHECK(RollBack(2, 1) == "version 1 is not the latest of this policy, or not any more");
  CHECK(RollBack(2, 2) == "that version is the latest already");
  CHECK(RollBack(7, 2) == "no such policy, or it has no version 7");
  CHECK(RollBack(0, 2) == "a version is a number from 1");
  CHECK(Get(0).version() == 2);

  CHECK(RollBack(1, 2).empty());
  CHECK(Get(0).version() == 3);
  CHECK(Get(0).applied_by() == "alice");
  CHECK(Get(0).policy().SerializeAsString() == Get(1).policy().SerializeAsString());
  CHECK(Get(0).policy().SerializeAsString() != Get(2).policy().SerializeAsString());
}

TEST_CASE_METHOD(PolicyFixture, "two operators who edit the same version do not overwrite each other",
                 "[engine][policy]") {
  const auto policy = support::PolicyDocument({.name = "routers"});
  CHECK(Apply(policy, 0).empty());
  CHECK(Apply(policy, 0) == "there is a policy of this name already");
  CHECK(Apply(policy, 1).empty());
  CHECK(Apply(policy, 1) == "version 1 is not the latest of this policy, or not any more");
}

TEST_CASE_METHOD(PolicyFixture, "the versions of a policy are listed with who applied them", "[engine][policy]") {
  auto policy = support::PolicyDocument({.name = "routers"});
  for (const char* description : {"first", "second", "third"}) {
    policy.set_description(description);
    REQUIRE(Apply(policy).empty());
  }
  const auto page = History("routers", 2, "");
  REQUIRE(page.versions_size() == 2);
  CHECK(page.versions(0).version() == 3);
  CHECK(page.versions(0).description() == "third");
  CHECK(page.versions(0).applied_by() == "alice");
  CHECK(page.versions(0).has_applied_at());
  CHECK(page.versions(1).description() == "second");
  const auto rest = History("routers", 2, page.next_page_token());
  REQUIRE(rest.versions_size() == 1);
  CHECK(rest.versions(0).description() == "first");
  CHECK(rest.next_page_token().empty());
}

TEST_CASE_METHOD(PolicyFixture, "the engine says what each of its modules does", "[engine][policy]") {
  v1::DescribeModulesRequest request;
  v1::DescribeModulesResponse response;
  REQUIRE(Call(admin, &v1::PolicyService::Stub::DescribeModules, request, &response).ok());
  CHECK(response.modules_size() == v1::Module::descriptor()->FindOneofByName("kind")->field_count());
  request.set_name("set_validity");
  REQUIRE(Call(admin, &v1::PolicyService::Stub::DescribeModules, request, &response).ok());
  REQUIRE(response.modules_size() == 1);
  CHECK(response.modules(0).parameters(0).name() == "days");
  request.set_name("set_nothing");
  CHECK(Call(admin, &v1::PolicyService::Stub::DescribeModules, request, &response).error_code() ==
        grpc::StatusCode::NOT_FOUND);
}

TEST_CASE_METHOD(PolicyFixture, "a policy is tested and replayed without a trace", "[engine][policy]") {
  const std::string key = MakeCa(*engine);
  const auto gateway = Channel(*engine, Role::kGateway);
  const Device device;
  REQUIRE(Submit(gateway, Submission(device, key)) == "issued");
  const int rows = Rows();
  v1::TestPolicyRequest test;
  test.set_ca("demo");
  test.set_certification_request(device.Request({}));
  v1::TestPolicyResponse tested;
  REQUIRE(Call(admin, &v1::PolicyService::Stub::TestPolicy, test, &tested).ok());
  CHECK(tested.decision().outcome() == v1::DECISION_OUTCOME_PENDING);
  test.set_entity("device-1");
  REQUIRE(Call(admin, &v1::PolicyService::Stub::TestPolicy, test, &tested).ok());
  CHECK(tested.decision().outcome() == v1::DECISION_OUTCOME_ISSUED);

  v1::ReplayPolicyRequest replay;
  *replay.mutable_policy() = support::PolicyDocument({"default", v1::VERDICT_DENY, v1::VERDICT_DENY});
  replay.mutable_since()->set_seconds(0);
  v1::ReplayPolicyResponse replayed;
  REQUIRE(Call(admin, &v1::PolicyService::Stub::ReplayPolicy, replay, &replayed).ok());
  CHECK(replayed.run() == 1);
  REQUIRE(replayed.changes_size() == 1);
  CHECK(replayed.changes(0).after() == v1::DECISION_OUTCOME_REJECTED);
  CHECK(Rows() == rows);
}

TEST_CASE_METHOD(PolicyFixture, "two engines keep one limit, and the certificate past it is revoked for the new one",
                 "[engine][policy]") {
  const auto other = StartReady();
  MakeCa(*engine);
  auto policy = support::PolicyDocument({});
  auto& limit = *policy.mutable_receive_request()->mutable_modules(0)->mutable_active_certificate_limit();
  limit.set_max(2);
  limit.set_exceeded(v1::ActiveCertificateLimit::EXCEEDED_REVOKE_OLDEST);
  REQUIRE(Apply(policy).empty());
  v1::CreatePreSharedKeyRequest key;
  key.set_entity("device-1");
  key.set_ca("demo");
  key.set_use_limit(100);
  v1::CreatePreSharedKeyResponse made;
  REQUIRE(Call(admin, &v1::PreSharedKeyService::Stub::CreatePreSharedKey, key, &made).ok());
  const std::vector gateways = {Channel(*engine, Role::kGateway), Channel(*other, Role::kGateway)};
  int sent = 0;
  const auto enrol = [&](const std::shared_ptr<grpc::Channel>& gateway) {
    const int number = ++sent;
    return [&made, gateway, number] {
      return Submit(gateway, Submission(Device("ecdsa-p256", number), made.key(), "tx-" + std::to_string(number)));
    };
  };
  for (const auto& gateway : gateways) {
    // Until the engine knows the policy.
    REQUIRE(Eventually([&] {
      const int before = Revoked();
      enrol(gateway)();
      return Revoked() > before;
    }));
  }
  std::atomic<int> issued = 0;
  std::atomic<int> others = 0;
  std::vector<std::thread> devices;
  for (std::size_t i = 0; i < 8; i++) {
    devices.emplace_back([&issued, &others, ask = enrol(gateways[i % 2])] {
      const std::string outcome = ask();
      if (outcome == "issued") issued++;
      if (outcome != "issued" && outcome != "UNAVAILABLE") others++;
    });
  }
  for (auto& device : devices) device.join();
  CHECK(others == 0);
  CHECK(issued >= 1);
  CHECK(Good() == 2);
}

TEST_CASE_METHOD(PolicyFixture, "a request is judged anew as often as the setting has it", "[engine][policy][bounds]") {
  const bool is_once = GENERATE(true, false);
  const auto judging = StartReady([is_once](engine::Config& config) { config.max_judgements = is_once ? 1 : 2; });
  const auto gateway = Channel(*judging, Role::kGateway);
  const auto challenge = MakeCa(*judging);
  auto policy = support::PolicyDocument({});
  policy.mutable_receive_request()->add_modules()->mutable_active_certificate_limit()->set_max(5);
  auto& modules = *policy.mutable_receive_request()->mutable_modules();
  for (int i = modules.size() - 1; i > 0; --i) modules.SwapElements(i, i - 1);
  v1::ApplyPolicyRequest limited;
  *limited.mutable_policy() = policy;
  v1::ApplyPolicyResponse applied;
  // By the same engine: it knows the policy then.
  REQUIRE(Call(Channel(*judging, Role::kAdmin), &v1::PolicyService::Stub::ApplyPolicy, limited, &applied).ok());
  REQUIRE(Submit(gateway, Submission(Device(), challenge, "tx-1")) == "issued");

  // Between what is judged and what is recorded the entity loses a certificate.
  pqxx::connection session(database());
  auto changing = std::make_unique<pqxx::work>(session);
  changing->exec(
      "SELECT pg_advisory_xact_lock(hashtextextended('certifier entity ' || entity_id, 0)) FROM entities"
      " WHERE name = 'device-1'");
  changing->exec(
      "INSERT INTO revocations (certificate_id, state, reason, revoked_at, comment, revoked_by)"
      " SELECT certificate_id, 'revoked', 'unspecified', now(), '', 'test' FROM certificates");
  std::string outcome;
  std::thread submitting([&] { outcome = Submit(gateway, Submission(Device("ecdsa-p256", 1), challenge, "tx-2")); });
  CHECK(Eventually([&] {
    return engine_test::Count(database(),
                              "pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
                              " (SELECT oid FROM pg_database WHERE datname = current_database())") == 1;
  }));
  changing->commit();
  submitting.join();
  CHECK(outcome == (is_once ? "UNAVAILABLE" : "issued"));
}

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
  CHECK(with(limit).empty());
  CHECK(with(rate).empty());
  CHECK(with(unique).empty());
  CHECK_THAT(with(webhook), Contains("--webhook-hosts"));
  const auto one = [](v1::Module& module) { module.mutable_require_approval(); };
  const auto two = [](v1::Module& module) { module.mutable_require_approval()->set_approvals(2); };
  const auto group = [](v1::Module& module) { module.mutable_require_approval()->add_groups("night"); };
  CHECK(with(one).empty());
  CHECK(with(two).empty());
  CHECK(with(group).empty());
  v1::Policy viewed = policy;
  webhook(*viewed.mutable_view_request()->add_modules());
  CHECK_THAT(Apply(viewed), Contains("--webhook-hosts"));
}

}  // namespace

}  // namespace engine_test
