#include "support/policy_documents.h"

namespace support {

namespace v1 = certifier::v1;

v1::Policy PolicyDocument(const PolicyWish& wish) {
  v1::Policy policy;
  policy.set_name(wish.name);
  const auto receive = [&] { return policy.mutable_receive_request()->add_modules(); };
  auto& keys = *receive()->mutable_allowed_keys();
  for (const auto* key : {"rsa-2048", "ecdsa-p256"}) keys.add_algorithms(key);
  receive()->mutable_match_subject()->set_may_be_empty(wish.subject_may_be_empty);
  auto& names = *receive()->mutable_match_alternative_names();
  for (const auto* kind : {"dns", "ip", "email", "uri"}) names.add_allowed_kinds(kind);
  auto& signer = *receive()->mutable_require_signer();
  signer = wish.renewal;
  if (signer.then() == v1::VERDICT_UNSPECIFIED) signer.set_then(v1::VERDICT_ACCEPT);
  signer.set_otherwise(v1::VERDICT_PASS);
  auto& key = *receive()->mutable_require_key();
  key.set_then(wish.with_key);
  key.set_otherwise(wish.without_key);

  const auto accept = [&] { return policy.mutable_accept_request()->add_modules(); };
  accept()->mutable_set_validity()->set_days(wish.days);
  auto& usage = *accept()->mutable_set_key_usage();
  for (const auto* name : {"digital_signature", "key_encipherment"}) usage.add_usages(name);
  accept()->mutable_set_extended_key_usage()->add_purposes("client_auth");
  accept()->mutable_accept_all();
  return policy;
}

}  // namespace support
