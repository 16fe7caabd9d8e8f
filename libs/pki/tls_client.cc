#include "pki/tls_client.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace pki {

result::Result<void> RestrictTlsClient(ssl_ctx_st& context, const std::string& host) {
  if (SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) != 1) {
    return result::Fail(result::Reason::kInternal, "OpenSSL takes no least TLS version");
  }
  X509_VERIFY_PARAM* const parameters = SSL_CTX_get0_param(&context);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return {};
  if (host.empty() || X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size()) != 1) {
    return result::Fail(result::Reason::kMalformed, "a TLS server has a DNS name or an address");
  }
  return {};
}

}  // namespace pki
