#include "scep/request.h"

#include <algorithm>
#include <utility>

#include "pki/certificate_request.h"
#include "scep/attributes.h"

namespace scep {

namespace {

using Decoded = tl::expected<Request, Refusal>;
using Candidates = std::vector<std::shared_ptr<const Recipient>>;
using result::Error;
using result::Reason;

bool IsAllowed(pki::DigestAlgorithm digest, const AlgorithmPolicy& policy) {
  switch (digest) {
    case pki::DigestAlgorithm::kMd5:
      return policy.allow_md5;
    case pki::DigestAlgorithm::kSha1:
      return policy.allow_sha1;
    case pki::DigestAlgorithm::kSha224:
    case pki::DigestAlgorithm::kSha256:
    case pki::DigestAlgorithm::kSha384:
    case pki::DigestAlgorithm::kSha512:
      return true;
  }
  return false;
}

bool IsAllowed(pki::ContentCipher cipher, const AlgorithmPolicy& policy) {
  switch (cipher) {
    case pki::ContentCipher::kDesCbc:
      return policy.allow_des;
    case pki::ContentCipher::kDes3Cbc:
      return policy.allow_des3;
    case pki::ContentCipher::kAes128Cbc:
    case pki::ContentCipher::kAes192Cbc:
    case pki::ContentCipher::kAes256Cbc:
      return true;
  }
  return false;
}

// OneOf the types that are served; every other text, known to the RFC or not, is refused (requirements part 5.4).
std::optional<MessageType> ServedType(const SignedAttributes& attributes) {
  const auto text = ReadText(attributes, kMessageTypeOid);
  if (!text.has_value()) return std::nullopt;
  if (*text == "17") return MessageType::kRenewalReq;
  if (*text == "19") return MessageType::kPkcsReq;
  if (*text == "20") return MessageType::kCertPoll;
  if (*text == "21") return MessageType::kGetCert;
  if (*text == "22") return MessageType::kGetCrl;
  return std::nullopt;
}

// IsContentOf tells whether `content` is, by its outline, what a message of that type carries.
bool IsContentOf(MessageType type, pki::ByteView content) {
  switch (type) {
    case MessageType::kPkcsReq:
    case MessageType::kRenewalReq:
      return pki::LooksLikeCertificateRequest(content);
    case MessageType::kGetCert:
    case MessageType::kGetCrl:
      return ParseIssuerAndSerialNumber(content).has_value();
    case MessageType::kCertRep:
    case MessageType::kCertPoll:
      return false;
  }
  return false;
}

FailInfo FailInfoFor(Reason reason) {
  return reason == Reason::kBadAlgorithm ? FailInfo::kBadAlg : FailInfo::kBadMessageCheck;
}

// AddressedRecipient is one RecipientInfo of an envelope and the identity of ours that it names.
struct AddressedRecipient {
  const pki::EnvelopedData::Recipient* info = nullptr;
  std::shared_ptr<const Recipient> identity;
};

std::optional<AddressedRecipient> FindRecipient(const pki::EnvelopedData& envelope, const Candidates& candidates) {
  for (const auto& info : envelope.recipients) {
    for (const auto& candidate : candidates) {
      if (pki::MatchesRecipient(info, candidate->certificate)) return AddressedRecipient{&info, candidate};
    }
  }
  return std::nullopt;
}

// Decoder judges one SignedData that has a transactionID.
class Decoder {
 public:
  // Whom the envelope names is read first, since the message may use what that one allows; nothing is decrypted.
  Decoder(const pki::SignedData& signed_data, TransactionId transaction_id, const Candidates& candidates,
          const MayDecrypt& may_decrypt)
      : signed_data_(signed_data),
        envelope_(pki::ParseEnvelopedData(signed_data.content.value_or(pki::ByteView()))),
        addressed_(envelope_.has_value() ? FindRecipient(*envelope_, candidates) : std::nullopt),
        named_(addressed_.has_value() ? addressed_->identity : candidates.front()),
        policy_(named_->policy),
        may_decrypt_(may_decrypt) {
    reply_.transaction_id = std::move(transaction_id);
    if (signed_data.signer.has_value() && IsAllowed(signed_data.signer->digest, policy_)) {
      reply_.digest = signed_data.signer->digest;
    }
  }

  Decoded Decode();

 private:
  std::optional<tl::unexpected<Refusal>> CheckSignature() const;
  std::optional<tl::unexpected<Refusal>> CheckSignerKey() const;
  Decoded DecodePoll();
  Decoded DecodeEnveloped(MessageType type);
  Decoded Open(MessageType type);
  tl::unexpected<Refusal> Refuse(FailInfo fail_info, Error error) const;
  tl::unexpected<Refusal> RefuseEnvelope() const;
  Request Accept(MessageType type, pki::Secret content) const;

  const pki::SignedData& signed_data_;
  const result::Result<pki::EnvelopedData> envelope_;
  const std::optional<AddressedRecipient> addressed_;
  const std::shared_ptr<const Recipient> named_;  // By the envelope, or the first candidate.
  const AlgorithmPolicy& policy_;
  const MayDecrypt& may_decrypt_;
  ReplyContext reply_;
};

tl::unexpected<Refusal> Decoder::Refuse(FailInfo fail_info, Error error) const {
  return tl::unexpected<Refusal>(Refusal{reply_, fail_info, named_, std::move(error)});
}

// RefuseEnvelope is the one refusal of everything between the choice of the recipient and the content: a sender must
// not learn which step failed (requirements S-02).
tl::unexpected<Refusal> Decoder::RefuseEnvelope() const {
  auto refusal = Refuse(FailInfo::kBadRequest, {Reason::kMalformed, "the envelope holds nothing for us"});
  if (addressed_.has_value() || !envelope_.has_value()) return refusal;
  const auto named = std::ranges::find_if(envelope_->recipients, [](const auto& info) { return !info.issuer.empty(); });
  if (named != envelope_->recipients.end()) {
    refusal.value().stranger = IssuerAndSerialNumber{pki::Bytes(named->issuer), pki::Bytes(named->serial_number)};
  }
  return refusal;
}

Request Decoder::Accept(MessageType type, pki::Secret content) const {
  auto signing_time = ReadSigningTime(signed_data_.attributes);
  return Request{type, reply_, signed_data_.signer->certificate, named_, std::move(signing_time), std::move(content)};
}

Decoded Decoder::Decode() {
  auto nonce = ReadNonce(signed_data_.attributes, kSenderNonceOid);
  if (!nonce.has_value()) return Refuse(FailInfo::kBadRequest, std::move(nonce).error());
  reply_.sender_nonce = *std::move(nonce);
  const auto type = ServedType(signed_data_.attributes);
  if (!type.has_value()) return Refuse(FailInfo::kBadRequest, {Reason::kMalformed, "messageType is not served"});
  if (auto refusal = CheckSignature(); refusal.has_value()) return *std::move(refusal);
  switch (*type) {
    case MessageType::kPkcsReq:
    case MessageType::kRenewalReq:
    case MessageType::kGetCert:
    case MessageType::kGetCrl:
      return DecodeEnveloped(*type);
    case MessageType::kCertPoll:
      return DecodePoll();
    case MessageType::kCertRep:
      break;
  }
  return Refuse(FailInfo::kBadRequest, {Reason::kMalformed, "messageType is not served"});
}

std::optional<tl::unexpected<Refusal>> Decoder::CheckSignature() const {
  if (!signed_data_.signer.has_value()) {
    return Refuse(FailInfoFor(signed_data_.signer_error.reason), signed_data_.signer_error);
  }
  const pki::DigestAlgorithm digest = signed_data_.signer->digest;
  if (!IsAllowed(digest, policy_)) {
    return Refuse(FailInfo::kBadAlg,
                  {Reason::kBadAlgorithm, "digest " + std::string(ToString(digest)) + " is switched off"});
  }
  if (auto verified = pki::VerifySigner(signed_data_); !verified.has_value()) {
    return Refuse(FailInfoFor(verified.error().reason), verified.error());
  }
  return std::nullopt;
}

std::optional<tl::unexpected<Refusal>> Decoder::CheckSignerKey() const {
  const auto key = signed_data_.signer->certificate.public_key();
  if (!key.has_value()) return Refuse(FailInfoFor(key.error().reason), key.error());
  if (key->type() != pki::KeyType::kRsa) {
    return Refuse(FailInfo::kBadAlg, {Reason::kBadAlgorithm, "no reply can be enveloped to a key " + key->ToString()});
  }
  // A weak key is no unknown algorithm (requirements part 6.6, row 8).
  if (key->bits() < policy_.min_signer_bits) {
    return Refuse(FailInfo::kBadRequest, {Reason::kPolicyRefused, "the signer's key is weak: " + key->ToString()});
  }
  return std::nullopt;
}

// A poll is answered by transactionID and signer alone: its envelope tells who is to answer, and how, and stays shut.
Decoded Decoder::DecodePoll() {
  if (envelope_.has_value() && envelope_->cipher.has_value() && IsAllowed(*envelope_->cipher, policy_)) {
    reply_.cipher = *envelope_->cipher;
  }
  if (addressed_.has_value()) reply_.transport = addressed_->info->transport.value_or(reply_.transport);
  return Accept(MessageType::kCertPoll, pki::Secret());
}

Decoded Decoder::DecodeEnveloped(MessageType type) {
  if (auto refusal = CheckSignerKey(); refusal.has_value()) return *std::move(refusal);
  if (!envelope_.has_value()) return RefuseEnvelope();
  if (!envelope_->cipher.has_value() || !IsAllowed(*envelope_->cipher, policy_)) {
    return Refuse(FailInfo::kBadAlg, {Reason::kBadAlgorithm, "content cipher is unknown or switched off"});
  }
  reply_.cipher = *envelope_->cipher;
  if (!addressed_.has_value()) return RefuseEnvelope();
  if (!addressed_->info->transport.has_value()) {
    return Refuse(FailInfo::kBadAlg, {Reason::kBadAlgorithm, "key transport is unknown"});
  }
  reply_.transport = *addressed_->info->transport;
  return Open(type);
}

Decoded Decoder::Open(MessageType type) {
  if (may_decrypt_ && !may_decrypt_()) {
    return tl::unexpected<Refusal>(
        Refusal{std::nullopt, FailInfo::kBadRequest, named_, {Reason::kUnavailable, "no decryption is allowed now"}});
  }
  auto content = pki::DecryptContent(*envelope_, *addressed_->info, *named_->decryption_key);
  if (!content.has_value() && content.error().reason != Reason::kMalformed) {
    return tl::unexpected<Refusal>(Refusal{std::nullopt, FailInfo::kBadRequest, named_, std::move(content).error()});
  }
  // What did not open is looked at like garbage that did, so that neither takes longer.
  const bool is_open = content.has_value();
  if (!is_open) content = pki::Secret(pki::Bytes(envelope_->encrypted_content.size(), '\0'));
  const bool is_content = IsContentOf(type, content->Reveal());
  if (!is_open || !is_content) return RefuseEnvelope();
  return Accept(type, *std::move(content));
}

tl::unexpected<Refusal> RefuseWithoutReply(Error error) {
  return tl::unexpected<Refusal>(Refusal{std::nullopt, FailInfo::kBadRequest, nullptr, std::move(error)});
}

}  // namespace

Decoded DecodeRequest(pki::ByteView message, const Candidates& candidates, const MayDecrypt& may_decrypt) {
  auto signed_data = pki::ParseSignedData(message);
  if (!signed_data.has_value()) return RefuseWithoutReply(std::move(signed_data).error());
  auto transaction_id = ReadTransactionId(signed_data->attributes);
  if (!transaction_id.has_value()) return RefuseWithoutReply(std::move(transaction_id).error());
  return Decoder(*signed_data, *std::move(transaction_id), candidates, may_decrypt).Decode();
}

}  // namespace scep
