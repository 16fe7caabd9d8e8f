#ifndef CERTIFIER_PKI_CONTENT_CIPHER_H
#define CERTIFIER_PKI_CONTENT_CIPHER_H

#include "pki/cms.h"

namespace pki {

// BlockLength is the block, and so the IV, of `cipher` in octets.
std::size_t BlockLength(ContentCipher cipher);

// EncryptCbc pads as RFC 5652 section 6.3 and encrypts. `key` and `iv` have the cipher's lengths. Internal only.
result::Result<Bytes> EncryptCbc(ContentCipher cipher, const Secret& key, ByteView iv, ByteView plaintext);

// DecryptCbc decrypts and takes the padding away. `key` has the cipher's length. Every failure, be it the length of the
// IV or of the ciphertext or the padding, is one and the same malformed; the padding is judged without a branch or an
// access that depends on the plaintext (requirements S-02).
result::Result<Secret> DecryptCbc(ContentCipher cipher, const Secret& key, ByteView iv, ByteView ciphertext);

}  // namespace pki

#endif  // CERTIFIER_PKI_CONTENT_CIPHER_H
