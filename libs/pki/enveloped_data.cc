#include "pki/certificate_identifier.h"
#include "pki/cms.h"
#include "pki/cms_algorithms.h"
#include "pki/cms_framing.h"
#include "pki/content_cipher.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

// ReadEnvelope gives the contents of EnvelopedData, with or without ContentInfo around it.
result::Result<ByteView> ReadEnvelope(ByteView message) {
  ASSIGN_OR_RETURN(const der::Tlv outer, der::ReadOnly(message, der::kSequence));
  der::Reader reader(outer.value);
  ASSIGN_OR_RETURN(const der::Tlv first, reader.Next());
  if (first.tag == der::kInteger) return outer.value;
  return ReadContentInfo(message, kEnvelopedDataType);
}

result::Result<EnvelopedData::Recipient> ParseRecipient(ByteView contents) {
  der::Reader reader(contents);
  EnvelopedData::Recipient recipient;
  RETURN_IF_ERROR(reader.Next(der::kInteger));
  ASSIGN_OR_RETURN(const der::Tlv rid, reader.Next());
  if (rid.tag == der::Context(0, false)) {
    recipient.key_identifier = rid.value;
  } else {
    if (rid.tag != der::kSequence) return Fail(Reason::kMalformed, "unknown form of RecipientIdentifier");
    der::Reader inside(rid.value);
    ASSIGN_OR_RETURN(const der::Tlv issuer, inside.Next(der::kSequence));
    ASSIGN_OR_RETURN(const der::Tlv serial_number, inside.Next(der::kInteger));
    RETURN_IF_ERROR(inside.Finish());
    recipient.issuer = issuer.encoding;
    recipient.serial_number = serial_number.value;
  }
  ASSIGN_OR_RETURN(const der::Tlv algorithm, reader.Next(der::kSequence));
  recipient.transport = ParseKeyTransportIdentifier(algorithm.encoding);
  ASSIGN_OR_RETURN(const der::Tlv encrypted_key, reader.Next(der::kOctetString));
  recipient.encrypted_key = encrypted_key.value;
  RETURN_IF_ERROR(reader.Finish());
  return recipient;
}

result::Result<void> ReadRecipients(ByteView contents, const CmsLimits& limits, EnvelopedData& enveloped) {
  std::size_t count = 0;
  for (der::Reader reader(contents); !reader.empty();) {
    if (count++ == limits.max_recipients) return Fail(Reason::kMalformed, "too many recipientInfos");
    ASSIGN_OR_RETURN(const der::Tlv choice, reader.Next());
    if (choice.tag != der::kSequence) continue;
    ASSIGN_OR_RETURN(const EnvelopedData::Recipient recipient, ParseRecipient(choice.value));
    enveloped.recipients.push_back(recipient);
  }
  return {};
}

result::Result<void> ReadEncryptedContent(ByteView contents, EnvelopedData& enveloped) {
  der::Reader reader(contents);
  RETURN_IF_ERROR(reader.Next(der::kObjectIdentifier));
  ASSIGN_OR_RETURN(const der::Tlv algorithm, reader.Next(der::kSequence));
  ASSIGN_OR_RETURN(const ContentEncryption encryption, ParseContentEncryption(algorithm.encoding));
  enveloped.cipher = encryption.cipher;
  enveloped.iv = encryption.iv;
  ASSIGN_OR_RETURN(const auto content, reader.NextIf(der::Context(0, false)));
  if (content.has_value()) enveloped.encrypted_content = content->value;
  return reader.Finish();
}

}  // namespace

result::Result<EnvelopedData> ParseEnvelopedData(ByteView message, const CmsLimits& limits) {
  EnvelopedData enveloped;
  ASSIGN_OR_RETURN(enveloped.storage, OwnDefinite(message));
  ASSIGN_OR_RETURN(const ByteView contents, ReadEnvelope(*enveloped.storage));
  der::Reader reader(contents);
  RETURN_IF_ERROR(reader.Next(der::kInteger));
  RETURN_IF_ERROR(reader.NextIf(der::Context(0, true)));
  ASSIGN_OR_RETURN(const der::Tlv recipients, reader.Next(der::kSet));
  RETURN_IF_ERROR(ReadRecipients(recipients.value, limits, enveloped));
  ASSIGN_OR_RETURN(const der::Tlv encrypted, reader.Next(der::kSequence));
  RETURN_IF_ERROR(ReadEncryptedContent(encrypted.value, enveloped));
  RETURN_IF_ERROR(reader.NextIf(der::Context(1, true)));
  RETURN_IF_ERROR(reader.Finish());
  return enveloped;
}

bool MatchesRecipient(const EnvelopedData::Recipient& recipient, const Certificate& certificate) {
  if (recipient.issuer.empty()) return IsIdentifiedBy(recipient.key_identifier, certificate);
  return IsNamedBy(recipient.issuer, recipient.serial_number, certificate);
}

result::Result<Secret> DecryptContent(const EnvelopedData& enveloped, const EnvelopedData::Recipient& recipient,
                                      const DecryptionKey& key) {
  if (!enveloped.cipher.has_value() || !recipient.transport.has_value()) {
    return Fail(Reason::kBadAlgorithm, "content cipher or key transport is unknown");
  }
  ASSIGN_OR_RETURN(const Secret content_key, key.UnwrapContentKey(*recipient.transport, recipient.encrypted_key,
                                                                  ContentKeyLength(*enveloped.cipher)));
  return DecryptCbc(*enveloped.cipher, content_key, enveloped.iv, enveloped.encrypted_content);
}

}  // namespace pki
