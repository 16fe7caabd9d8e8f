#ifndef CERTIFIER_ADMIN_SERVICE_CTL_CERTIFICATE_VIEW_H
#define CERTIFIER_ADMIN_SERVICE_CTL_CERTIFICATE_VIEW_H

#include "certifier/v1/certificate.pb.h"
#include "ctl/output.h"

namespace ctl {

// CertificateTable has a row for each.
Table CertificateTable(const certifier::v1::ListCertificatesResponse& listed, Time now);

// ShowCertificate writes everything of one certificate.
void ShowCertificate(Output& output, const certifier::v1::Certificate& certificate);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_CERTIFICATE_VIEW_H
