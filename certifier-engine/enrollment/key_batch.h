#ifndef CERTIFIER_ENGINE_ENROLLMENT_KEY_BATCH_H
#define CERTIFIER_ENGINE_ENROLLMENT_KEY_BATCH_H

#include <cstdint>
#include <string>
#include <vector>

#include "enrollment/key_mint.h"
#include "store/key_batch_store.h"

namespace engine::enrollment {

// KeyBatch is one call for keys of a batch.
struct KeyBatch {
  pki::Secret token;  // Of the batch, 32 octets.
  std::uint32_t first_item = 0;
  bool creates_entities = false;
  std::vector<KeySpecification> items;
};

// MintedBatchKey is a key with its value.
struct MintedBatchKey {
  store::StoredBatchKey key;
  pki::Secret value;
};

// MintedKeys has a key for each item, in their order; or faults, and then nothing was made.
struct MintedKeys {
  std::vector<MintedBatchKey> keys = {};
  std::vector<store::KeyFault> faults = {};
};

// SpecificationDigest is SHA-256 over every field, each with its length before it.
pki::Bytes SpecificationDigest(const KeySpecification& key);
// DeriveKeyValue is the value of a batch's item as it is shown: the first 128 bits of HMAC-SHA256 under `minting_key`
// over salt, token, item and digest, all of fixed lengths.
pki::Secret DeriveKeyValue(const pki::Secret& minting_key, pki::ByteView salt, const pki::Secret& token,
                           std::uint32_t item, pki::ByteView specification_digest);

// KeyBatchMint makes keys in bulk, so that the same call brings the same keys. Their values are derived, not drawn,
// from three secrets in three places: the key-encryption key, the token that the operator's program holds, and the
// batch's salt in the database, which is forgotten when the batch ends. Nothing is derivable without all of them. No
// error and no log says a value or a token. Safe from any thread.
class KeyBatchMint {
 public:
  static constexpr std::size_t kMostItemsOfCall = 500, kTokenOctets = 32;
  static constexpr std::uint32_t kMostItemsOfBatch = 1'000'000;

  // References must outlive it. `window` is how long a batch may be repeated.
  KeyBatchMint(const KeyMint& mint, store::KeyBatchStore& store, const pki::Secret& index_key, pki::Secret minting_key,
               std::chrono::hours window);

  // Mint makes the keys, all or none, or finds those of the same call. Malformed for what breaks a bound as a whole;
  // conflict for a batch that has ended or is another operator's. What is wrong with items are faults.
  result::Result<MintedKeys> Mint(const KeyBatch& batch, const std::string& created_by) const;

 private:
  pki::Bytes TokenDigest(const pki::Secret& token) const;
  std::vector<store::KeyFault> Prepare(const KeyBatch& batch, const std::string& created_by,
                                       store::KeyBatchOrder& order) const;
  result::Result<store::KeyBatchOutcome> Store(store::KeyBatchOrder& order) const;

  const KeyMint& mint_;
  store::KeyBatchStore& store_;
  const pki::Secret& index_key_;
  const pki::Secret minting_key_;
  const std::chrono::hours window_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_KEY_BATCH_H
