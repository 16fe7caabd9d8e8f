#ifndef CERTIFIER_SCEP_MESSAGE_H
#define CERTIFIER_SCEP_MESSAGE_H

#include <optional>
#include <string_view>

#include "pki/bytes.h"
#include "pki/certificate.h"
#include "pki/cms.h"

namespace scep {

// The attributes of a PKIMessage (RFC 8894 section 3.2.1).
inline constexpr std::string_view kMessageTypeOid = "2.16.840.1.113733.1.9.2",
                                  kPkiStatusOid = "2.16.840.1.113733.1.9.3", kFailInfoOid = "2.16.840.1.113733.1.9.4",
                                  kSenderNonceOid = "2.16.840.1.113733.1.9.5",
                                  kRecipientNonceOid = "2.16.840.1.113733.1.9.6",
                                  kTransactionIdOid = "2.16.840.1.113733.1.9.7",
                                  kFailInfoTextOid = "1.3.6.1.5.5.7.24.1";

// Opaque, 1 to 255 octets (RFC 8894 section 3.2.1.1).
using TransactionId = pki::Octets<struct TransactionIdTag>;
// 1 to 64 octets in a request, 16 in a reply (RFC 8894 section 3.2.1.5).
using Nonce = pki::Octets<struct NonceTag>;

// The values are those of the wire (RFC 8894 section 3.2.1.2). 18, UpdateReq of older drafts, is no type of ours.
enum class MessageType { kCertRep = 3, kRenewalReq = 17, kPkcsReq = 19, kCertPoll = 20, kGetCert = 21, kGetCrl = 22 };
// The values are those of the wire (RFC 8894 section 3.2.1.3).
enum class PkiStatus { kSuccess = 0, kFailure = 2, kPending = 3 };
// The values are those of the wire (RFC 8894 section 3.2.1.4).
enum class FailInfo { kBadAlg = 0, kBadMessageCheck = 1, kBadRequest = 2, kBadTime = 3, kBadCertId = 4 };

std::string_view ToString(MessageType type);
std::string_view ToString(FailInfo fail_info);

// PrintableTransactionId writes the octets for logs and pages: printable ASCII as it is, all else and the backslash as
// \xNN (requirements S-43).
std::string PrintableTransactionId(const TransactionId& id);

// IssuerAndSerialNumber is the content of GetCert and GetCRL (RFC 8894 section 3.3.4, RFC 5652 section 10.2.4).
struct IssuerAndSerialNumber {
  pki::Bytes issuer;         // Name DER, as it stands.
  pki::Bytes serial_number;  // Contents octets, as they stand.
};
// ParseIssuerAndSerialNumber reads `der` whole. Malformed.
result::Result<IssuerAndSerialNumber> ParseIssuerAndSerialNumber(pki::ByteView der);

// ReplyContext is what a reply must mirror from its request (requirements M-42, part 5.3).
struct ReplyContext {
  TransactionId transaction_id;
  std::optional<Nonce> sender_nonce;
  pki::DigestAlgorithm digest = pki::DigestAlgorithm::kSha256;
  pki::ContentCipher cipher = pki::ContentCipher::kAes128Cbc;
  pki::KeyTransport transport = pki::KeyTransport::kPkcs1;
  // PENDING and FAILURE carry a content of no octets, instead of none as RFC 8894 section 3.2 wants it: certmonger
  // reads no reply without one.
  bool has_empty_content = false;
  // UTF-8 that a FAILURE carries as failInfoText (RFC 8894 section 3.2.1.4); empty: none.
  std::string fail_info_text;
};

}  // namespace scep

#endif  // CERTIFIER_SCEP_MESSAGE_H
