#ifndef CERTIFIER_SCEP_REQUEST_H
#define CERTIFIER_SCEP_REQUEST_H

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pki/secret.h"
#include "scep/message.h"

namespace scep {

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

// Recipient is one identity that envelopes may be addressed to. Immutable and shared.
struct Recipient {
  std::string ca;                // Administrative name of the CA it stands for.
  std::uint32_t generation = 0;  // Number of that CA's generation.
  pki::Certificate certificate;  // That envelopes name.
  std::shared_ptr<const pki::DecryptionKey> decryption_key;
  // That replies are signed as: the same one, unless one RA receives and another signs.
  pki::Certificate signing_certificate;
  std::shared_ptr<const pki::SigningKey> signing_key;
  AlgorithmPolicy policy;
  // Whether the keys are elsewhere, so that whoever uses them waits for an answer.
  bool is_remote = false;
};

// Request is a PKIMessage whose signature holds and whose envelope, where its type has one, was opened.
struct Request {
  MessageType type = MessageType::kPkcsReq;
  ReplyContext reply;
  pki::Certificate signer;
  // The recipient that the envelope was addressed to; it signs the reply (requirements G-14). For CertPoll, whose
  // envelope is not opened (P-44), the one that it names, or the first candidate.
  std::shared_ptr<const Recipient> recipient;
  // The signingTime attribute, if it is there and can be read.
  std::optional<pki::TimePoint> signing_time;
  // PKCS#10 DER for PKCSReq and RenewalReq, which may hold a challenge; IssuerAndSerialNumber DER for GetCert and
  // GetCRL; empty for CertPoll.
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
  // Whom the envelope names by issuer and serial number, where that is none of the candidates; for people, who look for
  // the reason. It stands in the message in clear.
  std::optional<IssuerAndSerialNumber> stranger = std::nullopt;
};

// MayDecrypt is asked once before a private key is used on an envelope, and not for a message that is refused before
// that. False: the envelope stays shut.
using MayDecrypt = std::function<bool()>;

// DecodeRequest reads one PKIMessage in the order of requirements P-01. `candidates` are tried in order; the first is
// the default that signs refusals which name no recipient of ours (M-31). Never empty.
// The message may use what the policy of the recipient allows that it names, or else the first candidate's.
// Types 17 and 19 to 22 decode; every other, known or not, is refused as bad request. All failures from the choice of
// the recipient to the outline of the content are one and the same refusal (S-02).
// Where `may_decrypt` is set and says no, the refusal is kUnavailable without a context.
tl::expected<Request, Refusal> DecodeRequest(pki::ByteView message,
                                             const std::vector<std::shared_ptr<const Recipient>>& candidates,
                                             const MayDecrypt& may_decrypt = {});

}  // namespace scep

#endif  // CERTIFIER_SCEP_REQUEST_H
