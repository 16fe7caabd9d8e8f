#ifndef CERTIFIER_ENGINE_KEYS_KEY_ENCRYPTION_KEY_H
#define CERTIFIER_ENGINE_KEYS_KEY_ENCRYPTION_KEY_H

#include <string>

#include "keys/sealer.h"
#include "pki/secret.h"

namespace engine::keys {

// KeyEncryptionKey is the one secret that the database does not hold: 32 octets, from which a key for each purpose is
// derived by HKDF-SHA256, so that no purpose can read another's octets. Whoever has it and the database has every CA.
class KeyEncryptionKey {
 public:
  // Load reads a file of 64 hexadecimal characters and an optional line end. Unavailable if it cannot be read;
  // unauthorized if its group or others may read or write it; malformed otherwise.
  static result::Result<KeyEncryptionKey> Load(const std::string& path);
  // Create writes a new random key to `path`, mode 0600. Conflict if the file exists.
  static result::Result<void> Create(const std::string& path);
  // FromOctets takes 32 octets; malformed otherwise.
  static result::Result<KeyEncryptionKey> FromOctets(pki::Secret octets);

  // PreSharedKeyIndex is the key of the HMAC under which pre-shared keys are found.
  pki::Secret PreSharedKeyIndex() const;
  // PreSharedKeyMinting is the key from which the values of keys made in bulk are derived.
  pki::Secret PreSharedKeyMinting() const;
  Sealer CaKeySealer() const;
  Sealer RegistrationAuthorityKeySealer() const;
  Sealer RequestSealer() const;
  Sealer AuditLogKeySealer() const;

 private:
  explicit KeyEncryptionKey(pki::Secret octets) : octets_(std::move(octets)) {}
  pki::Secret Derive(std::string_view purpose) const;
  pki::Secret octets_;
};

}  // namespace engine::keys

#endif  // CERTIFIER_ENGINE_KEYS_KEY_ENCRYPTION_KEY_H
