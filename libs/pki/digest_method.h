#ifndef CERTIFIER_PKI_DIGEST_METHOD_H
#define CERTIFIER_PKI_DIGEST_METHOD_H

#include "pki/digest.h"
#include "pki/openssl.h"

namespace pki {

// DigestMethod is OpenSSL's implementation, fetched once and kept. It throws as Digest does.
const EVP_MD* DigestMethod(DigestAlgorithm algorithm);

}  // namespace pki

#endif  // CERTIFIER_PKI_DIGEST_METHOD_H
