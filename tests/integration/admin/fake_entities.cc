#include "fake_engine.h"
#include "service/status_mapping.h"

// What the fake engine knows of an entity and a key.
namespace admin_test {

namespace {

namespace v1 = certifier::v1;

constexpr char kEntity[] = "router-7", kReference[] = "100001", kValue[] = "K3YK3-YK3YK";

grpc::Status NotFound(const std::string& what) {
  return service::ToStatus({result::Reason::kNotFound, what});
}

v1::Entity Known() {
  v1::Entity entity;
  entity.set_name(kEntity);
  entity.set_status("active");
  entity.set_description("Hall 2");
  entity.set_created_by("bob");
  entity.mutable_created_at()->set_seconds(1'700'000'000);
  (*entity.mutable_attributes())["site"] = "hall-2";
  (*entity.mutable_attributes())["days"] = "7";
  return entity;
}

}  // namespace

grpc::Status FakeEntities::CreateEntity(grpc::ServerContext* context, const v1::CreateEntityRequest* request,
                                        v1::CreateEntityResponse* response) {
  journal_.Record(*context);
  v1::Entity& entity = *response->mutable_entity();
  entity.set_name(request->name());
  entity.set_subject(request->subject());
  *entity.mutable_subject_alternative_names() = request->subject_alternative_names();
  *entity.mutable_attributes() = request->attributes();
  return grpc::Status::OK;
}

grpc::Status FakeEntities::GetEntity(grpc::ServerContext* context, const v1::GetEntityRequest* request,
                                     v1::GetEntityResponse* response) {
  journal_.Record(*context);
  if (request->name() != kEntity) return NotFound("no entity is named " + request->name());
  *response->mutable_entity() = Known();
  response->set_key_count(1);
  response->set_request_count(12);
  *response->add_keys() = FakeKeys::Known();
  v1::EntityRequest& waiting = *response->add_requests();
  waiting.set_request_id("17");
  waiting.set_state(v1::REQUEST_STATE_PENDING);
  waiting.set_subject("CN=router-7\x1b[2J");
  return grpc::Status::OK;
}

grpc::Status FakeEntities::UpdateEntity(grpc::ServerContext* context, const v1::UpdateEntityRequest* request,
                                        v1::UpdateEntityResponse* response) {
  journal_.Record(*context);
  if (request->name() != kEntity) return NotFound("no entity is named " + request->name());
  v1::Entity entity = Known();
  if (request->has_status()) entity.set_status(request->status());
  if (request->has_description()) entity.set_description(request->description());
  if (request->has_subject()) entity.set_subject(request->subject());
  if (request->has_subject_alternative_names()) {
    *entity.mutable_subject_alternative_names() = request->subject_alternative_names().names();
  }
  for (const std::string& name : request->removed_attributes()) entity.mutable_attributes()->erase(name);
  for (const auto& [name, value] : request->attributes()) (*entity.mutable_attributes())[name] = value;
  *response->mutable_entity() = entity;
  return grpc::Status::OK;
}

v1::PreSharedKey FakeKeys::Known() {
  v1::PreSharedKey key;
  key.set_reference_number(kReference);
  key.set_entity(kEntity);
  key.set_ca("demo");
  key.set_type(v1::PRE_SHARED_KEY_TYPE_GENERATED);
  key.set_use_limit(5);
  key.set_use_count(2);
  key.set_reserved_count(1);
  key.mutable_not_before()->set_seconds(1'700'000'000);
  key.mutable_expires_at()->set_seconds(4'000'000'000);
  key.mutable_created_at()->set_seconds(1'700'000'000);
  key.set_created_by("bob");
  key.mutable_last_used_at()->set_seconds(1'700'000'000);
  key.set_last_used_from("192.0.2.7");
  key.set_last_request_id("17");
  (*key.mutable_attributes())["days"] = "7";
  return key;
}

grpc::Status FakeKeys::Find(const std::string& reference_number, v1::PreSharedKey& key) const {
  if (reference_number != kReference) return NotFound("no key has the reference number " + reference_number);
  key = Known();
  return grpc::Status::OK;
}

void FakeKeys::Remember(const std::string& value) {
  const std::lock_guard lock(mutex_);
  last_value_ = value;
}

std::string FakeKeys::last_value() const {
  const std::lock_guard lock(mutex_);
  return last_value_;
}

grpc::Status FakeKeys::CreatePreSharedKey(grpc::ServerContext* context, const v1::CreatePreSharedKeyRequest* request,
                                          v1::CreatePreSharedKeyResponse* response) {
  journal_.Record(*context);
  Remember(request->value());
  response->set_reference_number(kReference);
  if (request->value().empty()) response->set_key(kValue);
  response->set_entity(request->entity());
  response->set_ca(request->ca());
  response->set_use_limit(request->use_limit());
  *response->mutable_expires_at() = request->expires_at();
  return grpc::Status::OK;
}

grpc::Status FakeKeys::GetPreSharedKey(grpc::ServerContext* context, const v1::GetPreSharedKeyRequest* request,
                                       v1::GetPreSharedKeyResponse* response) {
  journal_.Record(*context);
  return Find(request->reference_number(), *response->mutable_key());
}

grpc::Status FakeKeys::ListPreSharedKeys(grpc::ServerContext* context, const v1::ListPreSharedKeysRequest* request,
                                         v1::ListPreSharedKeysResponse* response) {
  journal_.Record(*context);
  constexpr unsigned kFirst = 100'001, kLast = 100'120, kMost = 100;
  if (request->page_size() > kMost) return {grpc::StatusCode::INVALID_ARGUMENT, "page_size"};
  if (!request->entity().empty() && request->entity() != kEntity) return grpc::Status::OK;
  const unsigned size = request->page_size() == 0 ? kMost : request->page_size();
  const std::string& token = request->page_token();
  for (auto number = token.empty() ? kLast : static_cast<unsigned>(std::stoul(token)) - 1; number >= kFirst; --number) {
    v1::PreSharedKey& key = *response->add_keys();
    key = Known();
    key.set_reference_number(std::to_string(number));
    if (number == kLast) key.mutable_disabled_at()->set_seconds(1'700'000'000);
    if (response->keys_size() < static_cast<int>(size)) continue;
    response->set_next_page_token(key.reference_number());
    break;
  }
  return grpc::Status::OK;
}

grpc::Status FakeKeys::RekeyPreSharedKey(grpc::ServerContext* context, const v1::RekeyPreSharedKeyRequest* request,
                                         v1::RekeyPreSharedKeyResponse* response) {
  journal_.Record(*context);
  Remember(request->value());
  if (request->value().empty()) response->set_value(kValue);
  return Find(request->reference_number(), *response->mutable_key());
}

grpc::Status FakeKeys::DisablePreSharedKey(grpc::ServerContext* context, const v1::DisablePreSharedKeyRequest* request,
                                           v1::DisablePreSharedKeyResponse* response) {
  journal_.Record(*context);
  const auto found = Find(request->reference_number(), *response->mutable_key());
  response->mutable_key()->mutable_disabled_at()->set_seconds(1'700'000'000);
  response->mutable_key()->set_disabled_by("alice");
  return found;
}

}  // namespace admin_test
