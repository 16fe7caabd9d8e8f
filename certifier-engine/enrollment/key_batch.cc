#include "enrollment/key_batch.h"

#include <utility>

#include "enrollment/entity.h"
#include "enrollment/pre_shared_key.h"
#include "pki/digest.h"
#include "policy/attributes.h"
#include "service/log.h"

namespace engine::enrollment {

namespace {

using result::Reason;

constexpr std::size_t kSaltOctets = 32, kValueOctets = 16;
// As for a single key, but any of 500 reference numbers may be taken.
constexpr int kDraws = 4;

void AppendNumber(pki::Bytes& octets, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) octets += static_cast<char>(number >> shift);
}

void AppendText(pki::Bytes& octets, std::string_view text) {
  AppendNumber(octets, text.size());
  octets += text;
}

void AppendTime(pki::Bytes& octets, const std::optional<TimePoint>& time) {
  octets += time ? '\1' : '\0';
  const auto microseconds = time ? std::chrono::floor<std::chrono::microseconds>(time->time_since_epoch()).count() : 0;
  AppendNumber(octets, static_cast<std::uint64_t>(microseconds));
}

// FieldOf names the field that KeyMint::Prepare refused: names say it themselves.
std::string FieldOf(const KeySpecification& key, const result::Error& error) {
  if (key.entity.empty()) return "entity";
  if (key.ca.empty()) return "ca";
  for (const std::string field : {"subject", "subject_alternative_names"}) {
    if (error.detail.starts_with(field + ": ")) return field;
  }
  return error.detail.find("alternative names") != std::string::npos ? "subject_alternative_names"
         : error.detail.find("uses") != std::string::npos            ? "use_limit"
                                                                     : "expires_at";
}

}  // namespace

pki::Bytes SpecificationDigest(const KeySpecification& key) {
  pki::Bytes octets;
  for (const std::string& text : {key.entity, key.ca, key.policy, key.subject}) AppendText(octets, text);
  AppendNumber(octets, key.use_limit);
  AppendTime(octets, key.not_before);
  AppendTime(octets, key.expires_at);
  AppendNumber(octets, key.alternative_names.size());
  for (const std::string& name : key.alternative_names) AppendText(octets, name);
  AppendText(octets, policy::WriteAttributes(key.attributes));
  return pki::Digest(pki::DigestAlgorithm::kSha256, octets);
}

pki::Secret DeriveKeyValue(const pki::Secret& minting_key, pki::ByteView salt, const pki::Secret& token,
                           std::uint32_t item, pki::ByteView specification_digest) {
  pki::Bytes input("value");
  input.reserve(input.size() + salt.size() + token.Reveal().size() + 8 + specification_digest.size());
  input += salt;
  input += token.Reveal();
  AppendNumber(input, item);
  input += specification_digest;
  const pki::Secret whole(pki::HmacSha256(minting_key.Reveal(), input));
  pki::Wipe(input);
  return ShownPreSharedKey(whole.Reveal().substr(0, kValueOctets));
}

KeyBatchMint::KeyBatchMint(const KeyMint& mint, store::KeyBatchStore& store, const pki::Secret& index_key,
                           pki::Secret minting_key, std::chrono::hours window)
    : mint_(mint), store_(store), index_key_(index_key), minting_key_(std::move(minting_key)), window_(window) {}

pki::Bytes KeyBatchMint::TokenDigest(const pki::Secret& token) const {
  pki::Bytes input("token");
  input += token.Reveal();
  pki::Bytes digest = pki::HmacSha256(minting_key_.Reveal(), input);
  pki::Wipe(input);
  return digest;
}

// All that can be wrong with an item by itself, the first of each kind.
std::vector<store::KeyFault> KeyBatchMint::Prepare(const KeyBatch& batch, const std::string& created_by,
                                                   store::KeyBatchOrder& order) const {
  std::vector<store::KeyFault> faults;
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    KeySpecification specification = batch.items[i];
    const auto number = batch.first_item + static_cast<std::uint32_t>(i);
    const policy::Attributes attributes = std::exchange(specification.attributes, {});
    auto key = mint_.Prepare(specification);
    if (!key) faults.push_back({number, FieldOf(specification, key.error()), key.error()});
    if (const auto named = CheckEntity(specification.entity, ""); !named && !specification.entity.empty()) {
      faults.push_back({number, "entity", named.error()});
    }
    if (const auto checked = policy::CheckAttributes(attributes); !checked) {
      faults.push_back({number, "attributes", checked.error()});
    }
    if (!faults.empty()) continue;
    key->created_by = created_by;
    key->attributes = policy::WriteAttributes(attributes);
    order.keys.push_back({number, SpecificationDigest(batch.items[i]), *std::move(key)});
  }
  return faults;
}

result::Result<store::KeyBatchOutcome> KeyBatchMint::Store(store::KeyBatchOrder& order) const {
  result::Result<store::KeyBatchOutcome> outcome;
  for (int draw = 0; draw < kDraws; ++draw) {
    for (store::BatchKey& key : order.keys) {
      ASSIGN_OR_RETURN(key.key.reference_number, NewReferenceNumber());
    }
    outcome = store_.MintKeys(order);
    if (outcome || outcome.error().reason != Reason::kConflict) break;
  }
  return outcome;
}

result::Result<MintedKeys> KeyBatchMint::Mint(const KeyBatch& batch, const std::string& created_by) const {
  if (batch.token.Reveal().size() != kTokenOctets) {
    return result::Fail(Reason::kMalformed, "a batch token has 32 octets");
  }
  if (batch.items.empty() || batch.items.size() > kMostItemsOfCall) {
    return result::Fail(Reason::kMalformed, "a call is for 1 to 500 keys");
  }
  if (batch.first_item >= kMostItemsOfBatch || batch.items.size() > kMostItemsOfBatch - batch.first_item) {
    return result::Fail(Reason::kMalformed, "a batch has at most 1000000 keys");
  }
  store::KeyBatchOrder order;
  order.creates_entities = batch.creates_entities;
  if (auto faults = Prepare(batch, created_by, order); !faults.empty()) return MintedKeys{.faults = std::move(faults)};
  ASSIGN_OR_RETURN(auto salt, pki::RandomBytes(kSaltOctets));
  ASSIGN_OR_RETURN(const auto opened,
                   store_.OpenKeyBatch({TokenDigest(batch.token), std::move(salt), created_by, window_}));
  order.key_batch_id = opened.key_batch_id;
  std::vector<pki::Secret> values;
  for (store::BatchKey& key : order.keys) {
    values.push_back(DeriveKeyValue(minting_key_, opened.salt, batch.token, key.item, key.specification_digest));
    key.key.digest = PreSharedKeyDigest(index_key_, values.back().Reveal());
  }
  ASSIGN_OR_RETURN(auto outcome, Store(order));
  if (!outcome.faults.empty()) return MintedKeys{.faults = std::move(outcome.faults)};
  service::LogInfo("keys_minted", {{"batch", opened.key_batch_id},
                                   {"made", static_cast<std::int64_t>(outcome.made)},
                                   {"repeated", static_cast<std::int64_t>(outcome.keys.size() - outcome.made)},
                                   {"created_by", created_by}});
  MintedKeys minted;
  for (std::size_t i = 0; i < values.size(); ++i) {
    minted.keys.push_back({std::move(outcome.keys[i]), std::move(values[i])});
  }
  return minted;
}

}  // namespace engine::enrollment
