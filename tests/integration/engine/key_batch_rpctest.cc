#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "engine_fixture.h"

namespace engine_test {

namespace {

class KeyBatchFixture : public EngineFixture {
 public:
  KeyBatchFixture() { MakeCa(*engine); }

  // For devices "unit-0", "unit-1", ...
  static v1::MintPreSharedKeysRequest Batch(int count, char token = 't') {
    v1::MintPreSharedKeysRequest request;
    request.set_batch_token(std::string(32, token));
    request.set_create_entities(true);
    for (int i = 0; i < count; ++i) {
      auto& item = *request.add_items();
      item.set_entity("unit-" + std::to_string(i));
      item.set_ca("demo");
    }
    return request;
  }

  v1::MintPreSharedKeysResponse Mint(const v1::MintPreSharedKeysRequest& request) const {
    v1::MintPreSharedKeysResponse response;
    const auto status = Try(request, response);
    INFO(status.error_message());
    REQUIRE(status.ok());
    return response;
  }

  grpc::Status Try(const v1::MintPreSharedKeysRequest& request, v1::MintPreSharedKeysResponse& response) const {
    return Call(admin, &v1::PreSharedKeyService::Stub::MintPreSharedKeys, request, &response);
  }
  grpc::StatusCode Refused(const v1::MintPreSharedKeysRequest& request) const {
    v1::MintPreSharedKeysResponse response;
    return Try(request, response).error_code();
  }

  int Keys() const { return Count(database(), "pre_shared_keys") - 1; }  // Without MakeCa's.
  int Entities() const { return Count(database(), "entities") - 1; }

  const std::unique_ptr<engine::Engine> engine = StartReady();
  const std::shared_ptr<grpc::Channel> admin = Channel(*engine, Role::kAdmin);
};

std::vector<std::string> ValuesOf(const v1::MintPreSharedKeysResponse& response) {
  std::vector<std::string> values;
  for (const auto& key : response.keys()) values.push_back(key.reference_number() + " " + key.key());
  return values;
}

std::vector<std::string> FaultsOf(const v1::MintPreSharedKeysResponse& response) {
  std::vector<std::string> faults;
  for (const auto& fault : response.faults()) faults.push_back(std::to_string(fault.item()) + " " + fault.field());
  return faults;
}

}  // namespace

TEST_CASE_METHOD(KeyBatchFixture, "keys are made in bulk with their entities, and each is good",
                 "[engine][key-batch]") {
  auto request = Batch(500);
  request.mutable_items(499)->set_entity("device-1");
  (*request.mutable_items(499)->mutable_attributes())["site"] = "hall 2";
  const auto response = Mint(request);
  const auto values = ValuesOf(response);
  CHECK(std::set(values.begin(), values.end()).size() == 500);
  CHECK(Keys() == 500);
  CHECK(Entities() == 499);
  CHECK(response.keys(0).use_limit() == 1);
  CHECK(response.keys(0).expires_at().seconds() > response.keys(0).not_before().seconds());
  CHECK(Text(database(), "SELECT policy_attributes->>'site' FROM pre_shared_keys WHERE reference_number = '" +
                             response.keys(499).reference_number() + "'") == "hall 2");
  const Device device;
  CHECK(Submit(Channel(*engine, Role::kGateway), Submission(device, response.keys(499).key())) == "issued");
}

TEST_CASE_METHOD(KeyBatchFixture, "one bad item among many makes nothing, and all bad ones are named",
                 "[engine][key-batch]") {
  auto request = Batch(5);
  request.set_first_item(100);
  request.mutable_items(1)->set_ca("nowhere");
  request.mutable_items(3)->set_policy("no such policy");
  request.mutable_items(3)->set_ca("nowhere either");
  CHECK(FaultsOf(Mint(request)) == std::vector<std::string>{"101 ca", "103 ca", "103 policy"});
  request.mutable_items(0)->set_entity("");
  request.mutable_items(2)->set_subject("no name");
  request.mutable_items(2)->set_use_limit(1'000'001);
  request.mutable_items(4)->add_subject_alternative_names("color:red");
  (*request.mutable_items(4)->mutable_attributes())["no good name"] = "x";
  const auto response = Mint(request);
  CHECK(FaultsOf(response) ==
        std::vector<std::string>{"100 entity", "102 use_limit", "104 subject_alternative_names", "104 attributes"});
  CHECK(response.faults(0).error().reason() == v1::REASON_MALFORMED);
  CHECK(Keys() == 0);
  CHECK(Entities() == 0);
}

TEST_CASE_METHOD(KeyBatchFixture, "entities are made only where the call says so", "[engine][key-batch]") {
  auto request = Batch(2);
  request.mutable_items(0)->set_entity("device-1");
  request.set_create_entities(false);
  const auto response = Mint(request);
  CHECK(FaultsOf(response) == std::vector<std::string>{"1 entity"});
  CHECK(response.faults(0).error().reason() == v1::REASON_NOT_FOUND);
  CHECK(Keys() == 0);
}

TEST_CASE_METHOD(KeyBatchFixture, "the same batch again brings the same keys, by any engine and in any slices",
                 "[engine][key-batch]") {
  const auto values = ValuesOf(Mint(Batch(20)));
  CHECK(ValuesOf(Mint(Batch(20))) == values);
  const auto other = StartReady();
  v1::MintPreSharedKeysResponse again;
  REQUIRE(
      Call(Channel(*other, Role::kAdmin), &v1::PreSharedKeyService::Stub::MintPreSharedKeys, Batch(30), &again).ok());
  auto more = ValuesOf(again);
  CHECK(more.size() == 30);
  more.resize(20);
  CHECK(more == values);
  CHECK(Keys() == 30);
  CHECK(ValuesOf(Mint(Batch(20, 'u'))) != values);
  CHECK(Keys() == 50);
}

TEST_CASE_METHOD(KeyBatchFixture, "a changed item conflicts and shows nothing", "[engine][key-batch]") {
  Mint(Batch(3));
  auto request = Batch(4);
  request.mutable_items(1)->set_use_limit(2);
  const auto response = Mint(request);
  CHECK(FaultsOf(response) == std::vector<std::string>{"1 "});
  CHECK(response.faults(0).error().reason() == v1::REASON_CONFLICT);
  CHECK(response.keys_size() == 0);
  CHECK(Keys() == 3);
}

TEST_CASE_METHOD(KeyBatchFixture, "a key that was used, disabled or rekeyed is not shown again",
                 "[engine][key-batch]") {
  auto request = Batch(4);
  request.mutable_items(0)->set_entity("device-1");
  const auto made = Mint(request);
  const Device device;
  REQUIRE(Submit(Channel(*engine, Role::kGateway), Submission(device, made.keys(0).key())) == "issued");
  const auto change = [&](int item, const std::string& what) {
    Execute(database(), "UPDATE pre_shared_keys SET " + what + " WHERE reference_number = '" +
                            made.keys(item).reference_number() + "'");
  };
  change(1, "disabled_at = now(), disabled_by = 'alice'");
  change(2, "digest = sha256('other'), rekeyed_at = now(), rekeyed_by = 'alice'");
  const auto response = Mint(request);
  CHECK(FaultsOf(response) == std::vector<std::string>{"0 ", "1 ", "2 "});
  CHECK(response.keys_size() == 0);
  CHECK_FALSE(response.faults(0).error().message().find("was used") == std::string::npos);
}

TEST_CASE_METHOD(KeyBatchFixture, "two calls of one batch at once make its keys once", "[engine][key-batch]") {
  const auto other = StartReady();
  const auto channel = Channel(*other, Role::kAdmin);
  std::vector<std::vector<std::string>> values(4);
  {
    std::vector<std::jthread> calls;
    for (std::size_t i = 0; i < values.size(); ++i) {
      calls.emplace_back([&, i] {
        v1::MintPreSharedKeysResponse response;
        const auto status = Call(i % 2 == 0 ? admin : channel, &v1::PreSharedKeyService::Stub::MintPreSharedKeys,
                                 Batch(200), &response);
        values[i] = status.ok() ? ValuesOf(response) : std::vector<std::string>{status.error_message()};
      });
    }
  }
  CHECK(values[0].size() == 200);
  for (const auto& each : values) CHECK(each == values[0]);
  CHECK(Keys() == 200);
}

TEST_CASE_METHOD(KeyBatchFixture, "a batch that has ended brings nothing more, and its salt is gone",
                 "[engine][key-batch]") {
  Mint(Batch(2));
  Execute(database(),
          "UPDATE key_batches SET created_at = created_at - interval '25 hours', "
          "repeatable_until = repeatable_until - interval '25 hours'");
  CHECK(Refused(Batch(2)) == grpc::StatusCode::FAILED_PRECONDITION);
  const auto ending = StartReady();
  CHECK(Eventually([&] { return Count(database(), "key_batches WHERE salt IS NULL") == 1; }));
  CHECK(Count(database(), "key_batch_items") == 0);
  CHECK(Refused(Batch(2)) == grpc::StatusCode::FAILED_PRECONDITION);
  CHECK(Keys() == 2);
}

TEST_CASE_METHOD(KeyBatchFixture, "another operator's batch is not shown", "[engine][key-batch]") {
  Mint(Batch(2));
  Execute(database(), "UPDATE key_batches SET created_by = 'bob'");
  CHECK(Refused(Batch(2)) == grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_CASE_METHOD(KeyBatchFixture, "calls past a bound are refused", "[engine][key-batch]") {
  CHECK(Refused(Batch(0)) == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(Refused(Batch(501)) == grpc::StatusCode::INVALID_ARGUMENT);
  auto request = Batch(2);
  request.set_first_item(999'999);
  CHECK(Refused(request) == grpc::StatusCode::INVALID_ARGUMENT);
  request.set_first_item(999'998);
  CHECK(Mint(request).keys_size() == 2);
  request.set_batch_token(std::string(31, 't'));
  CHECK(Refused(request) == grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_CASE_METHOD(KeyBatchFixture, "neither tokens nor values are in the database", "[engine][key-batch]") {
  const auto response = Mint(Batch(2));
  const std::string rows = Text(database(), "SELECT string_agg(b::text, '') FROM key_batches b") +
                           Text(database(), "SELECT string_agg(i::text, '') FROM key_batch_items i") +
                           Text(database(), "SELECT string_agg(k::text, '') FROM pre_shared_keys k");
  CHECK(rows.find("7474747474747474") == std::string::npos);
  CHECK(rows.find(response.keys(0).key()) == std::string::npos);
}

}  // namespace engine_test
