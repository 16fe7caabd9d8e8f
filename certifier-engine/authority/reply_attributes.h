#ifndef CERTIFIER_ENGINE_AUTHORITY_REPLY_ATTRIBUTES_H
#define CERTIFIER_ENGINE_AUTHORITY_REPLY_ATTRIBUTES_H

#include "pki/bytes.h"
#include "pki/digest.h"
#include "result/result.h"

namespace engine::authority {

// CheckReplyAttributes tells whether `der` is the signed attributes of a CertRep as our gateways write them, so that a
// CA's key signs nothing else for them: one SET (RFC 5652 section 5.4) of at most 4096 octets, holding attributes of
// RFC 8894 section 3.2.1, contentType, messageDigest and signingTime alone, each once with one value; contentType is
// id-data, messageType is CertRep, and transactionID, pkiStatus and messageDigest, as long as `digest`, are there.
//
// All else that a CA signs - TBSCertificate, TBSCertList, CertificationRequestInfo - is a SEQUENCE, so that its first
// octet alone tells it from a SET. The digest of a SET could still be made to equal that of a certificate, where the
// digest is weak and there is room for the octets that this takes: so the values are no longer than replies need,
// nonces 64 octets, failInfoText 64, transactionID 255, the others 20. Malformed.
result::Result<void> CheckReplyAttributes(pki::ByteView der, pki::DigestAlgorithm digest);

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_REPLY_ATTRIBUTES_H
