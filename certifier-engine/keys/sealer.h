#ifndef CERTIFIER_ENGINE_KEYS_SEALER_H
#define CERTIFIER_ENGINE_KEYS_SEALER_H

#include <string>
#include <string_view>

#include "pki/bytes.h"
#include "pki/secret.h"

namespace engine::keys {

// Sealer seals the octets of one purpose for the database. What it seals is bound to the purpose and to the `identity`
// that the caller names (the digest of a public key, of a request), so that rows cannot be swapped. Immutable.
class Sealer {
 public:
  // `key` has 32 octets.
  Sealer(std::string purpose, pki::Secret key) : purpose_(std::move(purpose)), key_(std::move(key)) {}

  result::Result<pki::Bytes> Seal(pki::ByteView identity, pki::ByteView plaintext) const;
  // Unseal fails as bad message check if purpose, identity, key or octets are not the sealed ones.
  result::Result<pki::Secret> Unseal(pki::ByteView identity, pki::ByteView sealed) const;

 private:
  std::string Context(pki::ByteView identity) const;
  std::string purpose_;
  pki::Secret key_;
};

}  // namespace engine::keys

#endif  // CERTIFIER_ENGINE_KEYS_SEALER_H
