#ifndef CERTIFIER_TESTS_CONFORMANCE_CERT_REP_H
#define CERTIFIER_TESTS_CONFORMANCE_CERT_REP_H

#include <map>
#include <optional>
#include <string>

#include "exchange.h"
#include "pki/cms.h"
#include "tests/unit/pki/identity.h"

namespace conformance {

using pki::Bytes;
using pki::ByteView;

// CertRep is one reply, read octet by octet as requirements part 5.3 wants it.
struct CertRep {
  Bytes message;
  std::string digest;       // Dotted OID of digestAlgorithm.
  pki::Certificate signer;  // The one certificate inside.
  std::string status;       // pkiStatus.
  std::optional<std::string> fail_info;
  Bytes transaction_id;
  Bytes sender_nonce;
  std::optional<Bytes> recipient_nonce;
  std::optional<Bytes> content;             // eContent.
  std::map<std::string, Bytes> attributes;  // Dotted OID to the whole element of its one value.
  Bytes signature;

  // "SUCCESS", "PENDING" or "FAILURE 2".
  std::string verdict() const;
};

// ReadCertRep fails the test unless the reply is HTTP 200 with a CertRep that every client can read: definite DER, one
// signerInfo by the one certificate inside, a signature that OpenSSL verifies, sorted attributes with the right tags
// and one value each, failInfo exactly in a FAILURE, content exactly in a SUCCESS, and a senderNonce that no reply of
// this program's run had before.
CertRep ReadCertRep(const HttpReply& reply);

// IsDer tells whether `octets` are whole elements with definite, minimal lengths all the way down.
bool IsDer(ByteView octets);

// EnvelopeOf is the envelope of a SUCCESS, which must have one KeyTransRecipientInfo.
pki::EnvelopedData EnvelopeOf(const CertRep& rep);
// Open is the one certificate in a SUCCESS for `recipient`, named by the octets of its issuer and serial number.
pki::Certificate Open(const CertRep& rep, const testing::Identity& recipient);

// WithoutChance is the reply with zeros for what must differ from one to the next: nonces, time and signature.
Bytes WithoutChance(const CertRep& rep);

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_CERT_REP_H
