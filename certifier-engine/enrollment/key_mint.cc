#include "enrollment/key_mint.h"

#include "enrollment/binding.h"
#include "enrollment/key_strength.h"
#include "enrollment/pre_shared_key.h"
#include "policy/attributes.h"
#include "service/log.h"

namespace engine::enrollment {

namespace {

constexpr std::uint32_t kMostUses = 1'000'000;
// A reference number of 40 bits may be taken; three draws are enough at any number of keys that a table can hold.
constexpr int kDraws = 3;

// An operator may have guessed another key's value: this tells no more than it must, and others can see that it
// happened.
tl::unexpected<result::Error> ValueIsTaken(const std::string& entity, const std::string& login) {
  service::LogWarning("key_value_taken", {{"entity", entity}, {"login", login}});
  return result::Fail(result::Reason::kConflict, "this value cannot be taken: choose another one, or have one drawn");
}

}  // namespace

KeyMint::KeyMint(store::AdministrationStore& store, const pki::Secret& index_key, Clock clock, Settings settings)
    : store_(store), index_key_(index_key), clock_(std::move(clock)), settings_(settings) {}

result::Result<store::NewKey> KeyMint::Prepare(const KeySpecification& specification) const {
  store::NewKey key;
  key.entity = specification.entity;
  key.ca = specification.ca;
  key.policy = specification.policy;
  key.use_limit = specification.use_limit == 0 ? 1 : specification.use_limit;
  key.not_before = specification.not_before.value_or(clock_());
  key.expires_at = specification.expires_at.value_or(clock_() + settings_.lifetime);
  if (key.entity.empty() || key.ca.empty()) {
    return result::Fail(result::Reason::kMalformed, "a key needs an entity and a CA");
  }
  if (key.use_limit > kMostUses) return result::Fail(result::Reason::kMalformed, "a key has at most 1000000 uses");
  if (key.expires_at <= key.not_before || key.expires_at <= clock_()) {
    return result::Fail(result::Reason::kMalformed, "the key would never be good: it expires before it begins");
  }
  ASSIGN_OR_RETURN(auto binding, ReadBinding(specification.subject, specification.alternative_names));
  key.bound_subject = std::move(binding.subject);
  key.bound_alternative_names = std::move(binding.alternative_names);
  RETURN_IF_ERROR(policy::CheckAttributes(specification.attributes));
  key.attributes = policy::WriteAttributes(specification.attributes);
  return key;
}

result::Result<void> KeyMint::Store(store::NewKey& key) const {
  result::Result<void> stored;
  for (int draw = 0; draw < kDraws; ++draw) {
    ASSIGN_OR_RETURN(key.reference_number, NewReferenceNumber());
    stored = store_.CreateKey(key);
    if (stored || stored.error().reason != result::Reason::kConflict) break;
  }
  if (stored) {
    service::LogInfo("key_created", {{"reference_number", key.reference_number},
                                     {"entity", key.entity},
                                     {"ca", key.ca},
                                     {"type", key.is_typed ? "typed" : "generated"},
                                     {"created_by", key.created_by}});
  }
  return stored;
}

result::Result<MintedKey> KeyMint::Mint(const KeySpecification& specification, const std::string& created_by) const {
  ASSIGN_OR_RETURN(auto key, Prepare(specification));
  key.created_by = created_by;
  ASSIGN_OR_RETURN(auto value, NewPreSharedKey());
  key.digest = PreSharedKeyDigest(index_key_, value.Reveal());
  RETURN_IF_ERROR(Store(key));
  return MintedKey{key.reference_number, std::move(value), key.use_limit, key.expires_at};
}

result::Result<MintedKey> KeyMint::MintTyped(const KeySpecification& specification, const pki::Secret& value,
                                             const std::string& created_by) const {
  ASSIGN_OR_RETURN(auto key, Prepare(specification));
  RETURN_IF_ERROR(CheckTypedKey(value.Reveal(), key.entity));
  key.created_by = created_by;
  key.is_typed = true;
  key.digest = PreSharedKeyDigest(index_key_, value.Reveal());
  auto stored = Store(key);
  if (!stored && stored.error().reason == result::Reason::kConflict) {
    return ValueIsTaken(key.entity, created_by);
  }
  RETURN_IF_ERROR(stored);
  return MintedKey{key.reference_number, {}, key.use_limit, key.expires_at};
}

result::Result<RekeyedKey> KeyMint::Rekey(const std::string& reference_number, const pki::Secret& typed,
                                          const std::string& rekeyed_by) const {
  ASSIGN_OR_RETURN(const auto known, store_.GetKey(reference_number));
  if (known.disabled_at) return result::Fail(result::Reason::kConflict, "the key is disabled: make a new one");
  pki::Secret drawn;
  if (typed.empty()) {
    ASSIGN_OR_RETURN(drawn, NewPreSharedKey());
  } else {
    RETURN_IF_ERROR(CheckTypedKey(typed.Reveal(), known.entity));
  }
  const pki::Secret& value = typed.empty() ? drawn : typed;
  auto rekeyed = store_.Rekey(
      {known.reference_number, PreSharedKeyDigest(index_key_, value.Reveal()), !typed.empty(), rekeyed_by});
  if (!rekeyed && rekeyed.error().reason == result::Reason::kConflict && !typed.empty()) {
    return ValueIsTaken(known.entity, rekeyed_by);
  }
  if (!rekeyed) return tl::unexpected<result::Error>(std::move(rekeyed).error());
  service::LogInfo("key_rekeyed", {{"reference_number", known.reference_number},
                                   {"entity", known.entity},
                                   {"type", typed.empty() ? "generated" : "typed"},
                                   {"rekeyed_by", rekeyed_by}});
  return RekeyedKey{*std::move(rekeyed), std::move(drawn)};
}

}  // namespace engine::enrollment
