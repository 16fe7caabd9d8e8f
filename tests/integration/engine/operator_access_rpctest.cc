// Every RPC of the administrators' services with every access level, for the CA that it is about, for another one and
// for all of them.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <catch2/catch.hpp>

#include "engine_fixture.h"
#include "service/status_mapping.h"

namespace engine_test {

namespace {

using google::protobuf::Message;
using result::Reason;

// What each RPC needs, written down apart from the code: a level, and whether a grant for its CA is enough.
struct Need {
  std::string level;
  enum { kAnyCa, kItsCa, kAllCas } where;
};
const std::map<std::string, Need> kNeeds = {
    {"ListCas", {"read", Need::kAnyCa}},
    {"GetCa", {"read", Need::kItsCa}},
    {"CreateCa", {"super_user", Need::kAllCas}},
    {"UpdateCa", {"super_user", Need::kItsCa}},
    {"StageCa", {"super_user", Need::kItsCa}},
    {"ActivateCa", {"super_user", Need::kItsCa}},
    {"UnstageCa", {"super_user", Need::kItsCa}},
    {"GetCrl", {"read", Need::kItsCa}},
    {"ListEntities", {"read", Need::kAnyCa}},
    {"GetEntity", {"read", Need::kAnyCa}},
    {"CreateEntity", {"entity_write", Need::kAnyCa}},
    {"UpdateEntity", {"entity_write", Need::kItsCa}},
    {"ListPreSharedKeys", {"read", Need::kAnyCa}},
    {"GetPreSharedKey", {"read", Need::kItsCa}},
    {"CreatePreSharedKey", {"write", Need::kItsCa}},
    {"RekeyPreSharedKey", {"write", Need::kItsCa}},
    {"DisablePreSharedKey", {"write", Need::kItsCa}},
    {"MintPreSharedKeys", {"write", Need::kItsCa}},
    {"ListPolicies", {"read", Need::kAnyCa}},
    {"GetPolicy", {"read", Need::kAnyCa}},
    {"ListPolicyVersions", {"read", Need::kAnyCa}},
    {"DescribeModules", {"read", Need::kAnyCa}},
    {"TestPolicy", {"read", Need::kItsCa}},
    {"ReplayPolicy", {"read", Need::kItsCa}},
    {"ApplyPolicy", {"super_user", Need::kAllCas}},
    {"RollbackPolicy", {"super_user", Need::kAllCas}},
    {"ListRequests", {"read", Need::kAnyCa}},
    {"GetRequest", {"read", Need::kItsCa}},
    {"ExplainRequest", {"read", Need::kAnyCa}},
    {"UpdateRequest", {"write", Need::kItsCa}},
    {"ApproveRequest", {"write", Need::kItsCa}},
    {"RejectRequest", {"write", Need::kItsCa}},
    {"PostponeRequest", {"write", Need::kItsCa}},
    {"ResumeRequest", {"write", Need::kItsCa}},
    {"ListCertificates", {"read", Need::kAnyCa}},
    {"GetCertificate", {"read", Need::kItsCa}},
    {"RevokeCertificate", {"revocation", Need::kItsCa}},
    {"SuspendCertificate", {"revocation", Need::kItsCa}},
    {"ReactivateCertificate", {"write", Need::kItsCa}},
    {"GetScepService", {"read", Need::kAnyCa}},
    {"UpdateScepService", {"super_user", Need::kAllCas}},
    {"ListAuditEvents", {"read", Need::kAnyCa}},
    {"GetAuditEvent", {"read", Need::kAnyCa}},
    {"GetAuditKey", {"read", Need::kAnyCa}},
    {"ExportAuditEvents", {"read", Need::kAllCas}},
    {"ListFailures", {"read", Need::kAnyCa}},
    {"ListOverdueCertificates", {"read", Need::kAnyCa}},
    {"ListExpiringKeys", {"read", Need::kAnyCa}},
    {"ListIssuance", {"read", Need::kAnyCa}},
    {"ListOperators", {"super_user", Need::kAllCas}},
    {"GetOperator", {"super_user", Need::kAllCas}},
    {"CreateOperator", {"super_user", Need::kAllCas}},
    {"UpdateOperator", {"super_user", Need::kAllCas}},
};
// Any operator may, and who is none yet.
const std::vector<std::string> kForAll = {"WhoAmI",     "LogOut", "ChangePassword",
                                          "Initialize", "LogIn",  "LogInByCertificate"};

// What each level includes beside itself.
const std::map<std::string, std::vector<std::string>> kIncluded = {
    {"read", {}},
    {"revocation", {"read"}},
    {"entity_write", {"read"}},
    {"write", {"read", "revocation", "entity_write"}},
    {"super_user", {"read", "revocation", "entity_write", "write"}}};

bool Includes(const std::string& granted, const std::string& needed) {
  const auto& included = kIncluded.at(granted);
  return granted == needed || std::ranges::find(included, needed) != included.end();
}

bool IsAllowed(const Need& need, const std::string& level, const std::string& ca) {
  if (!Includes(level, need.level)) return false;
  if (need.where == Need::kAnyCa) return true;
  return need.where == Need::kItsCa ? ca != "other" : ca.empty();
}

class OperatorAccessFixture : public EngineFixture {
 public:
  OperatorAccessFixture() : engine(StartReady()), admin(Channel(*engine, Role::kAdmin)) {
    const std::string key = MakeCa(*engine);
    MakeOther();
    const auto gateway = Channel(*engine, Role::kGateway);
    REQUIRE(Eventually([&] { return Submit(gateway, Submission(issued, key, "tx-issued")) == "issued"; }));
    REQUIRE(Submit(gateway, Submission(waiting, "", "tx-waiting")) == "pending");
    serial_number = Text(database(), "SELECT encode(serial_number, 'hex') FROM certificates");
    request_id = Text(database(), "SELECT request_id FROM requests WHERE state = 'pending'");
    reference_number = Text(database(), "SELECT reference_number FROM pre_shared_keys");
  }

  // Filled names everything of CA "demo" that a request of this type can name.
  std::unique_ptr<Message> Filled(const google::protobuf::Descriptor& type) const {
    std::unique_ptr<Message> message(google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
    const bool is_of_ca = type.name().find("CaRequest") != std::string::npos;
    const bool is_of_entity = type.name().find("EntityRequest") != std::string::npos;
    const std::map<std::string, std::string> values = {{"ca", "demo"},
                                                       {"name", is_of_ca       ? "demo"
                                                                : is_of_entity ? "device-1"
                                                                               : "default"},
                                                       {"entity", "device-1"},
                                                       {"request_id", request_id},
                                                       {"serial_number", serial_number},
                                                       {"reference_number", reference_number},
                                                       {"query", request_id},
                                                       {"login", "alice"}};
    for (const auto& [name, value] : values) {
      const auto* const field = type.FindFieldByName(name);
      if (field == nullptr || field->is_repeated() || field->type() != google::protobuf::FieldDescriptor::TYPE_STRING)
        continue;
      message->GetReflection()->SetString(message.get(), field, value);
    }
    if (auto* const mint = dynamic_cast<v1::MintPreSharedKeysRequest*>(message.get()))
      mint->add_items()->set_ca("demo");
    return message;
  }

  grpc::Status CallMethod(const google::protobuf::MethodDescriptor& method, const std::string& login) const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    support::ActAs(context, login);
    const auto request = Filled(*method.input_type());
    bool owns = false;
    grpc::ByteBuffer sent, answer;
    REQUIRE(grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(*request, &sent, &owns).ok());
    grpc::CompletionQueue queue;
    grpc::GenericStub stub(admin);
    const auto call =
        stub.PrepareUnaryCall(&context, "/" + method.service()->full_name() + "/" + method.name(), sent, &queue);
    call->StartCall();
    grpc::Status status;
    call->Finish(&answer, &status, nullptr);
    void* tag = nullptr;
    bool is_ok = false;
    REQUIRE(queue.Next(&tag, &is_ok));
    queue.Shutdown();
    while (queue.Next(&tag, &is_ok)) {
    }
    return status;
  }

  template <class Stub, class Request, class Response>
  Response Get(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*), const Request& request,
               const std::string& login) const {
    Response response;
    const auto status = Call(admin, rpc, request, &response, login);
    INFO(status.error_message());
    REQUIRE(status.ok());
    return response;
  }

  const std::unique_ptr<engine::Engine> engine;
  const std::shared_ptr<grpc::Channel> admin;
  const Device issued, waiting;
  std::string serial_number, request_id, reference_number;

 private:
  void MakeOther() const {
    v1::CreateCaRequest request;
    request.set_name("other");
    request.set_key_algorithm("ecdsa-p256");
    v1::CreateCaResponse response;
    REQUIRE(Call(admin, &v1::CaService::Stub::CreateCa, request, &response).ok());
  }
};

std::vector<const google::protobuf::MethodDescriptor*> AdministratorsMethods() {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const auto& method : support::EveryMethod()) {
    const bool is_gateways = method.service == "certifier.v1.EnrollmentService" ||
                             method.service == "certifier.v1.CaDirectoryService" ||
                             method.service == "certifier.v1.KeyOperationService";
    if (is_gateways) continue;
    const auto name = method.path.substr(method.path.rfind('/') + 1);
    const auto* const service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(method.service);
    methods.push_back(service->FindMethodByName(name));
  }
  return methods;
}

}  // namespace

TEST_CASE_METHOD(OperatorAccessFixture, "every call is open to the access levels that include it, for its CA",
                 "[engine][access][operators]") {
  std::size_t judged = 0;
  // The least first, so that what is refused is seen refused before anybody changes anything.
  for (const char* const level : {"read", "revocation", "entity_write", "write", "super_user"}) {
    for (const std::string ca : {"other", "demo", ""}) {
      const std::string login = std::string(level) + "-" + ca;
      Execute(database(), support::OperatorSql(login, {ca.empty() ? level : level + (":" + ca)}));
      for (const auto* const method : AdministratorsMethods()) {
        const auto need = kNeeds.find(method->name());
        INFO(method->name() << " as " << login);
        if (need == kNeeds.end()) {
          CHECK(std::ranges::find(kForAll, method->name()) != kForAll.end());
          continue;
        }
        const auto status = CallMethod(*method, login);
        INFO(status.error_message());
        const bool is_refused = !status.ok() && service::FromStatus(status).reason == Reason::kUnauthorized;
        CHECK(is_refused != IsAllowed(need->second, level, ca));
        CHECK(status.error_code() != grpc::StatusCode::INTERNAL);
        ++judged;
      }
    }
  }
  CHECK(judged == kNeeds.size() * 15);
}

TEST_CASE_METHOD(OperatorAccessFixture, "an operator without a grant, or one who is inactive or unknown, may nothing",
                 "[engine][access][operators]") {
  Execute(database(), support::OperatorSql("none", {}));
  Execute(database(), support::OperatorSql("gone", {"super_user"}));
  Execute(database(), "UPDATE operators SET status = 'inactive' WHERE login = 'gone'");
  for (const char* const login : {"none", "gone", "stranger"}) {
    for (const auto* const method : AdministratorsMethods()) {
      if (!kNeeds.contains(method->name())) continue;
      INFO(method->name() << " as " << login);
      CHECK(service::FromStatus(CallMethod(*method, login)).reason == Reason::kUnauthorized);
    }
  }
  CHECK(Call(admin, &v1::OperatorService::Stub::WhoAmI, v1::WhoAmIRequest(),
             std::make_unique<v1::WhoAmIResponse>().get(), "none")
            .ok());
  CHECK_FALSE(Call(admin, &v1::OperatorService::Stub::WhoAmI, v1::WhoAmIRequest(),
                   std::make_unique<v1::WhoAmIResponse>().get(), "gone")
                  .ok());
}

TEST_CASE_METHOD(OperatorAccessFixture, "lists show what belongs to the CAs that an operator may read",
                 "[engine][access][operators]") {
  Execute(database(), support::OperatorSql("stranger", {"write:other"}));
  Execute(database(), support::OperatorSql("reader", {"read:demo", "read:other"}));
  const auto cas = [&](const std::string& login) {
    return Get(&v1::CaService::Stub::ListCas, v1::ListCasRequest(), login).cas_size();
  };
  CHECK(cas("stranger") == 1);
  CHECK(cas("reader") == 2);
  const auto counts = [&](const std::string& login) {
    const auto requests =
        Get(&v1::RequestService::Stub::ListRequests, v1::ListRequestsRequest(), login).requests_size();
    const auto listed =
        Get(&v1::CertificateService::Stub::ListCertificates, v1::ListCertificatesRequest(), login).certificates_size();
    const auto keys =
        Get(&v1::PreSharedKeyService::Stub::ListPreSharedKeys, v1::ListPreSharedKeysRequest(), login).keys_size();
    v1::GetEntityRequest entity;
    entity.set_name("device-1");
    const auto shown = Get(&v1::EntityService::Stub::GetEntity, entity, login);
    return std::vector<int>{requests,
                            listed,
                            keys,
                            shown.requests_size(),
                            shown.certificates_size(),
                            static_cast<int>(shown.key_count()),
                            shown.keys_size()};
  };
  CHECK(counts("stranger") == std::vector<int>(7, 0));
  CHECK(counts("reader") == std::vector<int>{2, 1, 1, 1, 1, 1, 1});
  v1::ListRequestsRequest of_same_key;
  of_same_key.set_same_key_as(request_id);
  v1::ListRequestsResponse others;
  CHECK(Call(admin, &v1::RequestService::Stub::ListRequests, of_same_key, &others, "stranger").error_code() ==
        grpc::StatusCode::PERMISSION_DENIED);
  CHECK(Call(admin, &v1::RequestService::Stub::ListRequests, of_same_key, &others, "reader").ok());
  v1::ExplainRequestRequest query;
  query.set_query(request_id);
  v1::ExplainRequestResponse explained;
  CHECK(Call(admin, &v1::RequestService::Stub::ExplainRequest, query, &explained, "stranger").error_code() ==
        grpc::StatusCode::NOT_FOUND);
  CHECK(Get(&v1::RequestService::Stub::ExplainRequest, query, "reader").decisions_size() == 1);
}

TEST_CASE_METHOD(OperatorAccessFixture, "who may change one CA takes nothing from another",
                 "[engine][access][operators]") {
  Execute(database(), support::OperatorSql("owner", {"super_user:other"}));
  v1::UpdateCaRequest change;
  change.set_name("other");
  change.set_make_default(true);
  v1::UpdateCaResponse response;
  const auto refused = Call(admin, &v1::CaService::Stub::UpdateCa, change, &response, "owner");
  CHECK(service::FromStatus(refused).reason == Reason::kUnauthorized);
  change.set_make_default(false);
  change.set_status("disabled");
  CHECK(Call(admin, &v1::CaService::Stub::UpdateCa, change, &response, "owner").ok());
}

TEST_CASE_METHOD(OperatorAccessFixture, "a subordinate CA's next generation needs a super-user for its issuer too",
                 "[engine][access][operators]") {
  v1::CreateCaRequest low;
  low.set_name("low");
  low.set_key_algorithm("ecdsa-p256");
  low.set_issuer("other");
  v1::CreateCaResponse created;
  REQUIRE(Call(admin, &v1::CaService::Stub::CreateCa, low, &created).ok());
  Execute(database(), support::OperatorSql("owner", {"super_user:low"}));
  Execute(database(), support::OperatorSql("helper", {"super_user:low", "write:other"}));
  Execute(database(), support::OperatorSql("chief", {"super_user:low", "super_user:other"}));
  v1::StageCaRequest stage;
  stage.set_name("low");
  v1::StageCaResponse staged;
  for (const char* login : {"owner", "helper"}) {
    const auto refused = Call(admin, &v1::CaService::Stub::StageCa, stage, &staged, login);
    CHECK(service::FromStatus(refused).reason == Reason::kUnauthorized);
  }
  CHECK(Call(admin, &v1::CaService::Stub::StageCa, stage, &staged, "chief").ok());
  // Whose turn it is signs nothing with the issuer's key.
  v1::ActivateCaRequest activate;
  activate.set_name("low");
  v1::ActivateCaResponse activated;
  CHECK(Call(admin, &v1::CaService::Stub::ActivateCa, activate, &activated, "owner").ok());
}

TEST_CASE_METHOD(OperatorAccessFixture, "an entity of no CA yet is its maker's, and one of other CAs gets no key",
                 "[engine][access][operators]") {
  Execute(database(), support::OperatorSql("mallory", {"write:other"}));
  Execute(database(), support::OperatorSql("maker", {"write:other"}));
  const auto create = [&](const std::string& name, const std::string& login) {
    v1::CreateEntityRequest request;
    request.set_name(name);
    v1::CreateEntityResponse response;
    return Call(admin, &v1::EntityService::Stub::CreateEntity, request, &response, login).ok();
  };
  const auto may_change = [&](const std::string& name, const std::string& login) {
    v1::UpdateEntityRequest request;
    request.set_name(name);
    request.set_description("mine");
    v1::UpdateEntityResponse response;
    const auto status = Call(admin, &v1::EntityService::Stub::UpdateEntity, request, &response, login);
    if (!status.ok()) CHECK(service::FromStatus(status).reason == Reason::kUnauthorized);
    return status.ok();
  };
  REQUIRE(create("fresh", "maker"));
  CHECK_FALSE(may_change("fresh", "mallory"));
  CHECK(may_change("fresh", "maker"));
  CHECK(may_change("fresh", "alice"));
  const auto may_key = [&](const std::string& entity, const std::string& login) {
    v1::CreatePreSharedKeyRequest request;
    request.set_entity(entity);
    request.set_ca("other");
    v1::CreatePreSharedKeyResponse response;
    const bool is_made =
        Call(admin, &v1::PreSharedKeyService::Stub::CreatePreSharedKey, request, &response, login).ok();
    v1::MintPreSharedKeysRequest batch;
    batch.add_items()->set_entity(entity);
    batch.mutable_items(0)->set_ca("other");
    v1::MintPreSharedKeysResponse minted;
    const auto status = Call(admin, &v1::PreSharedKeyService::Stub::MintPreSharedKeys, batch, &minted, login);
    const bool is_refused = !status.ok() && service::FromStatus(status).reason == Reason::kUnauthorized;
    CHECK(is_refused != is_made);
    return is_made;
  };
  CHECK_FALSE(may_key("device-1", "mallory"));
  CHECK(may_key("fresh", "mallory"));
  CHECK(may_change("fresh", "mallory"));
  CHECK(may_key("device-1", "alice"));
}

TEST_CASE_METHOD(OperatorAccessFixture, "a trial shows no key of other CAs, and calls webhooks for super-users alone",
                 "[engine][access][operators]") {
  Execute(database(), support::OperatorSql("reader", {"read:other"}));
  Execute(database(), support::OperatorSql("chief", {"super_user:other"}));
  v1::TestPolicyRequest request;
  request.set_ca("other");
  request.set_reference_number(reference_number);
  request.set_certification_request(Device("rsa-2048").Request({}));
  const auto keys_of = [&](const std::string& login) {
    const auto decision = Get(&v1::PolicyService::Stub::TestPolicy, request, login).decision();
    return decision.reference_number() + decision.entity();
  };
  CHECK(keys_of("reader").empty());
  CHECK(keys_of("alice") == reference_number + "device-1");
  request.set_calls_webhooks(true);
  v1::TestPolicyResponse response;
  for (const char* login : {"reader", "chief"}) {
    const auto status = Call(admin, &v1::PolicyService::Stub::TestPolicy, request, &response, login);
    CHECK(service::FromStatus(status).reason == Reason::kUnauthorized);
  }
  // This engine calls none.
  const auto status = Call(admin, &v1::PolicyService::Stub::TestPolicy, request, &response, "alice");
  CHECK(service::FromStatus(status).reason == Reason::kMalformed);
}

}  // namespace engine_test
