#include <algorithm>
#include <utility>

#include "pki/certificate_identifier.h"
#include "pki/cms.h"
#include "pki/cms_algorithms.h"
#include "pki/cms_framing.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

// SignerInfo is one signerInfo as it stands.
struct SignerInfo {
  der::Tlv sid;
  ByteView digest_algorithm;
  ByteView signed_attributes;
  std::vector<SignedAttribute> attributes;
  ByteView signature_algorithm;
  ByteView signature;
};

result::Result<SignedAttribute> ParseAttribute(ByteView contents) {
  der::Reader reader(contents);
  ASSIGN_OR_RETURN(const der::Tlv oid, reader.Next(der::kObjectIdentifier));
  ASSIGN_OR_RETURN(const der::Tlv set, reader.Next(der::kSet));
  RETURN_IF_ERROR(reader.Finish());
  SignedAttribute attribute{der::OidToString(oid.value), {}};
  for (der::Reader values(set.value); !values.empty();) {
    ASSIGN_OR_RETURN(const der::Tlv value, values.Next());
    attribute.values.push_back(value);
  }
  return attribute;
}

result::Result<std::vector<SignedAttribute>> ParseAttributes(ByteView contents, const CmsLimits& limits) {
  std::vector<SignedAttribute> attributes;
  for (der::Reader reader(contents); !reader.empty();) {
    if (attributes.size() == limits.max_attributes) return Fail(Reason::kMalformed, "too many attributes");
    ASSIGN_OR_RETURN(const der::Tlv element, reader.Next(der::kSequence));
    ASSIGN_OR_RETURN(SignedAttribute attribute, ParseAttribute(element.value));
    attributes.push_back(std::move(attribute));
  }
  return attributes;
}

result::Result<SignerInfo> ParseSignerInfo(ByteView contents, const CmsLimits& limits) {
  der::Reader reader(contents);
  SignerInfo info;
  RETURN_IF_ERROR(reader.Next(der::kInteger));
  ASSIGN_OR_RETURN(info.sid, reader.Next());
  ASSIGN_OR_RETURN(const der::Tlv digest_algorithm, reader.Next(der::kSequence));
  info.digest_algorithm = digest_algorithm.encoding;
  ASSIGN_OR_RETURN(const auto signed_attributes, reader.NextIf(der::Context(0, true)));
  if (signed_attributes.has_value()) {
    info.signed_attributes = signed_attributes->value;
    ASSIGN_OR_RETURN(info.attributes, ParseAttributes(signed_attributes->value, limits));
  }
  ASSIGN_OR_RETURN(const der::Tlv signature_algorithm, reader.Next(der::kSequence));
  info.signature_algorithm = signature_algorithm.encoding;
  ASSIGN_OR_RETURN(const der::Tlv signature, reader.Next(der::kOctetString));
  info.signature = signature.value;
  RETURN_IF_ERROR(reader.NextIf(der::Context(1, true)));
  RETURN_IF_ERROR(reader.Finish());
  return info;
}

result::Result<std::vector<SignerInfo>> ParseSignerInfos(ByteView contents, const CmsLimits& limits) {
  std::vector<SignerInfo> infos;
  for (der::Reader reader(contents); !reader.empty();) {
    if (infos.size() == limits.max_signers) return Fail(Reason::kMalformed, "too many signerInfos");
    ASSIGN_OR_RETURN(const der::Tlv element, reader.Next(der::kSequence));
    ASSIGN_OR_RETURN(SignerInfo info, ParseSignerInfo(element.value, limits));
    infos.push_back(std::move(info));
  }
  return infos;
}

result::Result<void> ReadContent(ByteView contents, SignedData& signed_data) {
  der::Reader reader(contents);
  ASSIGN_OR_RETURN(const der::Tlv type, reader.Next(der::kObjectIdentifier));
  if (type.value != kDataType && type.value != kEnvelopedDataType) {
    return Fail(Reason::kMalformed, "eContentType is neither id-data nor id-envelopedData");
  }
  signed_data.content_type = type.value;
  ASSIGN_OR_RETURN(const auto explicit_tag, reader.NextIf(der::Context(0, true)));
  RETURN_IF_ERROR(reader.Finish());
  if (!explicit_tag.has_value()) return {};
  der::Reader inside(explicit_tag->value);
  ASSIGN_OR_RETURN(const der::Tlv content, inside.Next());
  RETURN_IF_ERROR(inside.Finish());
  if (content.tag != der::kOctetString && content.tag != der::kSequence) {
    return Fail(Reason::kMalformed, "eContent is no OCTET STRING");
  }
  signed_data.content = content.tag == der::kOctetString ? content.value : content.encoding;
  signed_data.digested = content.value;
  return {};
}

result::Result<void> ReadCertificates(ByteView contents, const CmsLimits& limits, SignedData& signed_data) {
  std::size_t count = 0;
  for (der::Reader reader(contents); !reader.empty();) {
    if (count++ == limits.max_certificates) return Fail(Reason::kMalformed, "too many certificates");
    ASSIGN_OR_RETURN(const der::Tlv choice, reader.Next());
    if (choice.tag == der::kSequence) signed_data.certificates.push_back(choice.encoding);
  }
  return {};
}

bool IsSidOf(const der::Tlv& sid, const Certificate& certificate) {
  if (sid.tag == der::Context(0, false)) return IsIdentifiedBy(sid.value, certificate);
  if (sid.tag != der::kSequence) return false;
  der::Reader reader(sid.value);
  const auto issuer = reader.Next(der::kSequence);
  const auto serial_number = reader.Next(der::kInteger);
  return issuer.has_value() && serial_number.has_value() &&
         IsNamedBy(issuer->encoding, serial_number->value, certificate);
}

result::Result<SignedData::Signer> MakeSigner(const SignerInfo& info, Certificate certificate) {
  const auto digest = ParseDigestIdentifier(info.digest_algorithm);
  if (!digest.has_value()) return Fail(Reason::kBadAlgorithm, "digestAlgorithm is unknown");
  auto signature_algorithm = ParseSignerAlgorithm(info.signature_algorithm, *digest);
  if (!signature_algorithm.has_value()) {
    return Fail(Reason::kBadAlgorithm, std::move(signature_algorithm).error().detail);
  }
  return SignedData::Signer{std::move(certificate), *digest, *signature_algorithm, info.signed_attributes,
                            info.signature};
}

// ChooseSigner takes the first signerInfo that a certificate of the message answers to.
void ChooseSigner(std::vector<SignerInfo> infos, SignedData& signed_data) {
  signed_data.signer_error = {Reason::kBadMessageCheck, "no certificate in the message belongs to a signerInfo"};
  std::vector<Certificate> certificates;
  for (const ByteView der : signed_data.certificates) {
    if (auto certificate = Certificate::Parse(der); certificate.has_value()) {
      certificates.push_back(*std::move(certificate));
    }
  }
  for (SignerInfo& info : infos) {
    const auto found = std::find_if(certificates.begin(), certificates.end(),
                                    [&info](const Certificate& certificate) { return IsSidOf(info.sid, certificate); });
    if (found == certificates.end()) continue;
    auto signer = MakeSigner(info, std::move(*found));
    if (signer.has_value()) {
      signed_data.signer = *std::move(signer);
    } else {
      signed_data.signer_error = std::move(signer).error();
    }
    signed_data.attributes = std::move(info.attributes);
    return;
  }
  if (!infos.empty()) signed_data.attributes = std::move(infos.front().attributes);
}

}  // namespace

result::Result<SignedData> ParseSignedData(ByteView message, const CmsLimits& limits) {
  SignedData signed_data;
  ASSIGN_OR_RETURN(signed_data.storage, OwnDefinite(message));
  ASSIGN_OR_RETURN(const ByteView contents, ReadContentInfo(*signed_data.storage, kSignedDataType));
  der::Reader reader(contents);
  RETURN_IF_ERROR(reader.Next(der::kInteger));
  RETURN_IF_ERROR(reader.Next(der::kSet));
  ASSIGN_OR_RETURN(const der::Tlv content_info, reader.Next(der::kSequence));
  RETURN_IF_ERROR(ReadContent(content_info.value, signed_data));
  ASSIGN_OR_RETURN(const auto certificates, reader.NextIf(der::Context(0, true)));
  if (certificates.has_value()) RETURN_IF_ERROR(ReadCertificates(certificates->value, limits, signed_data));
  RETURN_IF_ERROR(reader.NextIf(der::Context(1, true)));
  ASSIGN_OR_RETURN(const der::Tlv signer_infos, reader.Next(der::kSet));
  RETURN_IF_ERROR(reader.Finish());
  ASSIGN_OR_RETURN(std::vector<SignerInfo> infos, ParseSignerInfos(signer_infos.value, limits));
  ChooseSigner(std::move(infos), signed_data);
  return signed_data;
}

result::Result<std::vector<Certificate>> ParseCertsOnly(ByteView message) {
  ASSIGN_OR_RETURN(const SignedData signed_data, ParseSignedData(message));
  std::vector<Certificate> certificates;
  for (const ByteView der : signed_data.certificates) {
    ASSIGN_OR_RETURN(Certificate certificate, Certificate::Parse(der));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

}  // namespace pki
