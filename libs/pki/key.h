#ifndef CERTIFIER_PKI_KEY_H
#define CERTIFIER_PKI_KEY_H

#include <memory>
#include <string>
#include <string_view>

#include "pki/bytes.h"
#include "pki/digest.h"
#include "pki/secret.h"

typedef struct evp_pkey_st EVP_PKEY;

namespace pki {

enum class KeyType { kRsa, kEcdsaP256, kEcdsaP384, kEcdsaP521 };
enum class SignaturePadding { kPkcs1, kPss, kNone };  // kNone: ECDSA.
enum class KeyTransport { kPkcs1, kOaepSha1, kOaepSha256 };

// SignatureAlgorithm is how a signature was made.
struct SignatureAlgorithm {
  DigestAlgorithm digest = DigestAlgorithm::kSha256;
  SignaturePadding padding = SignaturePadding::kPkcs1;
};

// ParseSignatureAlgorithm reads an AlgorithmIdentifier whose OID names padding and digest together
// (shaNNNWithRSAEncryption, md5WithRSAEncryption, ecdsa-with-SHAnnn, id-RSASSA-PSS with the MGF1 digest equal to the
// hash and the salt as long as it or 20). Parameters NULL or absent. Bad algorithm: any other.
result::Result<SignatureAlgorithm> ParseSignatureAlgorithm(ByteView algorithm_identifier_der);

struct FreeEvpPkey {
  void operator()(EVP_PKEY* key) const;
};
using EvpPkeyPtr = std::unique_ptr<EVP_PKEY, FreeEvpPkey>;

// PublicKey is an immutable public key with its SubjectPublicKeyInfo as received; safe to share between threads.
class PublicKey {
 public:
  // FromSpki reads RSA (512 to 8192 bits, odd exponent of at least 3 and at most 64 bits, odd modulus) and EC keys
  // on P-256, P-384 and P-521 (uncompressed). It walks the DER itself and builds the key with EVP_PKEY_fromdata, which
  // is thirty times cheaper than OpenSSL 3.0's decoder. Malformed or bad algorithm.
  static result::Result<PublicKey> FromSpki(ByteView spki_der);

  KeyType type() const { return type_; }
  // Bits of the modulus, or of the field.
  int bits() const { return bits_; }
  // "rsa-2048", "ecdsa-p256" ...
  std::string ToString() const;
  const Bytes& spki() const { return spki_; }
  // The contents of subjectPublicKey without the unused-bits octet; a SKI is its SHA-1 (RFC 5280 section 4.2.1.2).
  ByteView subject_public_key() const;

  // Verify checks a signature over `data`. Bad message check if it does not hold.
  result::Result<void> Verify(const SignatureAlgorithm& algorithm, ByteView data, ByteView signature) const;
  // Encrypt wraps a content key; RSA only, bad algorithm otherwise.
  result::Result<Bytes> Encrypt(KeyTransport transport, ByteView content_key) const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.spki_ == b.spki_; }

 private:
  PublicKey(Bytes spki, std::size_t key_offset, KeyType type, int bits, std::shared_ptr<EVP_PKEY> key);
  Bytes spki_;
  std::size_t key_offset_;
  KeyType type_;
  int bits_;
  std::shared_ptr<EVP_PKEY> key_;
};

// SigningKey is the seam for keys that sign, wherever they live. Implementations are safe for concurrent use.
class SigningKey {
 public:
  virtual ~SigningKey() = default;
  // Sign signs `data` with the digest named: RSA by PKCS#1 v1.5, ECDSA as DER. Unavailable if the key is away.
  virtual result::Result<Bytes> Sign(DigestAlgorithm digest, ByteView data) const = 0;
  virtual const PublicKey& public_key() const = 0;
};

// DecryptionKey is the seam for keys that unwrap content keys.
class DecryptionKey {
 public:
  virtual ~DecryptionKey() = default;
  // UnwrapContentKey never tells success from failure (requirements S-02): if the RSA block is bad or the key inside is
  // not `length` octets, it returns `length` random octets, drawn beforehand, chosen in constant time. The Result fails
  // only as unavailable (the key is away) or internal (no random octets).
  virtual result::Result<Secret> UnwrapContentKey(KeyTransport transport, ByteView encrypted_key,
                                                  std::size_t length) const = 0;
};

// PrivateKey is a key in this process's memory.
class PrivateKey final : public SigningKey, public DecryptionKey {
 public:
  ~PrivateKey() override;
  // Generate makes a key from "rsa-2048", "rsa-3072", "rsa-4096", "ecdsa-p256" or "ecdsa-p384"; bad algorithm
  // otherwise.
  static result::Result<std::unique_ptr<PrivateKey>> Generate(std::string_view algorithm);
  // FromPkcs8 reads an unencrypted PKCS#8 PrivateKeyInfo in DER, whole.
  static result::Result<std::unique_ptr<PrivateKey>> FromPkcs8(ByteView der);
  // FromPem reads "PRIVATE KEY", unencrypted.
  static result::Result<std::unique_ptr<PrivateKey>> FromPem(std::string_view pem);

  result::Result<Secret> ToPkcs8() const;
  result::Result<Secret> ToPem() const;

  result::Result<Bytes> Sign(DigestAlgorithm digest, ByteView data) const override;
  const PublicKey& public_key() const override { return public_key_; }
  result::Result<Secret> UnwrapContentKey(KeyTransport transport, ByteView encrypted_key,
                                          std::size_t length) const override;

 private:
  PrivateKey(EvpPkeyPtr key, PublicKey public_key);
  static result::Result<std::unique_ptr<PrivateKey>> Adopt(EvpPkeyPtr key);
  struct Contexts;
  EvpPkeyPtr key_;
  PublicKey public_key_;
  std::unique_ptr<Contexts> contexts_;
};

// SignatureAlgorithmIdentifier is the AlgorithmIdentifier DER for `key` signing with `digest`: shaNNNWithRSAEncryption
// with NULL, or ecdsa-with-SHAnnn without parameters.
Bytes SignatureAlgorithmIdentifier(const PublicKey& key, DigestAlgorithm digest);

}  // namespace pki

#endif  // CERTIFIER_PKI_KEY_H
