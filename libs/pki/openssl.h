#ifndef CERTIFIER_PKI_OPENSSL_H
#define CERTIFIER_PKI_OPENSSL_H

// Handles for OpenSSL's objects. Only files of this folder include this header or any <openssl/...>.

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <string>

#include "pki/bytes.h"
#include "result/result.h"

namespace pki {

struct FreeOpenssl {
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(BN_CTX* p) const { BN_CTX_free(p); }
  void operator()(BIO* p) const { BIO_free_all(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
  void operator()(PKCS8_PRIV_KEY_INFO* p) const { PKCS8_PRIV_KEY_INFO_free(p); }
  void operator()(ASN1_OBJECT* p) const { ASN1_OBJECT_free(p); }
  void operator()(ASN1_OCTET_STRING* p) const { ASN1_OCTET_STRING_free(p); }
  void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_STORE* p) const { X509_STORE_free(p); }
  void operator()(X509_STORE_CTX* p) const { X509_STORE_CTX_free(p); }
};
template <class T>
using OpensslPtr = std::unique_ptr<T, FreeOpenssl>;
static_assert(sizeof(OpensslPtr<X509>) == sizeof(X509*));

// In and Out are octets as OpenSSL's functions take them.
inline const unsigned char* In(ByteView octets) {
  return reinterpret_cast<const unsigned char*>(octets.data());
}
inline unsigned char* Out(Bytes& octets) {
  return reinterpret_cast<unsigned char*>(octets.data());
}

// OpensslFailure empties OpenSSL's error queue into an Error of `reason` whose detail begins with `what`.
tl::unexpected<result::Error> OpensslFailure(result::Reason reason, std::string what);

}  // namespace pki

#endif  // CERTIFIER_PKI_OPENSSL_H
