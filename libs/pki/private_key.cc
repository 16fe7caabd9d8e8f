#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <array>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "pki/digest_method.h"
#include "pki/key.h"
#include "pki/key_operation.h"
#include "pki/openssl.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

EVP_PKEY* NewKey(std::string_view algorithm) {
  if (algorithm == "rsa-2048") return EVP_RSA_gen(2048);
  if (algorithm == "rsa-3072") return EVP_RSA_gen(3072);
  if (algorithm == "rsa-4096") return EVP_RSA_gen(4096);
  if (algorithm == "ecdsa-p256") return EVP_EC_gen("P-256");
  if (algorithm == "ecdsa-p384") return EVP_EC_gen("P-384");
  return nullptr;
}

// All ones if `a` equals `b`, else zero, without a branch.
unsigned char EqualMask(std::size_t a, std::size_t b) {
  const std::size_t difference = a ^ b;
  const std::size_t is_different = (difference | (0 - difference)) >> (8 * sizeof(std::size_t) - 1);
  return static_cast<unsigned char>(is_different - 1);
}

// ContextPool keeps OpenSSL's contexts of one operation, set up, until the next caller wants one: to set one up looks
// its algorithm up by name, each time. It never holds more than were in use at once.
class ContextPool {
 public:
  // Take gives a context that was given back, or what `make` makes: null if that fails.
  template <class Make>
  OpensslPtr<EVP_PKEY_CTX> Take(Make make) {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        OpensslPtr<EVP_PKEY_CTX> context = std::move(idle_.back());
        idle_.pop_back();
        return context;
      }
    }
    return make();
  }
  void GiveBack(OpensslPtr<EVP_PKEY_CTX> context) noexcept {
    const std::lock_guard lock(mutex_);
    try {
      idle_.push_back(std::move(context));
    } catch (const std::bad_alloc&) {
      // It is freed, and the next caller sets one up.
    }
  }

 private:
  std::mutex mutex_;  // Guards idle_.
  std::vector<OpensslPtr<EVP_PKEY_CTX>> idle_;
};

OpensslPtr<EVP_PKEY_CTX> SigningContext(EVP_PKEY* key, bool is_rsa, DigestAlgorithm digest) {
  OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  bool is_ready = context && EVP_PKEY_sign_init(context.get()) == 1;
  if (is_rsa) is_ready = is_ready && EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1;
  is_ready = is_ready && EVP_PKEY_CTX_set_signature_md(context.get(), DigestMethod(digest)) == 1;
  return is_ready ? std::move(context) : nullptr;
}

OpensslPtr<EVP_PKEY_CTX> DecryptionContext(EVP_PKEY* key, KeyTransport transport) {
  OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  const bool is_ready =
      context && EVP_PKEY_decrypt_init(context.get()) == 1 && SetKeyTransport(context.get(), transport);
  return is_ready ? std::move(context) : nullptr;
}

Secret Drain(BIO* bio) {
  char* octets = nullptr;
  const long length = BIO_get_mem_data(bio, &octets);
  return Secret(Bytes(octets, static_cast<std::size_t>(length)));
}

}  // namespace

bool SetKeyTransport(EVP_PKEY_CTX* context, KeyTransport transport) {
  switch (transport) {
    case KeyTransport::kPkcs1:
      return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    case KeyTransport::kOaepSha1:
      return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
             EVP_PKEY_CTX_set_rsa_oaep_md(context, DigestMethod(DigestAlgorithm::kSha1)) == 1;
    case KeyTransport::kOaepSha256:
      return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
             EVP_PKEY_CTX_set_rsa_oaep_md(context, DigestMethod(DigestAlgorithm::kSha256)) == 1 &&
             EVP_PKEY_CTX_set_rsa_mgf1_md(context, DigestMethod(DigestAlgorithm::kSha256)) == 1;
  }
  throw std::logic_error("no such key transport");
}

// A pool for each algorithm, by its number.
struct PrivateKey::Contexts {
  std::array<ContextPool, static_cast<std::size_t>(DigestAlgorithm::kSha512) + 1> signing;
  std::array<ContextPool, static_cast<std::size_t>(KeyTransport::kOaepSha256) + 1> decryption;
};

PrivateKey::PrivateKey(EvpPkeyPtr key, PublicKey public_key)
    : key_(std::move(key)), public_key_(std::move(public_key)), contexts_(std::make_unique<Contexts>()) {}

PrivateKey::~PrivateKey() = default;

result::Result<std::unique_ptr<PrivateKey>> PrivateKey::Adopt(EvpPkeyPtr key) {
  if (!key) return OpensslFailure(Reason::kMalformed, "not a private key");
  unsigned char* octets = nullptr;
  const int length = i2d_PUBKEY(key.get(), &octets);
  if (length <= 0) return OpensslFailure(Reason::kInternal, "a key without a public part");
  const Bytes spki(reinterpret_cast<char*>(octets), static_cast<std::size_t>(length));
  OPENSSL_free(octets);
  ASSIGN_OR_RETURN(PublicKey public_key, PublicKey::FromSpki(spki));
  return std::unique_ptr<PrivateKey>(new PrivateKey(std::move(key), std::move(public_key)));
}

result::Result<std::unique_ptr<PrivateKey>> PrivateKey::Generate(std::string_view algorithm) {
  EvpPkeyPtr key(NewKey(algorithm));
  if (!key) return OpensslFailure(Reason::kBadAlgorithm, "cannot make a key of kind " + std::string(algorithm));
  return Adopt(std::move(key));
}

result::Result<std::unique_ptr<PrivateKey>> PrivateKey::FromPkcs8(ByteView der) {
  const unsigned char* cursor = In(der);
  const OpensslPtr<PKCS8_PRIV_KEY_INFO> info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &cursor, static_cast<long>(der.size())));
  if (!info || cursor != In(der) + der.size()) return OpensslFailure(Reason::kMalformed, "not a PKCS#8 private key");
  return Adopt(EvpPkeyPtr(EVP_PKCS82PKEY(info.get())));
}

result::Result<std::unique_ptr<PrivateKey>> PrivateKey::FromPem(std::string_view pem) {
  if (pem.empty()) return Fail(Reason::kMalformed, "no PRIVATE KEY block");
  const OpensslPtr<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return OpensslFailure(Reason::kInternal, "cannot read PEM");
  // An encrypted block must fail rather than ask at the terminal.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  const OpensslPtr<PKCS8_PRIV_KEY_INFO> info(
      PEM_read_bio_PKCS8_PRIV_KEY_INFO(bio.get(), nullptr, no_password, nullptr));
  if (!info) return OpensslFailure(Reason::kMalformed, "no PRIVATE KEY block");
  return Adopt(EvpPkeyPtr(EVP_PKCS82PKEY(info.get())));
}

result::Result<Secret> PrivateKey::ToPkcs8() const {
  const OpensslPtr<BIO> bio(BIO_new(BIO_s_secmem()));
  if (i2d_PKCS8PrivateKey_bio(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return OpensslFailure(Reason::kInternal, "cannot write the private key");
  }
  return Drain(bio.get());
}

result::Result<Secret> PrivateKey::ToPem() const {
  const OpensslPtr<BIO> bio(BIO_new(BIO_s_secmem()));
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return OpensslFailure(Reason::kInternal, "cannot write the private key");
  }
  return Drain(bio.get());
}

result::Result<Bytes> PrivateKey::Sign(DigestAlgorithm digest, ByteView data) const {
  ContextPool& pool = contexts_->signing.at(static_cast<std::size_t>(digest));
  auto context = pool.Take([&] { return SigningContext(key_.get(), public_key_.type() == KeyType::kRsa, digest); });
  const Bytes hash = Digest(digest, data);
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t length = signature.size();
  if (!context || EVP_PKEY_sign(context.get(), Out(signature), &length, In(hash), hash.size()) != 1) {
    return OpensslFailure(Reason::kInternal, "cannot sign");
  }
  pool.GiveBack(std::move(context));
  signature.resize(length);
  return signature;
}

result::Result<Secret> PrivateKey::UnwrapContentKey(KeyTransport transport, ByteView encrypted_key,
                                                    std::size_t length) const {
  Bytes chosen(length, '\0');
  if (RAND_priv_bytes(Out(chosen), static_cast<int>(length)) != 1) {
    return OpensslFailure(Reason::kInternal, "no random octets");
  }
  ContextPool& pool = contexts_->decryption.at(static_cast<std::size_t>(transport));
  auto context = pool.Take([&] { return DecryptionContext(key_.get(), transport); });
  if (!context) return OpensslFailure(Reason::kInternal, "the key cannot decrypt");
  Bytes unwrapped(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())) + length, '\0');
  std::size_t unwrapped_length = unwrapped.size();
  const int status =
      EVP_PKEY_decrypt(context.get(), Out(unwrapped), &unwrapped_length, In(encrypted_key), encrypted_key.size());
  const auto take = static_cast<unsigned char>(EqualMask(static_cast<std::size_t>(status == 1), 1) &
                                               EqualMask(unwrapped_length, length));
  for (std::size_t i = 0; i < length; i++) {
    const auto drawn = static_cast<unsigned char>(chosen[i]);
    const auto found = static_cast<unsigned char>(unwrapped[i]);
    chosen[i] = static_cast<char>((found & take) | (drawn & static_cast<unsigned char>(~take)));
  }
  ERR_clear_error();
  Wipe(unwrapped);
  pool.GiveBack(std::move(context));  // Whatever came of it: a failure must not be told by the time of the next call.
  return Secret(std::move(chosen));
}

}  // namespace pki
