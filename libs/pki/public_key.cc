#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "pki/der.h"
#include "pki/digest_method.h"
#include "pki/key.h"
#include "pki/key_operation.h"
#include "pki/openssl.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

constexpr ByteView kRsaEncryption("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", 9);
constexpr ByteView kEcPublicKey("\x2a\x86\x48\xce\x3d\x02\x01", 7);

struct Curve {
  ByteView oid;
  const char* group;
  KeyType type;
  int bits;
};
constexpr std::array kCurves = {
    Curve{ByteView("\x2a\x86\x48\xce\x3d\x03\x01\x07", 8), "P-256", KeyType::kEcdsaP256, 256},
    Curve{ByteView("\x2b\x81\x04\x00\x22", 5), "P-384", KeyType::kEcdsaP384, 384},
    Curve{ByteView("\x2b\x81\x04\x00\x23", 5), "P-521", KeyType::kEcdsaP521, 521},
};

// Imported is a key as OpenSSL has it.
struct Imported {
  KeyType type;
  int bits;
  EvpPkeyPtr key;
};

result::Result<EvpPkeyPtr> FromData(const char* algorithm, OSSL_PARAM* parameters) {
  const OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
    return OpensslFailure(Reason::kMalformed, "not a usable public key");
  }
  return EvpPkeyPtr(key);
}

int BitsOf(ByteView magnitude) {
  const unsigned top = static_cast<unsigned char>(magnitude[0]);
  return static_cast<int>((magnitude.size() - 1) * 8) + (top == 0 ? 0 : 32 - __builtin_clz(top));
}

result::Result<Imported> ImportRsa(ByteView parameters, ByteView key_octets) {
  if (!parameters.empty() && parameters != ByteView("\x05\x00", 2)) {
    return Fail(Reason::kMalformed, "an RSA key with parameters");
  }
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(key_octets, der::kSequence));
  der::Reader reader(sequence.value);
  ASSIGN_OR_RETURN(const der::Tlv first, reader.Next());
  ASSIGN_OR_RETURN(const ByteView modulus, der::ParseUnsigned(first));
  ASSIGN_OR_RETURN(const der::Tlv second, reader.Next());
  ASSIGN_OR_RETURN(const ByteView exponent, der::ParseUnsigned(second));
  RETURN_IF_ERROR(reader.Finish());
  const int bits = BitsOf(modulus);
  const bool is_one = exponent.size() == 1 && exponent[0] == 1;
  if (bits < 512 || bits > 8192 || (modulus.back() & 1) == 0 || exponent.size() > 8 || (exponent.back() & 1) == 0 ||
      is_one) {
    return Fail(Reason::kBadAlgorithm, "an RSA key of a size or exponent that nobody should use");
  }
  Bytes n(modulus.rbegin(), modulus.rend());
  Bytes e(exponent.rbegin(), exponent.rend());
  OSSL_PARAM values[] = {OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, Out(n), n.size()),
                         OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, Out(e), e.size()), OSSL_PARAM_construct_end()};
  ASSIGN_OR_RETURN(EvpPkeyPtr key, FromData("RSA", values));
  return Imported{KeyType::kRsa, bits, std::move(key)};
}

result::Result<Imported> ImportEc(ByteView parameters, ByteView key_octets) {
  ASSIGN_OR_RETURN(const der::Tlv oid, der::ReadOnly(parameters, der::kObjectIdentifier));
  const auto curve = std::find_if(kCurves.begin(), kCurves.end(), [&](const Curve& c) { return c.oid == oid.value; });
  if (curve == kCurves.end()) return Fail(Reason::kBadAlgorithm, "an elliptic curve that we do not know");
  std::string group = curve->group;
  Bytes point(key_octets);
  OSSL_PARAM values[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
                         OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
                         OSSL_PARAM_construct_end()};
  if (point.empty() || point[0] != 4) return Fail(Reason::kBadAlgorithm, "a compressed point");
  ASSIGN_OR_RETURN(EvpPkeyPtr key, FromData("EC", values));
  return Imported{curve->type, curve->bits, std::move(key)};
}

}  // namespace

void FreeEvpPkey::operator()(EVP_PKEY* key) const {
  EVP_PKEY_free(key);
}

PublicKey::PublicKey(Bytes spki, std::size_t key_offset, KeyType type, int bits, std::shared_ptr<EVP_PKEY> key)
    : spki_(std::move(spki)), key_offset_(key_offset), type_(type), bits_(bits), key_(std::move(key)) {}

result::Result<PublicKey> PublicKey::FromSpki(ByteView spki_der) {
  ASSIGN_OR_RETURN(const der::Tlv spki, der::ReadOnly(spki_der, der::kSequence));
  der::Reader reader(spki.value);
  ASSIGN_OR_RETURN(const der::Tlv algorithm, reader.Next(der::kSequence));
  ASSIGN_OR_RETURN(const der::Tlv bits, reader.Next(der::kBitString));
  RETURN_IF_ERROR(reader.Finish());
  if (bits.value.empty() || bits.value[0] != 0) return Fail(Reason::kMalformed, "a key with unused bits");
  const ByteView key_octets = bits.value.substr(1);
  der::Reader algorithm_reader(algorithm.value);
  ASSIGN_OR_RETURN(const der::Tlv oid, algorithm_reader.Next(der::kObjectIdentifier));
  const bool is_rsa = oid.value == kRsaEncryption;
  if (!is_rsa && oid.value != kEcPublicKey) return Fail(Reason::kBadAlgorithm, "a key that is neither RSA nor EC");
  ASSIGN_OR_RETURN(Imported imported, is_rsa ? ImportRsa(algorithm_reader.rest(), key_octets)
                                             : ImportEc(algorithm_reader.rest(), key_octets));
  const auto offset = static_cast<std::size_t>(key_octets.data() - spki_der.data());
  return PublicKey(Bytes(spki_der), offset, imported.type, imported.bits, std::move(imported.key));
}

std::string PublicKey::ToString() const {
  switch (type_) {
    case KeyType::kRsa:
      return "rsa-" + std::to_string(bits_);
    case KeyType::kEcdsaP256:
      return "ecdsa-p256";
    case KeyType::kEcdsaP384:
      return "ecdsa-p384";
    case KeyType::kEcdsaP521:
      return "ecdsa-p521";
  }
  throw std::logic_error("no such key type");
}

ByteView PublicKey::subject_public_key() const {
  return ByteView(spki_).substr(key_offset_);
}

result::Result<void> PublicKey::Verify(const SignatureAlgorithm& algorithm, ByteView data, ByteView signature) const {
  const bool is_rsa = type_ == KeyType::kRsa;
  if (is_rsa == (algorithm.padding == SignaturePadding::kNone)) {
    return Fail(Reason::kBadMessageCheck, "a signature of another kind of key");
  }
  const OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  bool is_ready = context && EVP_PKEY_verify_init(context.get()) == 1;
  if (is_rsa) {
    const int padding = algorithm.padding == SignaturePadding::kPss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;
    is_ready = is_ready && EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) == 1;
    if (padding == RSA_PKCS1_PSS_PADDING) {
      is_ready = is_ready && EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), RSA_PSS_SALTLEN_AUTO) == 1;
    }
  }
  is_ready = is_ready && EVP_PKEY_CTX_set_signature_md(context.get(), DigestMethod(algorithm.digest)) == 1;
  if (!is_ready) return OpensslFailure(Reason::kInternal, "cannot verify");
  const Bytes digest = Digest(algorithm.digest, data);
  if (EVP_PKEY_verify(context.get(), In(signature), signature.size(), In(digest), digest.size()) != 1) {
    ERR_clear_error();
    return Fail(Reason::kBadMessageCheck, "the signature does not hold");
  }
  return {};
}

result::Result<Bytes> PublicKey::Encrypt(KeyTransport transport, ByteView content_key) const {
  if (type_ != KeyType::kRsa) return Fail(Reason::kBadAlgorithm, "only an RSA key can receive a content key");
  const OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  Bytes wrapped(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t length = wrapped.size();
  if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 || !SetKeyTransport(context.get(), transport) ||
      EVP_PKEY_encrypt(context.get(), Out(wrapped), &length, In(content_key), content_key.size()) != 1) {
    return OpensslFailure(Reason::kBadAlgorithm, "the key cannot receive a content key");
  }
  wrapped.resize(length);
  return wrapped;
}

}  // namespace pki
