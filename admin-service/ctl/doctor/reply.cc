#include "doctor/reply.h"

#include <algorithm>
#include <array>

#include "scep/attributes.h"

namespace doctor {

namespace {

using result::Reason;
using scep::FailInfo;
using scep::PkiStatus;

result::Result<PkiStatus> ReadStatus(const scep::SignedAttributes& attributes) {
  ASSIGN_OR_RETURN(const auto text, scep::ReadText(attributes, scep::kPkiStatusOid));
  for (const PkiStatus status : {PkiStatus::kSuccess, PkiStatus::kFailure, PkiStatus::kPending}) {
    if (text == std::to_string(static_cast<int>(status))) return status;
  }
  return result::Fail(Reason::kMalformed, "no pkiStatus of 0, 2 or 3");
}

std::optional<FailInfo> ReadFailInfo(const scep::SignedAttributes& attributes) {
  const auto text = scep::ReadText(attributes, scep::kFailInfoOid);
  if (!text.has_value()) return std::nullopt;
  for (const FailInfo fail_info : {FailInfo::kBadAlg, FailInfo::kBadMessageCheck, FailInfo::kBadRequest,
                                   FailInfo::kBadTime, FailInfo::kBadCertId}) {
    if (*text == std::to_string(static_cast<int>(fail_info))) return fail_info;
  }
  return std::nullopt;
}

Finding JudgeSignature(const Reply& reply, const Authority& authority, pki::TimePoint now) {
  constexpr char kCheck[] = "reply-signature";
  constexpr char kAdvice[] = "Sign replies with the key of a certificate that GetCACert hands out, and include it.";
  const auto verified = pki::VerifySigner(reply.signed_data);
  if (!verified.has_value()) return Fail(kCheck, verified.error().detail, kAdvice);
  const pki::Certificate& signer = reply.signed_data.signer->certificate;
  const std::string seen = "by " + CaCertificate::Read(signer).subject;
  if (authority.Contains(signer)) return Pass(kCheck, seen);
  if (pki::VerifyIssuedBy(signer, authority.issuer().certificate, now).has_value()) {
    return Warn(kCheck, seen + ", which GetCACert does not have",
                "Hand the signing certificate out in GetCACert: Apple's client and scepclient look for it there.");
  }
  return Fail(kCheck, seen + ", a stranger to GetCACert", kAdvice);
}

Finding JudgeTransaction(const Reply& reply, const Letter& letter) {
  constexpr char kCheck[] = "reply-transaction";
  constexpr char kAdvice[] = "Echo the request's transactionID octet for octet (RFC 8894 section 3.2.1.1).";
  const auto id = scep::ReadTransactionId(reply.signed_data.attributes);
  if (!id.has_value()) return Fail(kCheck, id.error().detail, kAdvice);
  if (*id == letter.transaction_id) return Pass(kCheck, "transactionID echoed");
  return Fail(kCheck, "another transactionID: " + Excerpt(scep::PrintableTransactionId(*id)), kAdvice);
}

Finding JudgeNonces(const Reply& reply, const Letter& letter) {
  constexpr char kCheck[] = "reply-nonces";
  constexpr char kAdvice[] = "Echo the request's senderNonce as recipientNonce (RFC 8894 section 3.2.1.5).";
  const scep::SignedAttributes& attributes = reply.signed_data.attributes;
  const auto recipient = scep::ReadNonce(attributes, scep::kRecipientNonceOid);
  if (!recipient.has_value()) return Fail(kCheck, recipient.error().detail, kAdvice);
  if (!recipient->has_value()) return Fail(kCheck, "no recipientNonce", kAdvice);
  if (**recipient != letter.nonce) return Fail(kCheck, "recipientNonce is not the request's senderNonce", kAdvice);
  const auto sender = scep::ReadNonce(attributes, scep::kSenderNonceOid);
  if (!sender.has_value() || !sender->has_value()) {
    return Warn(kCheck, "no senderNonce of its own", "Send a fresh senderNonce: certmonger and MikroTik want one.");
  }
  if (**sender == letter.nonce) {
    return Warn(kCheck, "its senderNonce is the request's", "Draw a fresh senderNonce: jscep takes no nonce twice.");
  }
  return Pass(kCheck, "recipientNonce echoed, senderNonce fresh");
}

Finding JudgeAttributes(const Reply& reply) {
  constexpr char kCheck[] = "reply-attributes";
  constexpr std::array kTexts = {scep::kMessageTypeOid, scep::kPkiStatusOid, scep::kFailInfoOid,
                                 scep::kTransactionIdOid};
  for (const pki::SignedAttribute& attribute : reply.signed_data.attributes) {
    if (std::find(kTexts.begin(), kTexts.end(), attribute.oid) == kTexts.end()) continue;
    if (attribute.values.size() != 1 || attribute.values.front().tag != pki::der::kPrintableString) {
      return Warn(kCheck, "attribute " + attribute.oid + " is not one PrintableString",
                  "Send it as PrintableString (RFC 8894 section 3.2.1): sscep and Apple's client take nothing else.");
    }
  }
  const bool is_failure = reply.status == PkiStatus::kFailure;
  if (is_failure && !reply.fail_info.has_value()) {
    return Fail(kCheck, "FAILURE without a failInfo of 0 to 4",
                "Say why with failInfo (RFC 8894 section 3.2.1.4): sscep ends without it.");
  }
  const auto stray = scep::ReadText(reply.signed_data.attributes, scep::kFailInfoOid);
  if (!is_failure && (!stray.has_value() || stray->has_value())) {
    return Warn(kCheck, "failInfo beside another status", "Send failInfo with FAILURE only.");
  }
  return Pass(kCheck, "messageType, pkiStatus, transactionID" + std::string(is_failure ? ", failInfo" : ""));
}

Finding JudgeDigest(const Reply& reply, const Letter& letter) {
  constexpr char kCheck[] = "reply-digest";
  if (!reply.signed_data.signer.has_value()) return Skipped(kCheck, "no signature that could be read");
  const pki::DigestAlgorithm digest = reply.signed_data.signer->digest;
  const std::string seen =
      std::string(pki::ToString(digest)) + " for a request by " + std::string(pki::ToString(letter.digest));
  if (pki::DigestLength(digest) >= pki::DigestLength(letter.digest)) return Pass(kCheck, seen);
  return Fail(kCheck, seen, "Sign replies with the request's digest, or a stronger one.");
}

Finding JudgeContent(const Reply& reply) {
  constexpr char kCheck[] = "reply-content";
  const auto& content = reply.signed_data.content;
  if (reply.status == PkiStatus::kSuccess) {
    if (content.has_value() && !content->empty()) return Pass(kCheck, Counted(content->size(), "octet"));
    return Fail(kCheck, "SUCCESS without a content", "Send the certificate, enveloped to who asked for it.");
  }
  if (!content.has_value()) return Pass(kCheck, "none, as RFC 8894 section 3.2 wants it");
  if (content->empty()) return Pass(kCheck, "of no octets, which is what certmonger wants and others take");
  return Warn(kCheck, Counted(content->size(), "octet") + " in a reply that brings nothing",
              "Leave the content of PENDING and FAILURE out (RFC 8894 section 3.2): sscep cannot read it.");
}

}  // namespace

result::Result<Reply> Reply::Read(pki::ByteView body) {
  Reply reply;
  ASSIGN_OR_RETURN(reply.signed_data, pki::ParseSignedData(body));
  const scep::SignedAttributes& attributes = reply.signed_data.attributes;
  ASSIGN_OR_RETURN(const auto type, scep::ReadText(attributes, scep::kMessageTypeOid));
  if (type != "3") return result::Fail(Reason::kMalformed, "no messageType of 3");
  ASSIGN_OR_RETURN(reply.status, ReadStatus(attributes));
  reply.fail_info = ReadFailInfo(attributes);
  return reply;
}

std::vector<Finding> JudgeForm(const Reply& reply, const Letter& letter, const Authority& authority,
                               pki::TimePoint now) {
  return {JudgeSignature(reply, authority, now),
          JudgeTransaction(reply, letter),
          JudgeNonces(reply, letter),
          JudgeAttributes(reply),
          JudgeDigest(reply, letter),
          JudgeContent(reply)};
}

}  // namespace doctor
