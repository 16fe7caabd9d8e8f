#include "pki/ed25519.h"

#include "pki/openssl.h"

namespace pki {

using result::Reason;

result::Result<void> VerifyEd25519(ByteView public_key, ByteView message, ByteView signature) {
  if (public_key.size() != kEd25519KeyLength || signature.size() != kEd25519SignatureLength) {
    return result::Fail(Reason::kMalformed, "an Ed25519 key or signature of another length");
  }
  ERR_clear_error();
  const OpensslPtr<EVP_PKEY> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, In(public_key), public_key.size()));
  const OpensslPtr<EVP_MD_CTX> context(EVP_MD_CTX_new());
  if (!key || !context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) {
    return OpensslFailure(Reason::kInternal, "Ed25519 verification");
  }
  if (EVP_DigestVerify(context.get(), In(signature), signature.size(), In(message), message.size()) != 1) {
    return OpensslFailure(Reason::kBadMessageCheck, "the Ed25519 signature does not hold");
  }
  return {};
}

Ed25519Key::Ed25519Key(EvpPkeyPtr key, Bytes public_key) : key_(std::move(key)), public_key_(std::move(public_key)) {}

result::Result<Ed25519Key> Ed25519Key::FromSeed(const Secret& seed) {
  const ByteView octets = seed.Reveal();
  if (octets.size() != kEd25519KeyLength) return result::Fail(Reason::kMalformed, "an Ed25519 seed of another length");
  ERR_clear_error();
  EvpPkeyPtr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, In(octets), octets.size()));
  Bytes public_key(kEd25519KeyLength, '\0');
  std::size_t length = public_key.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), Out(public_key), &length) != 1 || length != public_key.size()) {
    return OpensslFailure(Reason::kInternal, "Ed25519 key");
  }
  return Ed25519Key(std::move(key), std::move(public_key));
}

result::Result<Bytes> Ed25519Key::Sign(ByteView message) const {
  ERR_clear_error();
  const OpensslPtr<EVP_MD_CTX> context(EVP_MD_CTX_new());
  Bytes signature(kEd25519SignatureLength, '\0');
  std::size_t length = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), Out(signature), &length, In(message), message.size()) != 1 ||
      length != signature.size()) {
    return OpensslFailure(Reason::kInternal, "Ed25519 signature");
  }
  return signature;
}

}  // namespace pki
