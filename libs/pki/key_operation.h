#ifndef CERTIFIER_PKI_KEY_OPERATION_H
#define CERTIFIER_PKI_KEY_OPERATION_H

#include "pki/key.h"
#include "pki/openssl.h"

namespace pki {

// SetKeyTransport sets padding and, for OAEP, its digest on a context that is ready to encrypt or decrypt.
bool SetKeyTransport(EVP_PKEY_CTX* context, KeyTransport transport);

}  // namespace pki

#endif  // CERTIFIER_PKI_KEY_OPERATION_H
