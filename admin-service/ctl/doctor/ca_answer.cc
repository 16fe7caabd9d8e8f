#include "doctor/ca_answer.h"

#include "doctor/dialogue.h"
#include "pki/cms.h"

namespace doctor {

namespace {

std::string NameOf(CaAnswer::Form form) {
  switch (form) {
    case CaAnswer::Form::kCertificate:
      return "one certificate";
    case CaAnswer::Form::kCertsOnly:
      return "a PKCS#7 of certificates";
    case CaAnswer::Form::kPem:
      return "PEM text";
    case CaAnswer::Form::kPage:
      return "a web page";
    case CaAnswer::Form::kEmpty:
      return "an empty body";
    case CaAnswer::Form::kUnknown:
      return "neither a certificate nor a PKCS#7 of certificates, in DER";
  }
  return "unknown";
}

}  // namespace

CaAnswer CaAnswer::Read(pki::ByteView body) {
  if (body.empty()) return {Form::kEmpty, {}, false};
  if (auto certificate = pki::Certificate::Parse(body); certificate.has_value()) {
    return {Form::kCertificate, {*std::move(certificate)}, false};
  }
  if (auto certificates = pki::ParseCertsOnly(body); certificates.has_value() && !certificates->empty()) {
    const auto signed_data = pki::ParseSignedData(body);
    const bool is_signed =
        signed_data.has_value() && (signed_data->signer.has_value() || !signed_data->attributes.empty());
    return {Form::kCertsOnly, *std::move(certificates), is_signed};
  }
  if (auto certificates = pki::Certificate::ManyFromPem(body); certificates.has_value()) {
    return {Form::kPem, *std::move(certificates), false};
  }
  return {LooksLikePage(body) ? Form::kPage : Form::kUnknown, {}, false};
}

result::Result<CaAnswer> FindCaAnswer(const Answer& answer) {
  const std::string seen = Describe(answer);
  if (answer.status != 200) return result::Fail(result::Reason::kMalformed, seen);
  CaAnswer read = CaAnswer::Read(answer.body);
  if (read.certificates.empty()) return result::Fail(result::Reason::kMalformed, seen + ": " + NameOf(read.form));
  return read;
}

}  // namespace doctor
