#ifndef CERTIFIER_PKI_TLS_CLIENT_H
#define CERTIFIER_PKI_TLS_CLIENT_H

#include <string>

#include "result/result.h"

struct ssl_ctx_st;

namespace pki {

// RestrictTlsClient has every connection of `context`, an SSL_CTX that somebody else's client owns, use TLS 1.2 or
// later, and its verification fail unless the server's certificate is for `host`: a DNS name, or an address in text, of
// the alternative names; a commonName counts for nothing. Malformed if `host` can be neither.
result::Result<void> RestrictTlsClient(ssl_ctx_st& context, const std::string& host);

}  // namespace pki

#endif  // CERTIFIER_PKI_TLS_CLIENT_H
