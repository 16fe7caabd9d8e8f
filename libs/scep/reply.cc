#include "scep/reply.h"

#include <algorithm>

#include "scep/attributes.h"

namespace scep {

namespace {

constexpr std::size_t kNonceLength = 16;

struct Outcome {
  PkiStatus status;
  std::optional<FailInfo> fail_info;
  std::optional<pki::ByteView> content;
};

template <class WireValue>
std::string Decimal(WireValue value) {
  return std::to_string(static_cast<int>(value));
}

// FreshNonce is as long as the request's where that was shorter: such clients have no room for more.
result::Result<pki::Bytes> FreshNonce(const ReplyContext& context) {
  std::size_t length = kNonceLength;
  if (context.sender_nonce.has_value()) length = std::min(length, context.sender_nonce->octets().size());
  return pki::RandomBytes(length);
}

result::Result<pki::Bytes> Encode(const ReplyContext& context, const Recipient& signer, const Outcome& outcome,
                                  pki::TimePoint now) {
  ASSIGN_OR_RETURN(const pki::Bytes nonce, FreshNonce(context));
  std::vector<pki::AttributeToSign> attributes;
  attributes.push_back(TextAttribute(kMessageTypeOid, Decimal(MessageType::kCertRep)));
  attributes.push_back(TextAttribute(kPkiStatusOid, Decimal(outcome.status)));
  if (outcome.fail_info.has_value()) {
    attributes.push_back(TextAttribute(kFailInfoOid, Decimal(*outcome.fail_info)));
  }
  if (outcome.fail_info.has_value() && !context.fail_info_text.empty()) {
    attributes.push_back(Utf8Attribute(kFailInfoTextOid, context.fail_info_text));
  }
  attributes.push_back(TextAttribute(kTransactionIdOid, context.transaction_id.octets()));
  attributes.push_back(OctetsAttribute(kSenderNonceOid, nonce));
  if (context.sender_nonce.has_value()) {
    attributes.push_back(OctetsAttribute(kRecipientNonceOid, context.sender_nonce->octets()));
  }
  return pki::SignContent(outcome.content, attributes, signer.signing_certificate, *signer.signing_key, context.digest,
                          now);
}

std::optional<pki::ByteView> NoContent(const ReplyContext& context) {
  return context.has_empty_content ? std::optional(pki::ByteView("")) : std::nullopt;
}

}  // namespace

result::Result<pki::Bytes> EncodeSuccess(const ReplyContext& context, const Recipient& signer,
                                         const pki::Certificate& recipient,
                                         const std::vector<pki::ByteView>& certificates, pki::TimePoint now) {
  ASSIGN_OR_RETURN(const pki::Bytes envelope,
                   pki::EnvelopFor(pki::CertsOnly(certificates), recipient, context.cipher, context.transport));
  return Encode(context, signer, {PkiStatus::kSuccess, std::nullopt, envelope}, now);
}

result::Result<pki::Bytes> EncodeCrl(const ReplyContext& context, const Recipient& signer,
                                     const pki::Certificate& recipient, pki::ByteView crl, pki::TimePoint now) {
  ASSIGN_OR_RETURN(const pki::Bytes envelope,
                   pki::EnvelopFor(pki::CrlOnly(crl), recipient, context.cipher, context.transport));
  return Encode(context, signer, {PkiStatus::kSuccess, std::nullopt, envelope}, now);
}

result::Result<pki::Bytes> EncodePending(const ReplyContext& context, const Recipient& signer, pki::TimePoint now) {
  return Encode(context, signer, {PkiStatus::kPending, std::nullopt, NoContent(context)}, now);
}

result::Result<pki::Bytes> EncodeFailure(const ReplyContext& context, const Recipient& signer, FailInfo fail_info,
                                         pki::TimePoint now) {
  return Encode(context, signer, {PkiStatus::kFailure, fail_info, NoContent(context)}, now);
}

}  // namespace scep
