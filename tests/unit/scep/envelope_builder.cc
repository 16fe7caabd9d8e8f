#include <utility>

#include "../pki/openssl_cms.h"
#include "message_builder.h"

namespace testing {

using pki::Bytes;
using pki::ByteView;
namespace der = pki::der;

namespace {

struct CipherName {
  std::string openssl;
  std::string oid;
  std::size_t block;
};

CipherName NameOf(pki::ContentCipher cipher) {
  switch (cipher) {
    case pki::ContentCipher::kDesCbc:
      return {"DES-CBC", "1.3.14.3.2.7", 8};
    case pki::ContentCipher::kDes3Cbc:
      return {"DES-EDE3-CBC", "1.2.840.113549.3.7", 8};
    case pki::ContentCipher::kAes128Cbc:
      return {"AES-128-CBC", "2.16.840.1.101.3.4.1.2", 16};
    case pki::ContentCipher::kAes192Cbc:
      return {"AES-192-CBC", "2.16.840.1.101.3.4.1.22", 16};
    case pki::ContentCipher::kAes256Cbc:
      return {"AES-256-CBC", "2.16.840.1.101.3.4.1.42", 16};
  }
  return {};
}

Bytes TransportIdentifier(pki::KeyTransport transport) {
  const Bytes null = Element(der::kNull, {});
  const Bytes sha256 = AlgorithmIdentifier("2.16.840.1.101.3.4.2.1", null);
  switch (transport) {
    case pki::KeyTransport::kPkcs1:
      return AlgorithmIdentifier("1.2.840.113549.1.1.1", null);
    case pki::KeyTransport::kOaepSha1:
      return AlgorithmIdentifier("1.2.840.113549.1.1.7", Element(der::kSequence, {}));
    case pki::KeyTransport::kOaepSha256:
      return AlgorithmIdentifier(
          "1.2.840.113549.1.1.7",
          Element(der::kSequence,
                  {Element(der::Context(0, true), {sha256}),
                   Element(der::Context(1, true), {AlgorithmIdentifier("1.2.840.113549.1.1.8", sha256)})}));
  }
  return {};
}

}  // namespace

Bytes AlgorithmIdentifier(std::string_view oid, ByteView parameters) {
  return Element(der::kSequence, {Oid(oid), parameters});
}

Envelope& Envelope::To(const pki::Certificate& recipient) {
  addressees_.push_back({recipient, {}});
  return *this;
}

Envelope& Envelope::ToKeyIdentifier(const pki::Certificate& recipient, Bytes key_identifier) {
  addressees_.push_back({recipient, std::move(key_identifier)});
  return *this;
}

Envelope& Envelope::WithCipher(pki::ContentCipher cipher) {
  cipher_ = cipher;
  return *this;
}

Envelope& Envelope::WithTransport(pki::KeyTransport transport) {
  transport_ = transport;
  return *this;
}

Envelope& Envelope::WithCipherIdentifier(Bytes algorithm_identifier) {
  cipher_identifier_ = std::move(algorithm_identifier);
  return *this;
}

Envelope& Envelope::WithTransportIdentifier(Bytes algorithm_identifier) {
  transport_identifier_ = std::move(algorithm_identifier);
  return *this;
}

Envelope& Envelope::WithWrappedKey(Bytes key) {
  wrapped_key_ = std::move(key);
  return *this;
}

Envelope& Envelope::WithEncryptedKey(Bytes block) {
  encrypted_key_ = std::move(block);
  return *this;
}

Envelope& Envelope::WithBlocks(Bytes blocks) {
  blocks_ = std::move(blocks);
  return *this;
}

Envelope& Envelope::WithCiphertextEnd(Bytes octets) {
  ciphertext_end_ = std::move(octets);
  return *this;
}

Envelope& Envelope::WithEncodedContent(std::function<Bytes(ByteView)> encode) {
  encode_content_ = std::move(encode);
  return *this;
}

Envelope& Envelope::WithOtherRecipient(Bytes element) {
  other_recipient_ = std::move(element);
  return *this;
}

Envelope& Envelope::Bare() {
  is_bare_ = true;
  return *this;
}

Bytes Envelope::RecipientInfo(const Addressee& addressee, ByteView content_key) const {
  const bool by_name = addressee.key_identifier.empty();
  const Bytes version = Element(der::kInteger, {by_name ? ByteView("\0", 1) : ByteView("\2", 1)});
  const Bytes rid = by_name ? addressee.certificate.issuer_and_serial_number()
                            : Element(der::Context(0, false), {addressee.key_identifier});
  const auto key = Must(addressee.certificate.public_key());
  const Bytes encrypted_key = encrypted_key_.has_value()
                                  ? *encrypted_key_
                                  : Must(key.Encrypt(transport_, wrapped_key_.value_or(Bytes(content_key))));
  const Bytes algorithm = transport_identifier_.value_or(TransportIdentifier(transport_));
  return Element(der::kSequence, {version, rid, algorithm, Element(der::kOctetString, {encrypted_key})});
}

Bytes Envelope::Ciphertext(ByteView content_key, ByteView iv) const {
  const CipherName name = NameOf(cipher_);
  const std::size_t padding = name.block - content_.size() % name.block;
  const Bytes padded = content_ + Bytes(padding, static_cast<char>(padding));
  return reference::EncryptBlocks(name.openssl, content_key, iv, blocks_.value_or(padded)) + ciphertext_end_;
}

Bytes Envelope::Build() const {
  const CipherName name = NameOf(cipher_);
  const Bytes content_key = Must(pki::RandomBytes(pki::ContentKeyLength(cipher_)));
  const Bytes iv = Must(pki::RandomBytes(name.block));
  Bytes recipients = other_recipient_;
  for (const Addressee& addressee : addressees_) recipients += RecipientInfo(addressee, content_key);
  const Bytes ciphertext = Ciphertext(content_key, iv);
  const Bytes encrypted = encode_content_ ? encode_content_(ciphertext) : Element(der::Context(0, false), {ciphertext});
  const Bytes algorithm = cipher_identifier_.value_or(AlgorithmIdentifier(name.oid, Element(der::kOctetString, {iv})));
  const Bytes enveloped =
      Element(der::kSequence, {Element(der::kInteger, {ByteView("\0", 1)}), Element(der::kSet, {recipients}),
                               Element(der::kSequence, {Oid("1.2.840.113549.1.7.1"), algorithm, encrypted})});
  if (is_bare_) return enveloped;
  return Element(der::kSequence, {Oid("1.2.840.113549.1.7.3"), Element(der::Context(0, true), {enveloped})});
}

}  // namespace testing
