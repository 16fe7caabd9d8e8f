#include "rpc/pre_shared_key_view.h"

#include "policy/attributes.h"
#include "timestamp.h"

namespace engine::rpc {

result::Result<void> Fill(const store::KeyListing& record, certifier::v1::PreSharedKey& key) {
  key.set_reference_number(record.reference_number);
  key.set_entity(record.entity);
  key.set_ca(record.ca);
  key.set_use_limit(record.use_limit);
  key.set_use_count(record.use_count);
  key.set_reserved_count(record.reserved_count);
  *key.mutable_not_before() = ToTimestamp(record.not_before);
  *key.mutable_expires_at() = ToTimestamp(record.expires_at);
  key.set_policy(record.policy);
  key.set_subject(record.bound_subject);
  for (const auto& name : record.bound_alternative_names) key.add_subject_alternative_names(name);
  *key.mutable_created_at() = ToTimestamp(record.created_at);
  key.set_created_by(record.created_by);
  key.set_type(record.is_typed ? certifier::v1::PRE_SHARED_KEY_TYPE_TYPED
                               : certifier::v1::PRE_SHARED_KEY_TYPE_GENERATED);
  if (record.last_used_at) {
    *key.mutable_last_used_at() = ToTimestamp(*record.last_used_at);
    key.set_last_used_from(record.last_used_from);
    key.set_last_request_id(std::to_string(record.last_request_id));
  }
  if (record.rekeyed_at) *key.mutable_rekeyed_at() = ToTimestamp(*record.rekeyed_at);
  key.set_rekeyed_by(record.rekeyed_by);
  if (record.disabled_at) *key.mutable_disabled_at() = ToTimestamp(*record.disabled_at);
  key.set_disabled_by(record.disabled_by);
  return FillAttributes(record.attributes, *key.mutable_attributes());
}

result::Result<void> FillAttributes(const std::string& stored, AttributeMap& attributes) {
  ASSIGN_OR_RETURN(const auto read, policy::ReadAttributes(stored));
  attributes.insert(read.begin(), read.end());
  return {};
}

policy::Attributes AttributesOf(const AttributeMap& attributes) {
  return {attributes.begin(), attributes.end()};
}

}  // namespace engine::rpc
