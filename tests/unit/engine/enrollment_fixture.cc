#include "enrollment_fixture.h"

#include <catch2/catch.hpp>
#include <map>

#include "authority/ca_update.h"
#include "policy/book.h"
#include "policy/document.h"

namespace engine_test {

namespace {

using engine::enrollment::FailInfo;

engine::keys::KeyEncryptionKey FixedKey() {
  return *engine::keys::KeyEncryptionKey::FromOctets(pki::Secret(pki::Bytes(32, 'k')));
}

// What each name's CA is in every fixture: the key of its RA takes a tenth of a second to find.
std::map<std::string, engine::store::NewCa>& MadeCas() {
  static std::map<std::string, engine::store::NewCa> made;
  return made;
}

engine::store::NewCa Again(const engine::store::CaRecord& record) {
  engine::store::NewCa ca;
  ca.name = record.name;
  ca.policy = "default";
  ca.generation.key_algorithm = record.key_algorithm;
  ca.generation.certificate = record.certificate;
  ca.generation.sealed_key = record.sealed_key;
  ca.generation.not_after = *pki::Certificate::Parse(record.certificate)->not_after();
  for (const auto& authority : record.registration_authorities) {
    ca.generation.registration_authorities.push_back(
        {authority.usage, authority.certificate, authority.sealed_key, TimePoint()});
  }
  return ca;
}

}  // namespace

EnrollmentFixture::EnrollmentFixture()
    : now_(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())),
      key_(FixedKey()),
      key_index(key_.PreSharedKeyIndex()),
      request_sealer(key_.RequestSealer()),
      sealers(Sealers()),
      directory(store, Sealers(), engine::policy::Book::Open),
      maker(sealers, clock, {}),
      factory(store, directory, maker),
      rollover(store, directory, maker, clock),
      issuer(std::chrono::minutes(5)),
      decider(issuer, request_sealer, clock, kRetention),
      held_requests({store, directory, request_sealer, clock, kApprovalTtl}),
      approval({store, store, held_requests, issuer, clock}),
      template_edit({store, store, held_requests}),
      mint(store, key_index, clock, {}),
      workers("test", 2, 1000),
      guard({}),
      submitter({directory, store, store, workers, decider, key_index, guard, clock}, {}),
      poller({directory, store, store, workers, clock, kRetention}),
      retriever({directory, store, workers, clock}) {
  ApplyPolicy("default", VERDICT_ACCEPT, VERDICT_HOLD);
  CreateCa("demo");
  REQUIRE(store.CreateEntity({"device-1", "", "test"}));
}

void EnrollmentFixture::CreateCa(const std::string& name) {
  auto& made = MadeCas();
  if (const auto found = made.find(name); found != made.end()) {
    REQUIRE(store.CreateCa(found->second));
    REQUIRE(directory.Reload());
    return;
  }
  engine::authority::CaSpecification specification;
  specification.name = name;
  specification.key_algorithm = "ecdsa-p256";
  const auto created = factory.Create(specification, "test");
  INFO((created ? "" : created.error().detail));
  REQUIRE(created);
  const auto loaded = store.LoadDirectory();
  for (const auto& ca : loaded->cas) {
    if (ca.name == name) made.emplace(name, Again(ca));
  }
}

void EnrollmentFixture::SetOptions(const std::string& ca, const certifier::v1::CaOptions& options) {
  engine::authority::CaUpdate update;
  update.name = ca;
  update.options = options;
  const auto updated = engine::authority::UpdateCa(store, directory, update, "test");
  INFO((updated ? "" : updated.error().detail));
  REQUIRE(updated);
}

void EnrollmentFixture::ApplyPolicy(const std::string& name, certifier::v1::Verdict with_key,
                                    certifier::v1::Verdict without_key, const certifier::v1::RequireSigner& renewal) {
  ApplyPolicy(support::PolicyDocument({name, with_key, without_key, renewal}));
}

void EnrollmentFixture::ApplyPolicy(const certifier::v1::Policy& document) {
  const auto policy = engine::policy::FromProto(document);
  INFO((policy ? "" : policy.error().detail));
  REQUIRE(policy);
  REQUIRE(store.ApplyPolicy({document.name(), *engine::policy::ToJson(document), "test"}));
  REQUIRE(directory.Reload());
}

std::string EnrollmentFixture::Mint(engine::enrollment::KeySpecification key) {
  if (key.entity.empty()) key.entity = "device-1";
  if (key.ca.empty()) key.ca = "demo";
  auto minted = mint.Mint(key, "test");
  INFO((minted ? "" : minted.error().detail));
  REQUIRE(minted);
  return std::string(minted->value.Reveal());
}

std::uint32_t EnrollmentFixture::UseCount() {
  std::uint32_t count = 0;
  const auto keys = store.ListKeys("", {});
  for (const auto& key : *keys) count += key.use_count;
  return count;
}

std::future<Reply> EnrollmentFixture::Start(const Device& device, const Message& message) {
  // What the message borrows lives in the callback, as it lives in the gRPC call.
  struct Call {
    Message message;
    pki::Bytes request, signer;
    std::promise<Reply> reply;
  };
  auto call = std::make_shared<Call>();
  call->message = message;
  call->request = message.request.empty() ? device.Request(message.ask) : message.request;
  call->signer = message.signer.empty() ? device.SignerCertificate() : message.signer;
  auto reply = call->reply.get_future();
  submitter.Submit({call->message.ca, call->message.transaction_id, message.message_type, call->signer, call->request,
                    call->message.source, now() - message.received_ago, message.ca_generation},
                   [call](auto answer) { call->reply.set_value(ReplyOf(std::move(answer))); });
  return reply;
}

Reply EnrollmentFixture::Submit(const Device& device, const Message& message) {
  return Await(Start(device, message));
}

Reply EnrollmentFixture::Poll(const Device& device, const std::string& transaction_id) {
  auto reply = std::make_shared<std::promise<Reply>>();
  const auto signer = device.SignerCertificate();
  poller.Poll({"demo", transaction_id, signer, "192.0.2.7"},
              [reply](auto answer) { reply->set_value(ReplyOf(std::move(answer))); });
  return Await(reply->get_future());
}

Reply ReplyOf(result::Result<engine::enrollment::Answer> answer) {
  Reply reply;
  if (!answer) {
    reply.outcome = result::ToString(answer.error().reason);
  } else if (auto* issued = std::get_if<engine::enrollment::Issued>(&*answer)) {
    reply.outcome = "issued";
    reply.certificate = std::move(issued->certificate);
  } else if (const auto* pending = std::get_if<engine::enrollment::Pending>(&*answer)) {
    reply.outcome = "pending";
    reply.request_id = pending->request_id;
  } else if (const auto* rejected = std::get_if<engine::enrollment::Rejected>(&*answer)) {
    const bool is_bad_request = rejected->fail_info == FailInfo::kBadRequest;
    const bool is_bad_cert_id = rejected->fail_info == FailInfo::kBadCertId;
    reply.outcome = is_bad_request ? "badRequest" : is_bad_cert_id ? "badCertId" : "another failInfo";
    reply.decision_id = rejected->decision_id;
  } else {
    reply.outcome = "delayed";
  }
  return reply;
}

Reply Await(std::future<Reply> reply) {
  REQUIRE(reply.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  return reply.get();
}

}  // namespace engine_test
