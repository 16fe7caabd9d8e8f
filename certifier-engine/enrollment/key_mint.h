#ifndef CERTIFIER_ENGINE_ENROLLMENT_KEY_MINT_H
#define CERTIFIER_ENGINE_ENROLLMENT_KEY_MINT_H

#include <optional>
#include <string>
#include <vector>

#include "clock.h"
#include "pki/secret.h"
#include "policy/facts.h"
#include "store/administration_store.h"

namespace engine::enrollment {

// KeySpecification is what an operator asks for. Empty, zero and absent mean the default.
struct KeySpecification {
  std::string entity;
  std::string ca;
  std::uint32_t use_limit = 0;          // Default 1, at most 1,000,000.
  std::optional<TimePoint> not_before;  // Default: now.
  std::optional<TimePoint> expires_at;  // Default: KeyMint::Settings::lifetime from now.
  std::string policy;
  std::string subject;                         // RFC 4514.
  std::vector<std::string> alternative_names;  // "kind:value".
  policy::Attributes attributes = {};          // See policy::CheckAttributes.
};

// MintedKey is a key at the one moment when its value is known.
struct MintedKey {
  std::string reference_number;
  pki::Secret value;
  std::uint32_t use_limit = 0;
  TimePoint expires_at;
};

// RekeyedKey is a key with its new value, which is empty where an operator typed it in.
struct RekeyedKey {
  store::KeyListing key;
  pki::Secret value;
};

// KeyMint makes pre-shared keys. No error and no log says a value.
class KeyMint {
 public:
  struct Settings {
    std::chrono::hours lifetime = std::chrono::hours(24) * 30;
  };

  // References must outlive the mint.
  KeyMint(store::AdministrationStore& store, const pki::Secret& index_key, Clock clock, Settings settings);

  // Mint draws a key and stores its digest. Malformed for a bad specification; not found for an unknown entity, CA or
  // policy.
  result::Result<MintedKey> Mint(const KeySpecification& specification, const std::string& created_by) const;
  // MintTyped takes a value that an operator typed in instead. Malformed for a weak one (CheckTypedKey) too; conflict
  // for one that another key has, which it does not say.
  result::Result<MintedKey> MintTyped(const KeySpecification& specification, const pki::Secret& value,
                                      const std::string& created_by) const;
  // Rekey gives a key another value: a drawn one, or `typed` where that is not empty. Not found; malformed and conflict
  // as above, and conflict for a disabled key.
  result::Result<RekeyedKey> Rekey(const std::string& reference_number, const pki::Secret& typed,
                                   const std::string& rekeyed_by) const;

  // Prepare is what Mint would store but for the value and the reference number. Malformed as in Mint.
  result::Result<store::NewKey> Prepare(const KeySpecification& specification) const;

 private:
  // Store draws a reference number for `key`.
  result::Result<void> Store(store::NewKey& key) const;

  store::AdministrationStore& store_;
  const pki::Secret& index_key_;
  const Clock clock_;
  const Settings settings_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_KEY_MINT_H
