#include "pki/content_cipher.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "pki/openssl.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

enum class Direction { kDecrypt = 0, kEncrypt = 1 };

// OpensslCipher is OpenSSL's implementation, fetched once and kept; null if it has none.
const EVP_CIPHER* OpensslCipher(ContentCipher cipher) {
  static const EVP_CIPHER* const kDes3 = EVP_CIPHER_fetch(nullptr, "DES-EDE3-CBC", nullptr);
  static const EVP_CIPHER* const kAes128 = EVP_CIPHER_fetch(nullptr, "AES-128-CBC", nullptr);
  static const EVP_CIPHER* const kAes192 = EVP_CIPHER_fetch(nullptr, "AES-192-CBC", nullptr);
  static const EVP_CIPHER* const kAes256 = EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr);
  switch (cipher) {
    // OpenSSL 3 keeps DES itself in its legacy provider; with its three keys equal, triple DES is DES.
    case ContentCipher::kDesCbc:
    case ContentCipher::kDes3Cbc:
      return kDes3;
    case ContentCipher::kAes128Cbc:
      return kAes128;
    case ContentCipher::kAes192Cbc:
      return kAes192;
    case ContentCipher::kAes256Cbc:
      return kAes256;
  }
  return nullptr;
}

Secret OpensslKey(ContentCipher cipher, const Secret& key) {
  if (cipher != ContentCipher::kDesCbc) return key.Copy();
  Bytes tripled;
  tripled.reserve(3 * key.Reveal().size());
  for (int i = 0; i < 3; i++) tripled.append(key.Reveal());
  return Secret(std::move(tripled));
}

const unsigned char* Octets(ByteView octets) {
  return reinterpret_cast<const unsigned char*>(octets.data());
}

// Transform runs the cipher over whole blocks in place, with OpenSSL's own padding off.
bool Transform(ContentCipher cipher, Direction direction, const Secret& key, ByteView iv, Bytes& blocks) {
  if (key.Reveal().size() != ContentKeyLength(cipher) || iv.size() != BlockLength(cipher)) return false;
  const Secret openssl_key = OpensslKey(cipher, key);
  const OpensslPtr<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  auto* out = reinterpret_cast<unsigned char*>(blocks.data());
  int length = 0;
  int final_length = 0;
  const bool done = context != nullptr && OpensslCipher(cipher) != nullptr &&
                    EVP_CipherInit_ex2(context.get(), OpensslCipher(cipher), Octets(openssl_key.Reveal()), Octets(iv),
                                       static_cast<int>(direction), nullptr) == 1 &&
                    EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
                    EVP_CipherUpdate(context.get(), out, &length, out, static_cast<int>(blocks.size())) == 1 &&
                    EVP_CipherFinal_ex(context.get(), out + length, &final_length) == 1;
  if (!done) ERR_clear_error();
  return done && static_cast<std::size_t>(length) + static_cast<std::size_t>(final_length) == blocks.size();
}

bool IsWholeBlocks(std::size_t length, std::size_t block) {
  return length != 0 && length % block == 0 && length <= static_cast<std::size_t>(std::numeric_limits<int>::max());
}

// All ones where a < b, else zero; both below 2^31.
std::uint32_t LessThanMask(std::uint32_t a, std::uint32_t b) {
  return 0u - ((a - b) >> 31);
}

// PaddingLength is how many octets of the last block are padding, or nothing. The only branch is on the verdict.
std::optional<std::size_t> PaddingLength(ByteView plaintext, std::size_t block) {
  const ByteView last = plaintext.substr(plaintext.size() - block);
  const std::uint32_t padding = static_cast<unsigned char>(last.back());
  std::uint32_t wrong = LessThanMask(padding, 1) | LessThanMask(static_cast<std::uint32_t>(block), padding);
  for (std::uint32_t from_end = 0; from_end < block; from_end++) {
    const std::uint32_t octet = static_cast<unsigned char>(last[block - 1 - from_end]);
    wrong |= LessThanMask(from_end, padding) & (octet ^ padding);
  }
  if (wrong != 0) return std::nullopt;
  return padding;
}

tl::unexpected<result::Error> CannotDecrypt() {
  return Fail(Reason::kMalformed, "the content cannot be decrypted");
}

}  // namespace

std::string_view ToString(ContentCipher cipher) {
  switch (cipher) {
    case ContentCipher::kDesCbc:
      return "des-cbc";
    case ContentCipher::kDes3Cbc:
      return "des-ede3-cbc";
    case ContentCipher::kAes128Cbc:
      return "aes-128-cbc";
    case ContentCipher::kAes192Cbc:
      return "aes-192-cbc";
    case ContentCipher::kAes256Cbc:
      return "aes-256-cbc";
  }
  return "unknown";
}

std::size_t ContentKeyLength(ContentCipher cipher) {
  switch (cipher) {
    case ContentCipher::kDesCbc:
      return 8;
    case ContentCipher::kDes3Cbc:
      return 24;
    case ContentCipher::kAes128Cbc:
      return 16;
    case ContentCipher::kAes192Cbc:
      return 24;
    case ContentCipher::kAes256Cbc:
      return 32;
  }
  return 0;
}

std::size_t BlockLength(ContentCipher cipher) {
  return cipher == ContentCipher::kDesCbc || cipher == ContentCipher::kDes3Cbc ? 8 : 16;
}

result::Result<Bytes> EncryptCbc(ContentCipher cipher, const Secret& key, ByteView iv, ByteView plaintext) {
  const std::size_t block = BlockLength(cipher);
  const std::size_t padding = block - plaintext.size() % block;
  Bytes blocks;
  blocks.reserve(plaintext.size() + padding);
  blocks.append(plaintext);
  blocks.append(padding, static_cast<char>(padding));
  if (!IsWholeBlocks(blocks.size(), block) || !Transform(cipher, Direction::kEncrypt, key, iv, blocks)) {
    Wipe(blocks);
    return Fail(Reason::kInternal, "the content cannot be encrypted");
  }
  return blocks;
}

result::Result<Secret> DecryptCbc(ContentCipher cipher, const Secret& key, ByteView iv, ByteView ciphertext) {
  const std::size_t block = BlockLength(cipher);
  // The cipher runs over what is no whole number of blocks too, filled up with zeros (requirements S-02).
  Bytes blocks(ciphertext);
  blocks.resize(std::max<std::size_t>(1, (ciphertext.size() + block - 1) / block) * block);
  std::optional<std::size_t> padding;
  if (Transform(cipher, Direction::kDecrypt, key, iv, blocks)) padding = PaddingLength(blocks, block);
  if (!padding.has_value() || !IsWholeBlocks(ciphertext.size(), block)) {
    Wipe(blocks);
    return CannotDecrypt();
  }
  blocks.resize(blocks.size() - *padding);
  return Secret(std::move(blocks));
}

}  // namespace pki
