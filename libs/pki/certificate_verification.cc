#include <openssl/x509_vfy.h>

#include "pki/certificate.h"
#include "pki/openssl.h"

namespace pki {

namespace {

using result::Reason;

OpensslPtr<X509> Decode(const Certificate& certificate) {
  const unsigned char* cursor = In(certificate.der());
  OpensslPtr<X509> decoded(d2i_X509(nullptr, &cursor, static_cast<long>(certificate.der().size())));
  if (cursor != In(certificate.der()) + certificate.der().size()) decoded.reset();
  return decoded;
}

}  // namespace

result::Result<void> VerifyIssuedBy(const Certificate& certificate, const Certificate& issuer, TimePoint now) {
  const auto leaf = Decode(certificate);
  const auto anchor = Decode(issuer);
  const OpensslPtr<X509_STORE> store(X509_STORE_new());
  const OpensslPtr<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (!leaf || !anchor || !store || !context || X509_STORE_add_cert(store.get(), anchor.get()) != 1 ||
      X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr) != 1) {
    return OpensslFailure(Reason::kMalformed, "not a certificate that OpenSSL reads");
  }
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(parameters,
                              X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE);
  X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(now));
  if (X509_verify_cert(context.get()) != 1) {
    const int error = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    return result::Fail(Reason::kBadMessageCheck, X509_verify_cert_error_string(error));
  }
  // A certificate that is its own trust anchor verifies without any signature being looked at.
  if (certificate.der() == issuer.der() && X509_self_signed(leaf.get(), 1) != 1) {
    ERR_clear_error();
    return result::Fail(Reason::kBadMessageCheck, "the certificate did not issue itself");
  }
  return {};
}

}  // namespace pki
