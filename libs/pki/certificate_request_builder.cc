#include "pki/certificate_request.h"
#include "pki/der.h"

namespace pki {

namespace {

result::Result<Bytes> Attribute(std::string_view oid, ByteView value) {
  ASSIGN_OR_RETURN(const Bytes type, der::EncodeOid(oid));
  return der::Encode(der::kSequence, {type, der::Encode(der::kSet, value)});
}

}  // namespace

result::Result<Bytes> SignCertificateRequest(const CertificateRequestTemplate& request, const SigningKey& key,
                                             DigestAlgorithm digest) {
  std::vector<Bytes> attributes;
  if (!request.challenge.empty()) {
    ASSIGN_OR_RETURN(Bytes challenge,
                     Attribute("1.2.840.113549.1.9.7", der::Encode(der::kUtf8String, request.challenge)));
    attributes.push_back(std::move(challenge));
  }
  if (!request.alternative_names.empty()) {
    ASSIGN_OR_RETURN(Bytes names, EncodeGeneralNames(request.alternative_names));
    ASSIGN_OR_RETURN(const Bytes extensions,
                     EncodeExtensions({{std::string(kSubjectAlternativeNameOid), false, std::move(names)}}));
    ASSIGN_OR_RETURN(Bytes requested, Attribute("1.2.840.113549.1.9.14", extensions));
    attributes.push_back(std::move(requested));
  }
  const Bytes algorithm = SignatureAlgorithmIdentifier(key.public_key(), digest);
  if (algorithm.empty()) return result::Fail(result::Reason::kBadAlgorithm, "no signature algorithm for this key");
  const Bytes subject = request.subject.is_empty() ? der::Encode(der::kSequence, "") : request.subject.der();
  const Bytes info = der::Encode(der::kSequence, {der::EncodeUnsigned(""), subject, key.public_key().spki(),
                                                  der::EncodeSetOf(std::move(attributes), der::Context(0, true))});
  ASSIGN_OR_RETURN(const Bytes signature, key.Sign(digest, info));
  return der::Encode(der::kSequence, {info, algorithm, der::Encode(der::kBitString, {ByteView("\0", 1), signature})});
}

}  // namespace pki
