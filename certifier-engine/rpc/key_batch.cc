#include "rpc/key_batch.h"

#include "service/status_mapping.h"
#include "timestamp.h"

namespace engine::rpc {

namespace {

enrollment::KeySpecification SpecificationOf(const certifier::v1::PreSharedKeyItem& item) {
  enrollment::KeySpecification key;
  key.entity = item.entity();
  key.ca = item.ca();
  key.use_limit = item.use_limit();
  if (item.has_not_before()) key.not_before = FromTimestamp(item.not_before());
  if (item.has_expires_at()) key.expires_at = FromTimestamp(item.expires_at());
  key.policy = item.policy();
  key.subject = item.subject();
  key.alternative_names = {item.subject_alternative_names().begin(), item.subject_alternative_names().end()};
  key.attributes = {item.attributes().begin(), item.attributes().end()};
  return key;
}

}  // namespace

enrollment::KeyBatch KeyBatchOf(const certifier::v1::MintPreSharedKeysRequest& request) {
  enrollment::KeyBatch batch;
  batch.token = pki::Secret(request.batch_token());
  batch.first_item = request.first_item();
  batch.creates_entities = request.create_entities();
  for (const auto& item : request.items()) batch.items.push_back(SpecificationOf(item));
  return batch;
}

void Fill(const enrollment::MintedKeys& minted, certifier::v1::MintPreSharedKeysResponse& response) {
  for (const auto& [key, value] : minted.keys) {
    auto& shown = *response.add_keys();
    shown.set_reference_number(key.reference_number);
    shown.set_key(std::string(value.Reveal()));
    shown.set_use_limit(key.use_limit);
    *shown.mutable_not_before() = ToTimestamp(key.not_before);
    *shown.mutable_expires_at() = ToTimestamp(key.expires_at);
  }
  for (const auto& [item, field, error] : minted.faults) {
    auto& fault = *response.add_faults();
    fault.set_item(item);
    fault.set_field(field);
    *fault.mutable_error() = service::ToErrorDetail(error);
  }
}

}  // namespace engine::rpc
