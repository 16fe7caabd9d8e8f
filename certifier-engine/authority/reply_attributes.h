#ifndef CERTIFIER_ENGINE_AUTHORITY_REPLY_ATTRIBUTES_H
#define CERTIFIER_ENGINE_AUTHORITY_REPLY_ATTRIBUTES_H

#include "pki/bytes.h"
#include "result/result.h"

namespace engine::authority {

// CheckReplyAttributes tells whether `der` is the signed attributes of a CertRep as our gateways write them, so that a
// CA's key signs nothing else for them: one SET (RFC 5652 section 5.4) of at most 4096 octets, holding attributes of
// RFC 8894 section 3.2.1, contentType, messageDigest and signingTime alone, each once with one value; contentType is
// id-data, messageType is CertRep, and transactionID, pkiStatus and messageDigest are there.
//
// All else that a CA signs - TBSCertificate, TBSCertList, CertificationRequestInfo - is a SEQUENCE, so that its first
// octet alone tells it from a SET. Malformed.
result::Result<void> CheckReplyAttributes(pki::ByteView der);

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_REPLY_ATTRIBUTES_H
