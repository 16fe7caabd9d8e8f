// Entities and keys over gRPC, from the operator's call to the device's certificate.
#include <catch2/catch.hpp>

#include "engine_fixture.h"

namespace engine_test {

namespace {

using Code = grpc::StatusCode;
using Catch::Matchers::Contains;
constexpr char kTyped[] = "mK4t-9xQw-2LpZ-7v";

class EntityFixture : public EngineFixture {
 public:
  template <class Stub, class Request, class Response>
  Response Ask(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*), const Request& request) {
    Response response;
    const auto status = Call(admin, rpc, request, &response);
    INFO(status.error_message());
    REQUIRE(status.ok());
    return response;
  }
  v1::GetEntityResponse Show(const std::string& name = "device-1") {
    v1::GetEntityRequest request;
    request.set_name(name);
    return Ask(&v1::EntityService::Stub::GetEntity, request);
  }
  grpc::Status Update(const v1::UpdateEntityRequest& request) {
    v1::UpdateEntityResponse response;
    return Call(admin, &v1::EntityService::Stub::UpdateEntity, request, &response);
  }
  v1::CreatePreSharedKeyRequest Typed(const std::string& value) {
    v1::CreatePreSharedKeyRequest request;
    request.set_entity("device-1");
    request.set_ca("demo");
    request.set_value(value);
    return request;
  }
  std::string Enrol(const std::string& key, int device = 0) {
    return Submit(gateway, Submission(Device("ecdsa-p256", device), key, "tx-" + std::to_string(++sent_)));
  }

  const std::unique_ptr<engine::Engine> engine = StartReady();
  const std::shared_ptr<grpc::Channel> admin = Channel(*engine, Role::kAdmin);
  const std::shared_ptr<grpc::Channel> gateway = Channel(*engine, Role::kGateway);
  const std::string challenge = MakeCa(*engine);

 private:
  int sent_ = 0;
};

TEST_CASE_METHOD(EntityFixture, "an entity is shown with its key, request and certificate", "[engine][entity]") {
  REQUIRE(Enrol(challenge) == "issued");
  const auto shown = Show("DEVICE-1");
  CHECK(shown.entity().name() == "device-1");
  CHECK(shown.entity().status() == "active");
  CHECK(shown.entity().created_by() == "alice");
  CHECK((shown.key_count() == 1 && shown.request_count() == 1 && shown.certificate_count() == 1));
  REQUIRE(shown.keys_size() == 1);
  CHECK(shown.keys(0).type() == v1::PRE_SHARED_KEY_TYPE_GENERATED);
  CHECK(shown.keys(0).last_request_id() == shown.requests(0).request_id());
  CHECK(shown.keys(0).has_last_used_at());
  CHECK_FALSE(shown.keys(0).last_used_from().empty());
  CHECK(shown.requests(0).state() == v1::REQUEST_STATE_ISSUED);
  CHECK(shown.certificates(0).status() == v1::CERTIFICATE_STATUS_GOOD);
  CHECK_FALSE(shown.certificates(0).serial_number().empty());
}

TEST_CASE_METHOD(EntityFixture, "an entity is changed where it is named, and bound from then on", "[engine][entity]") {
  v1::UpdateEntityRequest change;
  change.set_name("device-1");
  change.set_description("hall 2");
  (*change.mutable_attributes())["site"] = "hall 2";
  REQUIRE(Update(change).ok());
  v1::UpdateEntityRequest bind;
  bind.set_name("device-1");
  bind.set_subject("CN=another");
  bind.mutable_subject_alternative_names()->add_names("dns:A.example");
  REQUIRE(Update(bind).ok());
  const auto entity = Show().entity();
  CHECK(entity.description() == "hall 2");
  CHECK(entity.attributes().at("site") == "hall 2");
  CHECK(entity.subject() == "CN=another");
  CHECK(entity.subject_alternative_names_size() == 1);
  CHECK(Enrol(challenge) == "badRequest");
  v1::UpdateEntityRequest release;
  release.set_name("device-1");
  release.set_subject("");
  release.mutable_subject_alternative_names();
  release.add_removed_attributes("site");
  REQUIRE(Update(release).ok());
  CHECK(Show().entity().attributes().empty());
  CHECK(Enrol(challenge) == "issued");
}

TEST_CASE_METHOD(EntityFixture, "a disabled entity's keys are refused until it is enabled", "[engine][entity]") {
  v1::UpdateEntityRequest change;
  change.set_name("device-1");
  change.set_status("inactive");
  REQUIRE(Update(change).ok());
  CHECK(Enrol(challenge) == "badRequest");
  change.set_status("active");
  REQUIRE(Update(change).ok());
  CHECK(Enrol(challenge) == "issued");
}

TEST_CASE_METHOD(EntityFixture, "a change with a fault changes nothing and says which", "[engine][entity][bounds]") {
  const auto refused = [&](const auto& fill) {
    v1::UpdateEntityRequest change;
    change.set_name("device-1");
    change.set_description("changed");
    fill(change);
    const auto status = Update(change);
    CHECK(status.error_code() == Code::INVALID_ARGUMENT);
    return status.error_message();
  };
  using Change = v1::UpdateEntityRequest;
  CHECK_THAT(refused([](Change& change) { change.set_status("asleep"); }), Contains("active or inactive"));
  CHECK_THAT(refused([](Change& change) { change.set_subject("no subject"); }), Contains("subject: "));
  CHECK_THAT(refused([](Change& change) { change.mutable_subject_alternative_names()->add_names("moon:a"); }),
             Contains("subject_alternative_names: "));
  CHECK_THAT(refused([](Change& change) { (*change.mutable_attributes())["a b"] = "c"; }), Contains("1 to 64"));
  CHECK_THAT(refused([](Change& change) { (*change.mutable_attributes())["a"] = ""; }), Contains("1 to 1000 octets"));
  CHECK_THAT(refused([](Change& change) {
               change.add_removed_attributes(
                   "a\x1f"
                   "b");
             }),
             Contains("1 to 64"));
  CHECK_THAT(refused([](Change& change) { change.set_description(std::string(1001, 'x')); }), Contains("1000"));
  CHECK(Show().entity().description().empty());
  v1::UpdateEntityRequest unknown;
  unknown.set_name("nobody");
  CHECK(Update(unknown).error_code() == Code::NOT_FOUND);
  for (int i = 0; i < 2; i++) {
    v1::UpdateEntityRequest many;
    many.set_name("device-1");
    for (int j = 0; j < 33; j++) (*many.mutable_attributes())["a" + std::to_string(i * 33 + j)] = "x";
    const auto status = Update(many);
    CHECK(status.error_code() == (i == 0 ? Code::OK : Code::FAILED_PRECONDITION));
  }
  CHECK(Show().entity().attributes().size() == 33);
}

TEST_CASE_METHOD(EntityFixture, "a key with a typed value vouches, and is never shown", "[engine][keys]") {
  auto request = Typed(kTyped);
  (*request.mutable_attributes())["days"] = "7";
  const auto made = Ask(&v1::PreSharedKeyService::Stub::CreatePreSharedKey, request);
  CHECK(made.key().empty());
  v1::GetPreSharedKeyRequest get;
  get.set_reference_number(made.reference_number());
  const auto key = Ask(&v1::PreSharedKeyService::Stub::GetPreSharedKey, get).key();
  CHECK(key.type() == v1::PRE_SHARED_KEY_TYPE_TYPED);
  CHECK(key.attributes().at("days") == "7");
  CHECK_FALSE(key.has_last_used_at());
  v1::CreatePreSharedKeyResponse response;
  const auto weak = Call(admin, &v1::PreSharedKeyService::Stub::CreatePreSharedKey, Typed("hunter2"), &response);
  CHECK(weak.error_code() == Code::INVALID_ARGUMENT);
  CHECK_THAT(weak.error_message(), Contains("less than 16 characters") && !Contains("hunter2"));
  CHECK_FALSE(Call(admin, &v1::PreSharedKeyService::Stub::CreatePreSharedKey, Typed(kTyped), &response).ok());
  CHECK(Enrol(kTyped) == "issued");
}

TEST_CASE_METHOD(EntityFixture, "a rekeyed key takes its new value alone, and a disabled one none", "[engine][keys]") {
  v1::RekeyPreSharedKeyRequest request;
  request.set_reference_number(Show().keys(0).reference_number());
  const auto rekeyed = Ask(&v1::PreSharedKeyService::Stub::RekeyPreSharedKey, request);
  CHECK(rekeyed.key().rekeyed_by() == "alice");
  CHECK(rekeyed.value().size() == challenge.size());
  CHECK(Enrol(challenge) == "badRequest");
  v1::DisablePreSharedKeyRequest disable;
  disable.set_reference_number(request.reference_number());
  const auto disabled = Ask(&v1::PreSharedKeyService::Stub::DisablePreSharedKey, disable).key();
  CHECK(disabled.has_disabled_at());
  CHECK(disabled.disabled_by() == "alice");
  CHECK(Enrol(rekeyed.value()) == "badRequest");
  v1::RekeyPreSharedKeyResponse response;
  CHECK_FALSE(Call(admin, &v1::PreSharedKeyService::Stub::RekeyPreSharedKey, request, &response).ok());
  disable.set_reference_number("NOSUCH00");
  v1::DisablePreSharedKeyResponse none;
  CHECK(Call(admin, &v1::PreSharedKeyService::Stub::DisablePreSharedKey, disable, &none).error_code() ==
        Code::NOT_FOUND);
}

}  // namespace

}  // namespace engine_test
