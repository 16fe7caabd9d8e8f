#include "pki/digest.h"

#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

#include "pki/digest_method.h"
#include "pki/openssl.h"
#include "pki/secret.h"

namespace pki {

std::string_view ToString(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kMd5:
      return "md5";
    case DigestAlgorithm::kSha1:
      return "sha1";
    case DigestAlgorithm::kSha224:
      return "sha224";
    case DigestAlgorithm::kSha256:
      return "sha256";
    case DigestAlgorithm::kSha384:
      return "sha384";
    case DigestAlgorithm::kSha512:
      return "sha512";
  }
  throw std::logic_error("no such digest");
}

std::size_t DigestLength(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kMd5:
      return 16;
    case DigestAlgorithm::kSha1:
      return 20;
    case DigestAlgorithm::kSha224:
      return 28;
    case DigestAlgorithm::kSha256:
      return 32;
    case DigestAlgorithm::kSha384:
      return 48;
    case DigestAlgorithm::kSha512:
      return 64;
  }
  throw std::logic_error("no such digest");
}

const EVP_MD* DigestMethod(DigestAlgorithm algorithm) {
  static const std::array<EVP_MD*, 6> kMethods = {
      EVP_MD_fetch(nullptr, "MD5", nullptr),    EVP_MD_fetch(nullptr, "SHA1", nullptr),
      EVP_MD_fetch(nullptr, "SHA224", nullptr), EVP_MD_fetch(nullptr, "SHA256", nullptr),
      EVP_MD_fetch(nullptr, "SHA384", nullptr), EVP_MD_fetch(nullptr, "SHA512", nullptr)};
  const EVP_MD* method = kMethods[static_cast<std::size_t>(algorithm)];
  if (method == nullptr) throw std::runtime_error("OpenSSL has no " + std::string(ToString(algorithm)));
  return method;
}

Bytes Digest(DigestAlgorithm algorithm, ByteView data) {
  thread_local const OpensslPtr<EVP_MD_CTX> context(EVP_MD_CTX_new());
  Bytes digest(DigestLength(algorithm), '\0');
  unsigned length = 0;
  if (EVP_DigestInit_ex2(context.get(), DigestMethod(algorithm), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), Out(digest), &length) != 1) {
    throw std::runtime_error("OpenSSL cannot digest");
  }
  return digest;
}

Bytes HmacSha256(ByteView key, ByteView data) {
  Bytes mac(32, '\0');
  unsigned length = 0;
  if (HMAC(DigestMethod(DigestAlgorithm::kSha256), key.data(), static_cast<int>(key.size()), In(data), data.size(),
           Out(mac), &length) == nullptr) {
    throw std::runtime_error("OpenSSL cannot compute HMAC");
  }
  return mac;
}

Bytes HkdfSha256(ByteView key, std::string_view info, std::size_t length) {
  constexpr std::size_t kMaxBlocks = 255;  // RFC 5869 section 2.3.
  if (length > kMaxBlocks * DigestLength(DigestAlgorithm::kSha256)) throw std::length_error("HKDF output too long");
  const Secret pseudorandom_key(HmacSha256(Bytes(32, '\0'), key));
  Secret block;
  Bytes out;
  out.reserve(length + DigestLength(DigestAlgorithm::kSha256));
  for (unsigned char counter = 1; out.size() < length; counter++) {
    Bytes input(block.Reveal());
    input.append(info).push_back(static_cast<char>(counter));
    block = Secret(HmacSha256(pseudorandom_key.Reveal(), input));
    Wipe(input);
    out += block.Reveal();
  }
  out.resize(length);
  return out;
}

Fingerprints FingerprintsOf(ByteView octets) {
  return {Digest(DigestAlgorithm::kMd5, octets), Digest(DigestAlgorithm::kSha1, octets),
          Digest(DigestAlgorithm::kSha256, octets)};
}

}  // namespace pki
