#ifndef CERTIFIER_ENGINE_RPC_PRE_SHARED_KEY_VIEW_H
#define CERTIFIER_ENGINE_RPC_PRE_SHARED_KEY_VIEW_H

#include <google/protobuf/map.h>

#include "certifier/v1/pre_shared_key.pb.h"
#include "policy/facts.h"
#include "store/administration_store.h"

namespace engine::rpc {

using AttributeMap = google::protobuf::Map<std::string, std::string>;

// Fill writes what is known of a key. Malformed for stored attributes that do not read.
result::Result<void> Fill(const store::KeyListing& record, certifier::v1::PreSharedKey& key);

// Attributes as they are stored, as the proto has them, and back.
result::Result<void> FillAttributes(const std::string& stored, AttributeMap& attributes);
policy::Attributes AttributesOf(const AttributeMap& attributes);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_PRE_SHARED_KEY_VIEW_H
