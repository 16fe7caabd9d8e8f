#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_CA_ANSWER_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_CA_ANSWER_H

#include <string>
#include <vector>

#include "doctor/transport.h"
#include "pki/certificate.h"

namespace doctor {

// CaAnswer is the body of GetCACert, recognised by its octets and not by its content type.
struct CaAnswer {
  enum class Form { kCertificate, kCertsOnly, kPem, kPage, kEmpty, kUnknown };
  static CaAnswer Read(pki::ByteView body);

  Form form = Form::kUnknown;
  std::vector<pki::Certificate> certificates;  // In order; empty unless the form is one of the first three.
  bool is_signed = false;                      // kCertsOnly: it has a signature, which it should not.
};

// FindCaAnswer reads the answer of a GetCACert. Malformed with what to say of it where it brings no certificate.
result::Result<CaAnswer> FindCaAnswer(const Answer& answer);

}  // namespace doctor

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_CA_ANSWER_H
