#ifndef CERTIFIER_PKI_ED25519_H
#define CERTIFIER_PKI_ED25519_H

#include "pki/bytes.h"
#include "pki/key.h"
#include "pki/secret.h"

namespace pki {

inline constexpr std::size_t kEd25519KeyLength = 32;
inline constexpr std::size_t kEd25519SignatureLength = 64;

// VerifyEd25519 checks a signature over `message` (RFC 8032 section 5.1: neither prehashed nor with a context).
// `public_key` is 32 octets, `signature` 64. Malformed: other lengths; bad message check: the signature does not hold.
result::Result<void> VerifyEd25519(ByteView public_key, ByteView message, ByteView signature);

// Ed25519Key signs what no certificate stands for; certificates, requests and CMS use PrivateKey. Moved, never copied;
// immutable and safe for concurrent use. OpenSSL wipes the key when it is freed.
class Ed25519Key {
 public:
  // FromSeed takes the 32 octets that RFC 8032 section 5.1.5 calls the private key. Malformed: another length.
  static result::Result<Ed25519Key> FromSeed(const Secret& seed);

  // Sign gives 64 octets, always the same for the same message. Internal if OpenSSL cannot.
  result::Result<Bytes> Sign(ByteView message) const;
  // The public key: 32 octets.
  const Bytes& public_key() const { return public_key_; }

 private:
  Ed25519Key(EvpPkeyPtr key, Bytes public_key);
  EvpPkeyPtr key_;
  Bytes public_key_;
};

}  // namespace pki

#endif  // CERTIFIER_PKI_ED25519_H
