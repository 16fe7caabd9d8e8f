#ifndef CERTIFIER_ENGINE_POLICY_TEMPLATE_DOCUMENT_H
#define CERTIFIER_ENGINE_POLICY_TEMPLATE_DOCUMENT_H

#include "certifier/v1/policy_document.pb.h"
#include "issuance/certificate_template.h"
#include "pki/certificate_request.h"

namespace engine::policy {

// ToProto writes a template, all but the request's key, which its request has.
certifier::v1::CertificateTemplate ToProto(const issuance::CertificateTemplate& certificate);
// FromProto reads what ToProto wrote, or what an operator made of it, for the key of `request`. Where the subject's
// text is that of its DER, the DER counts. Malformed: the detail names what cannot be read, or what no template holds.
result::Result<issuance::CertificateTemplate> FromProto(const certifier::v1::CertificateTemplate& document,
                                                        const pki::CertificateRequest& request);

// WriteTemplate and ReadTemplate are the same for the octets that are stored; none are the template that `request`
// begins as.
pki::Bytes WriteTemplate(const issuance::CertificateTemplate& certificate);
result::Result<issuance::CertificateTemplate> ReadTemplate(pki::ByteView stored,
                                                           const pki::CertificateRequest& request);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_TEMPLATE_DOCUMENT_H
