#ifndef CERTIFIER_PKI_CMS_H
#define CERTIFIER_PKI_CMS_H

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "pki/bytes.h"
#include "pki/certificate.h"
#include "pki/der.h"
#include "pki/key.h"

namespace pki {

enum class ContentCipher { kDesCbc, kDes3Cbc, kAes128Cbc, kAes192Cbc, kAes256Cbc };
// "des-cbc", "des-ede3-cbc", "aes-128-cbc" ...
std::string_view ToString(ContentCipher cipher);

// Limits of requirements H-41; past any of them a message is malformed.
struct CmsLimits {
  std::size_t max_certificates = 64;
  std::size_t max_signers = 16;
  std::size_t max_recipients = 32;
  std::size_t max_attributes = 64;
};

// SignedAttribute is one attribute: dotted OID and its values, each a whole element. Views borrow from the message.
struct SignedAttribute {
  std::string oid;
  std::vector<der::Tlv> values;
};

// SignedData is a CMS SignedData (RFC 5652 section 5) with the one signer that can be checked. It owns its octets: BER
// input was rewritten as definite-length first.
struct SignedData {
  std::unique_ptr<const Bytes> storage;  // What the views below borrow from.
  ByteView content_type;                 // Contents of eContentType's OID: id-data or id-envelopedData.
  // Contents of eContent's OCTET STRING, or the whole element that stands there in PKCS#7 style; absent is not the same
  // as empty.
  std::optional<ByteView> content;
  // What messageDigest covers: `content`, in PKCS#7 style without its tag and length (RFC 5652 section 5.2.1).
  ByteView digested;
  std::vector<ByteView> certificates;  // DER of each, in order.
  // Of the signerInfo whose sid names one of `certificates`; nothing if there is none (requirements M-04).
  struct Signer {
    Certificate certificate;
    DigestAlgorithm digest;
    SignatureAlgorithm signature_algorithm;
    ByteView signed_attributes;  // Contents octets of [0] IMPLICIT, as received.
    ByteView signature;
  };
  std::optional<Signer> signer;
  // Signed attributes of that signerInfo, or of the first where none matches: enough to answer FAILURE.
  std::vector<SignedAttribute> attributes;
  // Why `signer` is absent or unusable: kBadAlgorithm for an algorithm unknown, kBadMessageCheck for no certificate.
  result::Error signer_error{result::Reason::kBadMessageCheck, ""};
};

// ParseSignedData reads ContentInfo(signedData), DER or BER, tolerant as requirements M-02. Octets behind the outer
// element must be zero, CR or LF (H-24). Malformed otherwise.
result::Result<SignedData> ParseSignedData(ByteView message, const CmsLimits& limits = {});

// VerifySigner checks contentType, messageDigest over the content and the signature over the attributes as received,
// then, if that fails, in DER order (requirements M-10). Bad message check.
result::Result<void> VerifySigner(const SignedData& signed_data);

// EnvelopedData is a CMS EnvelopedData (RFC 5652 section 6), not yet decrypted. It owns its octets.
struct EnvelopedData {
  std::unique_ptr<const Bytes> storage;  // What the views below borrow from.
  struct Recipient {
    ByteView issuer;         // Name DER; empty where the recipient is named by key identifier.
    ByteView serial_number;  // Contents octets.
    ByteView key_identifier;
    std::optional<KeyTransport> transport;  // Nothing: an algorithm that we do not know.
    ByteView encrypted_key;
  };
  std::vector<Recipient> recipients;    // KeyTransRecipientInfo only; other kinds are passed over.
  std::optional<ContentCipher> cipher;  // Nothing: one that we do not know.
  ByteView iv;
  ByteView encrypted_content;
};

// ParseEnvelopedData reads ContentInfo(envelopedData), or a bare EnvelopedData, DER or BER.
result::Result<EnvelopedData> ParseEnvelopedData(ByteView message, const CmsLimits& limits = {});

// MatchesRecipient tells whether `recipient` names `certificate`: issuer octets equal or names matching, serial equal
// as an integer; or the key identifier equal to its SKI, or to the SHA-1 of its key where it has none.
bool MatchesRecipient(const EnvelopedData::Recipient& recipient, const Certificate& certificate);

// ContentKeyLength is the key length of `cipher` in octets.
std::size_t ContentKeyLength(ContentCipher cipher);

// DecryptContent unwraps with `key` and decrypts, and never says which of the two failed (requirements S-01, S-02): a
// bad block goes on with a random key, padding is checked in constant time, and every failure is the same malformed
// with the same text. Bad algorithm if cipher or transport is none that we know; unavailable or internal as
// UnwrapContentKey. The plaintext may hold a challenge.
result::Result<Secret> DecryptContent(const EnvelopedData& enveloped, const EnvelopedData::Recipient& recipient,
                                      const DecryptionKey& key);

// EnvelopFor encrypts `content` to `recipient`'s key with a fresh content key and IV: ContentInfo DER with one
// KeyTransRecipientInfo by issuerAndSerialNumber. Bad algorithm if that key cannot receive.
result::Result<Bytes> EnvelopFor(ByteView content, const Certificate& recipient, ContentCipher cipher,
                                 KeyTransport transport);

// CertsOnly is a degenerate SignedData (RFC 8894 section 3.4) with `certificates` in the order given, not sorted
// (requirements G-08). Each is DER.
Bytes CertsOnly(const std::vector<ByteView>& certificates);
// ParseCertsOnly reads the certificates of such a message, in order.
result::Result<std::vector<Certificate>> ParseCertsOnly(ByteView message);
// CrlOnly is a degenerate SignedData with one CRL (DER) and no certificate (RFC 8894 section 4.6.1).
Bytes CrlOnly(ByteView crl);

// AttributeToSign is one signed attribute: dotted OID and the DER of its single value.
struct AttributeToSign {
  std::string_view oid;
  Bytes value;
};

// SignContent makes a SignedData over `content` (absent: no eContent) with contentType id-data, messageDigest,
// signingTime and `attributes`, DER-sorted, by `key` as `certificate`, which is included (requirements M-43).
// ContentInfo DER, definite lengths.
result::Result<Bytes> SignContent(std::optional<ByteView> content, const std::vector<AttributeToSign>& attributes,
                                  const Certificate& certificate, const SigningKey& key, DigestAlgorithm digest,
                                  TimePoint signing_time);

}  // namespace pki

#endif  // CERTIFIER_PKI_CMS_H
