#ifndef CERTIFIER_SCEP_REPLY_H
#define CERTIFIER_SCEP_REPLY_H

#include "scep/message.h"
#include "scep/request.h"

namespace scep {

// Each writes a CertRep (RFC 8894 section 3.3.2) signed by `signer`: ContentInfo DER. `now` becomes signingTime.
// SUCCESS holds `certificates` (DER), the issued one first, enveloped to `recipient`, the certificate that signed the
// request.
// Bad algorithm if that key cannot receive; the caller answers FAILURE badAlg then.
result::Result<pki::Bytes> EncodeSuccess(const ReplyContext& context, const Recipient& signer,
                                         const pki::Certificate& recipient,
                                         const std::vector<pki::ByteView>& certificates, pki::TimePoint now);
// The same with a CRL (DER) alone (RFC 8894 section 4.6.1).
result::Result<pki::Bytes> EncodeCrl(const ReplyContext& context, const Recipient& signer,
                                     const pki::Certificate& recipient, pki::ByteView crl, pki::TimePoint now);
result::Result<pki::Bytes> EncodePending(const ReplyContext& context, const Recipient& signer, pki::TimePoint now);
result::Result<pki::Bytes> EncodeFailure(const ReplyContext& context, const Recipient& signer, FailInfo fail_info,
                                         pki::TimePoint now);

// Offer is what of a CA's service depends on its state and options.
struct Offer {
  bool next_ca = false;  // GetNextCACert has an answer.
  bool renewal = true;
};
// Capabilities is the body of GetCACaps (requirements part 2): what `policy` and the service really do.
std::string Capabilities(const AlgorithmPolicy& policy, const Offer& offer);

}  // namespace scep

#endif  // CERTIFIER_SCEP_REPLY_H
