#include "engine_fixture.h"

#include <catch2/catch.hpp>

#include "keys/key_encryption_key.h"
#include "service/grpc_channel.h"

namespace engine_test {

namespace {

template <class T>
T Must(result::Result<T> made) {
  if (!made) throw std::runtime_error(made.error().detail);
  return *std::move(made);
}

std::string NameOf(grpc::StatusCode code) {
  switch (static_cast<int>(code)) {
    case grpc::StatusCode::INVALID_ARGUMENT:
      return "INVALID_ARGUMENT";
    case grpc::StatusCode::NOT_FOUND:
      return "NOT_FOUND";
    case grpc::StatusCode::UNAVAILABLE:
      return "UNAVAILABLE";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "RESOURCE_EXHAUSTED";
    default:
      return "status " + std::to_string(code);
  }
}

}  // namespace

EngineFixture::EngineFixture() : database_(Cluster::Get().MakeDatabase()) {
  const auto made = engine::keys::KeyEncryptionKey::Create(directory_.path() / "key-encryption-key");
  if (!made) throw std::runtime_error(made.error().detail);
  Execute(database_, support::OperatorSql("alice", {"super_user"}));
}

std::unique_ptr<engine::Engine> EngineFixture::Start(const Tweak& tweak) {
  engine::Config config;
  config.listen = config.health_listen = "127.0.0.1:0";
  config.database = database_;
  config.key_encryption_key = directory_.path() / "key-encryption-key";
  config.tls = certificates.Issue(Role::kEngine, "engine");
  config.directory_refresh = std::chrono::milliseconds(200);
  config.directory_retry = std::chrono::milliseconds(50);
  config.password_memory = 1 << 20;
  config.password_iterations = 1;
  if (tweak) tweak(config);
  return Must(engine::Engine::Start(config));
}

std::unique_ptr<engine::Engine> EngineFixture::StartReady(const Tweak& tweak) {
  auto engine = Start(tweak);
  const bool is_ready = Eventually([&] { return engine->Missing().empty(); });
  INFO(engine->Missing());
  REQUIRE(is_ready);
  return engine;
}

std::shared_ptr<grpc::Channel> EngineFixture::Channel(const engine::Engine& engine, Role role) {
  return support::Open(engine.grpc_port(), certificates.Issue(role, std::string(service::ToString(role))));
}

std::string EngineFixture::MakeCa(const engine::Engine& engine, const std::string& algorithm) {
  const auto admin = Channel(engine, Role::kAdmin);
  v1::CreateCaRequest ca;
  ca.set_name("demo");
  ca.set_key_algorithm(algorithm);
  v1::CreateCaResponse made_ca;
  const auto ca_status = Call(admin, &v1::CaService::Stub::CreateCa, ca, &made_ca);
  INFO(ca_status.error_message());
  REQUIRE(ca_status.ok());
  v1::CreateEntityRequest entity;
  entity.set_name("device-1");
  v1::CreateEntityResponse made_entity;
  REQUIRE(Call(admin, &v1::EntityService::Stub::CreateEntity, entity, &made_entity).ok());
  v1::CreatePreSharedKeyRequest key;
  key.set_entity("device-1");
  key.set_ca("demo");
  key.set_use_limit(1000);
  v1::CreatePreSharedKeyResponse made_key;
  REQUIRE(Call(admin, &v1::PreSharedKeyService::Stub::CreatePreSharedKey, key, &made_key).ok());
  return made_key.key();
}

v1::SubmitRequest EngineFixture::Submission(const Device& device, const std::string& challenge,
                                            const std::string& transaction_id) {
  v1::SubmitRequest request;
  request.set_ca("demo");
  request.set_transaction_id(transaction_id);
  request.set_message_type(19);
  request.set_signer_certificate(device.SignerCertificate());
  request.set_certification_request(device.Request({.challenge = challenge}));
  request.set_digest_algorithm("sha256");
  request.set_content_encryption_algorithm("aes-256-cbc");
  request.set_source_address("192.0.2.1");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  request.mutable_received_at()->set_seconds(seconds.count());
  request.mutable_received_at()->set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(now - seconds).count()));
  return request;
}

int EngineFixture::Rows() const {
  return Count(database_, "requests") + Count(database_, "certificates") +
         Count(database_, "pre_shared_keys WHERE use_count > 0");
}

std::string InWords(const grpc::Status& status, const v1::SubmitResponse& response) {
  if (!status.ok()) return NameOf(status.error_code());
  switch (response.outcome_case()) {
    case v1::SubmitResponse::kIssued:
      return "issued";
    case v1::SubmitResponse::kPending:
      return "pending";
    case v1::SubmitResponse::kRejected:
      return response.rejected().fail_info() == v1::FAIL_INFO_BAD_REQUEST ? "badRequest" : "another failInfo";
    case v1::SubmitResponse::kDelayed:
      return "delayed for " + std::to_string(response.delayed().retry_after().seconds());
    case v1::SubmitResponse::OUTCOME_NOT_SET:
      return "no outcome";
  }
  return "unknown outcome";
}

std::string Submit(const std::shared_ptr<grpc::Channel>& gateway, const v1::SubmitRequest& request) {
  v1::SubmitResponse response;
  const auto status = Call(gateway, &v1::EnrollmentService::Stub::Submit, request, &response);
  return InWords(status, response);
}

}  // namespace engine_test
