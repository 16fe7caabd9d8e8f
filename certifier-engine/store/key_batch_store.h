#ifndef CERTIFIER_ENGINE_STORE_KEY_BATCH_STORE_H
#define CERTIFIER_ENGINE_STORE_KEY_BATCH_STORE_H

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "store/administration_store.h"

namespace engine::store {

// NewKeyBatch is a batch at its first call, or at any further one.
struct NewKeyBatch {
  Bytes token_digest;         // 32 octets.
  Bytes salt;                 // 32 octets, for a batch that does not exist.
  std::string created_by;     // Login.
  std::chrono::hours window;  // How long it may be repeated.
};

struct KeyBatchRecord {
  std::int64_t key_batch_id = 0;
  Bytes salt;
};

// BatchKey is a key to be made, or to be found again.
struct BatchKey {
  std::uint32_t item = 0;
  Bytes specification_digest;  // 32 octets.
  NewKey key;
};

struct KeyBatchOrder {
  std::int64_t key_batch_id = 0;
  bool creates_entities = false;
  std::vector<BatchKey> keys;  // By item, without gaps; at least one.
};

// KeyFault is what is wrong with an item; `field` is PreSharedKeyItem's, or empty.
struct KeyFault {
  std::uint32_t item = 0;
  std::string field;
  result::Error error;
};

// StoredBatchKey is a key of a batch as it is in the database.
struct StoredBatchKey {
  std::string reference_number;
  std::uint32_t use_limit = 0;
  TimePoint not_before, expires_at;
};

// KeyBatchOutcome has a key for each that was asked for, in their order; or faults, and then nothing was changed.
struct KeyBatchOutcome {
  std::vector<StoredBatchKey> keys = {};
  std::vector<KeyFault> faults = {};
  std::size_t made = 0;  // Those that were not there before.
};

class KeyBatchStore {
 public:
  virtual ~KeyBatchStore() = default;

  // OpenKeyBatch finds the batch with this token, or makes it. kConflict if it has ended or is another operator's.
  virtual Result<KeyBatchRecord> OpenKeyBatch(const NewKeyBatch& batch) = 0;
  // MintKeys makes the keys that the batch does not have yet, in one transaction, and finds those that it has: faults,
  // as kConflict, where such a one was specified otherwise, was used, rekeyed or disabled. kConflict if the batch has
  // ended, or a new reference number or digest exists: with other reference numbers the call may be repeated.
  virtual Result<KeyBatchOutcome> MintKeys(const KeyBatchOrder& order) = 0;
  // EndKeyBatches forgets the salts and the items of batches whose window is over: how many batches. Any number of
  // engines may do it at once.
  virtual Result<std::int64_t> EndKeyBatches() = 0;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_KEY_BATCH_STORE_H
