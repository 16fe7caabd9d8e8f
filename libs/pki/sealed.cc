#include "pki/sealed.h"

#include "pki/openssl.h"

namespace pki {

namespace {

constexpr char kVersion = 1;
constexpr std::size_t kKey = 32, kIv = 12, kTag = 16;

const EVP_CIPHER* Aes256Gcm() {
  static const EVP_CIPHER* const kCipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return kCipher;
}

}  // namespace

result::Result<Bytes> Seal(ByteView key, std::string_view context, ByteView plaintext) {
  if (key.size() != kKey) return result::Fail(result::Reason::kInternal, "a sealing key has 32 octets");
  ASSIGN_OR_RETURN(const Bytes iv, RandomBytes(kIv));
  const OpensslPtr<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  Bytes ciphertext(plaintext.size(), '\0');
  Bytes tag(kTag, '\0');
  int length = 0;
  if (EVP_EncryptInit_ex2(cipher.get(), Aes256Gcm(), In(key), In(iv), nullptr) != 1 ||
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, In(context), static_cast<int>(context.size())) != 1 ||
      EVP_EncryptUpdate(cipher.get(), Out(ciphertext), &length, In(plaintext), static_cast<int>(plaintext.size())) !=
          1 ||
      EVP_EncryptFinal_ex(cipher.get(), Out(tag), &length) != 1 ||
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kTag, tag.data()) != 1) {
    return OpensslFailure(result::Reason::kInternal, "cannot seal");
  }
  return std::string(1, kVersion) + iv + ciphertext + tag;
}

result::Result<Secret> Unseal(ByteView key, std::string_view context, ByteView sealed) {
  if (key.size() != kKey || sealed.size() < 1 + kIv + kTag || sealed[0] != kVersion) {
    return result::Fail(result::Reason::kBadMessageCheck, "not a sealed value");
  }
  const ByteView iv = sealed.substr(1, kIv);
  const ByteView ciphertext = sealed.substr(1 + kIv, sealed.size() - 1 - kIv - kTag);
  Bytes tag(sealed.substr(sealed.size() - kTag));
  const OpensslPtr<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
  Bytes plaintext(ciphertext.size() + 1, '\0');
  int length = 0;
  const bool is_open =
      EVP_DecryptInit_ex2(cipher.get(), Aes256Gcm(), In(key), In(iv), nullptr) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &length, In(context), static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), Out(plaintext), &length, In(ciphertext), static_cast<int>(ciphertext.size())) ==
          1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kTag, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), Out(plaintext) + ciphertext.size(), &length) == 1;
  if (!is_open) {
    Wipe(plaintext);
    return OpensslFailure(result::Reason::kBadMessageCheck, "the sealed value is not what was sealed with this key");
  }
  plaintext.resize(ciphertext.size());
  return Secret(std::move(plaintext));
}

}  // namespace pki
