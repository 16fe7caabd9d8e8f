#ifndef CERTIFIER_TESTS_UNIT_SCEP_MESSAGE_BUILDER_H
#define CERTIFIER_TESTS_UNIT_SCEP_MESSAGE_BUILDER_H

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../pki/identity.h"
#include "scep/request.h"

// Messages written by hand, octet for octet, so that each part can be wrong on purpose; nothing of the library's own
// CMS writer is used here.
namespace testing {

// Envelope builds an EnvelopedData.
class Envelope {
 public:
  explicit Envelope(pki::Bytes content) : content_(std::move(content)) {}

  Envelope& To(const pki::Certificate& recipient);
  Envelope& ToKeyIdentifier(const pki::Certificate& recipient, pki::Bytes key_identifier);
  Envelope& WithCipher(pki::ContentCipher cipher);
  Envelope& WithTransport(pki::KeyTransport transport);
  // WithCipherIdentifier replaces the AlgorithmIdentifier only.
  Envelope& WithCipherIdentifier(pki::Bytes algorithm_identifier);
  Envelope& WithTransportIdentifier(pki::Bytes algorithm_identifier);
  // WithWrappedKey is what is wrapped in place of the content key, of any length.
  Envelope& WithWrappedKey(pki::Bytes key);
  // WithEncryptedKey is the RSA block itself.
  Envelope& WithEncryptedKey(pki::Bytes block);
  // WithBlocks encrypts these octets as they are, without padding.
  Envelope& WithBlocks(pki::Bytes blocks);
  // WithCiphertextEnd adds octets behind the ciphertext.
  Envelope& WithCiphertextEnd(pki::Bytes octets);
  // WithEncodedContent replaces the whole element of encryptedContent, given the ciphertext.
  Envelope& WithEncodedContent(std::function<pki::Bytes(pki::ByteView)> encode);
  // WithOtherRecipient puts an element in front of the recipientInfos.
  Envelope& WithOtherRecipient(pki::Bytes element);
  Envelope& Bare();
  pki::Bytes Build() const;

 private:
  struct Addressee {
    pki::Certificate certificate;
    pki::Bytes key_identifier;
  };
  pki::Bytes RecipientInfo(const Addressee& addressee, pki::ByteView content_key) const;
  pki::Bytes Ciphertext(pki::ByteView content_key, pki::ByteView iv) const;

  pki::Bytes content_;
  std::vector<Addressee> addressees_;
  pki::ContentCipher cipher_ = pki::ContentCipher::kAes128Cbc;
  pki::KeyTransport transport_ = pki::KeyTransport::kPkcs1;
  std::optional<pki::Bytes> cipher_identifier_, transport_identifier_, wrapped_key_, encrypted_key_, blocks_;
  pki::Bytes ciphertext_end_, other_recipient_;
  std::function<pki::Bytes(pki::ByteView)> encode_content_;
  bool is_bare_ = false;
};

// Message builds a PKIMessage. Each attribute starts as a sound PKCSReq has it.
class Message {
 public:
  explicit Message(pki::Bytes content) : content_(std::move(content)) {}

  Message& SignedBy(const Identity& signer);
  Message& WithType(std::string_view type, std::uint8_t tag = pki::der::kPrintableString);
  Message& WithTransactionId(pki::ByteView id, std::uint8_t tag = pki::der::kPrintableString);
  Message& WithNonce(pki::ByteView nonce, std::uint8_t tag = pki::der::kOctetString);
  // With adds an attribute with the values given, With...out takes one away.
  Message& With(std::string_view oid, std::vector<pki::Bytes> values);
  Message& Without(std::string_view oid);
  // InOrder keeps the attributes in the order given, not sorted; SignedSorted signs them sorted all the same.
  Message& InOrder();
  Message& SignedSorted();
  Message& WithDigest(pki::DigestAlgorithm digest);
  Message& WithDigestIdentifier(pki::Bytes algorithm_identifier);
  Message& WithSignatureIdentifier(pki::Bytes algorithm_identifier);
  Message& WithoutCertificate();
  Message& WithExtraCertificate(const pki::Certificate& certificate);
  Message& WithSid(pki::Bytes sid);
  // WithExtraSignerInfo puts one in front of the message's own; OwnSignerInfo is such a one.
  Message& WithExtraSignerInfo(pki::Bytes signer_info);
  pki::Bytes OwnSignerInfo() const;
  Message& WithCrls(pki::Bytes contents);
  // WithContentElement replaces the element inside eContent's [0], which is digested without its tag and length. One of
  // indefinite length needs a messageDigest of its own.
  Message& WithContentElement(pki::Bytes element, std::string_view content_type);
  Message& WithVersion(char version);
  // TamperSignature and TamperContent flip one bit after all is signed.
  Message& TamperSignature();
  Message& TamperContent();
  pki::Bytes Build() const;

 private:
  struct Attribute {
    std::string oid;
    std::vector<pki::Bytes> values;
  };
  Message& Set(std::string_view oid, std::vector<pki::Bytes> values);
  std::vector<pki::Bytes> EncodedAttributes(pki::ByteView digested) const;
  pki::Bytes SignerInfo(pki::ByteView digested) const;
  pki::Bytes DigestIdentifier() const;

  pki::Bytes content_;
  std::optional<Identity> signer_;
  std::vector<Attribute> attributes_;
  pki::DigestAlgorithm digest_ = pki::DigestAlgorithm::kSha256;
  std::optional<pki::Bytes> digest_identifier_, signature_identifier_, sid_, content_element_;
  std::string content_type_ = "1.2.840.113549.1.7.1";
  std::vector<pki::Bytes> extra_certificates_;
  pki::Bytes extra_signer_infos_, crls_;
  char version_ = 1;
  bool in_order_ = false, signed_sorted_ = false, without_certificate_ = false, tamper_signature_ = false,
       tamper_content_ = false;
};

// The names that the tests use for attributes and algorithms.
inline constexpr std::string_view kContentTypeOid = "1.2.840.113549.1.9.3", kMessageDigestOid = "1.2.840.113549.1.9.4";
pki::Bytes AlgorithmIdentifier(std::string_view oid, pki::ByteView parameters = {});

// TruncateTo keeps the first `count` octets; FlipBit inverts one bit.
pki::Bytes TruncateTo(pki::ByteView octets, std::size_t count);
pki::Bytes FlipBit(pki::ByteView octets, std::size_t octet, unsigned bit);

}  // namespace testing

#endif  // CERTIFIER_TESTS_UNIT_SCEP_MESSAGE_BUILDER_H
