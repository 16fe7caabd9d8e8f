#include "enrollment/key_mint.h"

#include "enrollment/pre_shared_key.h"
#include "pki/extensions.h"
#include "pki/name.h"
#include "service/log.h"

namespace engine::enrollment {

namespace {

constexpr std::uint32_t kMostUses = 1'000'000;
constexpr std::size_t kMostAlternativeNames = 256;
// A reference number of 40 bits may be taken; three draws are enough at any number of keys that a table can hold.
constexpr int kDraws = 3;

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
  if (!specification.subject.empty()) {
    auto subject = pki::Name::FromString(specification.subject);
    if (!subject) return result::Wrap("subject", std::move(subject).error());
    key.bound_subject = specification.subject;
  }
  if (specification.alternative_names.size() > kMostAlternativeNames) {
    return result::Fail(result::Reason::kMalformed, "a key is bound to at most 256 alternative names");
  }
  for (const auto& text : specification.alternative_names) {
    auto name = pki::ParseGeneralName(text);
    if (!name) return result::Wrap("subject_alternative_names", std::move(name).error());
    key.bound_alternative_names.push_back(pki::ToString(*name));
  }
  return key;
}

result::Result<MintedKey> KeyMint::Mint(const KeySpecification& specification, const std::string& created_by) const {
  ASSIGN_OR_RETURN(auto key, Prepare(specification));
  key.created_by = created_by;
  result::Result<void> stored;
  for (int draw = 0; draw < kDraws; ++draw) {
    ASSIGN_OR_RETURN(auto value, NewPreSharedKey());
    ASSIGN_OR_RETURN(key.reference_number, NewReferenceNumber());
    key.digest = PreSharedKeyDigest(index_key_, value.Reveal());
    stored = store_.CreateKey(key);
    if (stored) {
      service::LogInfo("key_created", {{"reference_number", key.reference_number},
                                       {"entity", key.entity},
                                       {"ca", key.ca},
                                       {"created_by", created_by}});
      return MintedKey{key.reference_number, std::move(value), key.use_limit, key.expires_at};
    }
    if (stored.error().reason != result::Reason::kConflict) break;
  }
  return tl::unexpected<result::Error>(std::move(stored).error());
}

}  // namespace engine::enrollment
