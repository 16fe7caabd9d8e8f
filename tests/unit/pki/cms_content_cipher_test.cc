#include <catch2/catch.hpp>

#include "openssl_cms.h"
#include "pki/content_cipher.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using pki::ContentCipher;

namespace {

const Bytes kKey(16, 'k'), kIv(16, 'i');

// Unpad is the library's verdict on blocks that were encrypted as they are.
std::optional<Bytes> Unpad(const Bytes& blocks) {
  const Bytes ciphertext = reference::EncryptBlocks("AES-128-CBC", kKey, kIv, blocks);
  const auto content = pki::DecryptCbc(ContentCipher::kAes128Cbc, pki::Secret(kKey), kIv, ciphertext);
  if (!content.has_value()) return std::nullopt;
  return Bytes(content->Reveal());
}

}  // namespace

TEST_CASE("each length of padding is taken away, in the first block and later", "[cms]") {
  for (std::size_t padding = 1; padding <= 16; padding++) {
    const Bytes tail(padding, static_cast<char>(padding));
    CHECK(Unpad(Bytes(16 - padding, 'c') + tail) == Bytes(16 - padding, 'c'));
    CHECK(Unpad(Bytes(32 - padding, 'c') + tail) == Bytes(32 - padding, 'c'));
  }
}

TEST_CASE("each wrong octet of each padding is refused", "[cms]") {
  std::size_t accepted = 0;
  for (std::size_t padding = 2; padding <= 16; padding++) {
    for (std::size_t wrong = 0; wrong + 1 < padding; wrong++) {
      Bytes blocks = Bytes(32 - padding, 'c') + Bytes(padding, static_cast<char>(padding));
      blocks[32 - padding + wrong] ^= '\x40';
      if (Unpad(blocks).has_value()) accepted++;
    }
  }
  CHECK(accepted == 0);
}

TEST_CASE("a last octet of zero or of more than the block is refused, all 240 of them", "[cms]") {
  for (int last = 0; last < 256; last++) {
    if (last >= 1 && last <= 16) continue;
    CHECK_FALSE(Unpad(Bytes(32, static_cast<char>(last))).has_value());
  }
}

TEST_CASE("a key, an IV or a ciphertext of a wrong length is refused", "[cms]") {
  const auto decrypt = [](const Bytes& key, const Bytes& iv, const Bytes& ciphertext) {
    return pki::DecryptCbc(ContentCipher::kAes128Cbc, pki::Secret(key), iv, ciphertext).has_value();
  };
  const Bytes ciphertext = reference::EncryptBlocks("AES-128-CBC", kKey, kIv, Bytes(16, '\x10'));
  CHECK(decrypt(kKey, kIv, ciphertext));
  CHECK_FALSE(decrypt(Bytes(15, 'k'), kIv, ciphertext));
  CHECK_FALSE(decrypt(Bytes(24, 'k'), kIv, ciphertext));
  CHECK_FALSE(decrypt(kKey, Bytes(8, 'i'), ciphertext));
  CHECK_FALSE(decrypt(kKey, "", ciphertext));
  CHECK_FALSE(decrypt(kKey, kIv, ""));
  CHECK_FALSE(decrypt(kKey, kIv, ciphertext.substr(1)));
  CHECK_FALSE(decrypt(kKey, kIv, ciphertext + "x"));
}

TEST_CASE("DES is DES, though it is run as triple DES", "[cms]") {
  const Bytes key("\x13\x34\x57\x79\x9b\xbc\xdf\xf1");
  const Bytes iv("initvect");
  const auto ours = Must(pki::EncryptCbc(ContentCipher::kDesCbc, pki::Secret(key), iv, "plain"));
  CHECK(ours == reference::EncryptBlocks("DES-CBC", key, iv, "plain\3\3\3"));
}
