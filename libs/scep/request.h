#ifndef CERTIFIER_SCEP_REQUEST_H
#define CERTIFIER_SCEP_REQUEST_H

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pki/secret.h"
#include "scep/message.h"

namespace scep {

// Recipient is one identity that envelopes may be addressed to. Immutable and shared.
struct Recipient {
  std::string ca;  // Administrative name of the CA it stands for.
  pki::Certificate certificate;
  std::shared_ptr<const pki::DecryptionKey> decryption_key;
  std::shared_ptr<const pki::SigningKey> signing_key;
};

// AlgorithmPolicy is what a message may use; it is enforced on the message, whatever was advertised (requirements
// C-11).
struct AlgorithmPolicy {
  bool allow_sha1 = true;
  bool allow_des3 = true;
  bool allow_md5 = false;
  bool allow_des = false;
  // Bits of the RSA modulus below which a signer's key is refused (requirements S-06).
  int min_signer_bits = 1024;
};

// Request is a PKIMessage whose signature holds and whose envelope, where its type has one, was opened.
struct Request {
  MessageType type = MessageType::kPkcsReq;
  ReplyContext reply;
  pki::Certificate signer;
  // The recipient that the envelope was addressed to; it signs the reply (requirements G-14). For CertPoll, whose
  // envelope is not opened (P-44), the one that it names, or the first candidate.
  std::shared_ptr<const Recipient> recipient;
  // PKCS#10 DER for PKCSReq and RenewalReq, which may hold a challenge; IssuerAndSerialNumber DER for GetCert; empty
  // for CertPoll.
  pki::Secret content;
};

// Refusal is why there is no Request, and what to answer: with a context a CertRep FAILURE, without one HTTP 400. Where
// the recipient's key was away (error.reason kUnavailable or kInternal) there is no context either and the answer is
// HTTP 503: nothing was judged.
struct Refusal {
  std::optional<ReplyContext> reply;
  FailInfo fail_info = FailInfo::kBadRequest;
  // The recipient that signs the FAILURE: the one that the envelope names, or the first candidate. Set with `reply`.
  std::shared_ptr<const Recipient> recipient;
  result::Error error;
};

// MayDecrypt is asked once before a private key is used on an envelope, and not for a message that is refused before
// that. False: the envelope stays shut.
using MayDecrypt = std::function<bool()>;

// DecodeRequest reads one PKIMessage in the order of requirements P-01. `candidates` are tried in order; the first is
// the default that signs refusals which name no recipient of ours (M-31). Never empty.
// Types 17, 19, 20 and 21 decode; every other, known or not, is refused as bad request. All failures from the choice of
// the recipient to the outline of the content are one and the same refusal (S-02).
// Where `may_decrypt` is set and says no, the refusal is kUnavailable without a context.
tl::expected<Request, Refusal> DecodeRequest(pki::ByteView message,
                                             const std::vector<std::shared_ptr<const Recipient>>& candidates,
                                             const AlgorithmPolicy& policy, const MayDecrypt& may_decrypt = {});

}  // namespace scep

#endif  // CERTIFIER_SCEP_REQUEST_H
