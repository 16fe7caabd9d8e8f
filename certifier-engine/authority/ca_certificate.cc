#include "authority/ca_certificate.h"

#include "authority/certification_authority.h"
#include "pki/der.h"

namespace engine::authority {

namespace {

constexpr char kOrganizationOid[] = "2.5.4.10";
constexpr char kCertificateRequestAgentOid[] = "1.3.6.1.4.1.311.20.2.1";

result::Result<pki::Certificate> Sign(pki::TbsCertificate tbs, const pki::SigningKey& key) {
  ASSIGN_OR_RETURN(tbs.serial_number, pki::RandomSerialNumber());
  ASSIGN_OR_RETURN(const auto der, pki::SignCertificate(tbs, key, DigestFor(key.public_key())));
  return pki::Certificate::Parse(der);
}

result::Result<bool> IsOrganization(const pki::der::Tlv& relative_name) {
  pki::der::Reader members(relative_name.value);
  ASSIGN_OR_RETURN(const auto first, members.Next(pki::der::kSequence));
  pki::der::Reader attribute(first.value);
  ASSIGN_OR_RETURN(const auto type, attribute.Next(pki::der::kObjectIdentifier));
  return pki::der::OidToString(type.value) == kOrganizationOid;
}

pki::TbsCertificate TbsOf(const CaCertificateSpecification& specification) {
  unsigned usage = pki::kKeyCertSign | pki::kCrlSign;
  if (specification.receives_envelopes) usage |= pki::kDigitalSignature | pki::kKeyEncipherment;
  pki::TbsCertificate tbs;
  tbs.issuer = tbs.subject = specification.subject.der();
  tbs.not_before = specification.validity.not_before;
  tbs.not_after = specification.validity.not_after;
  tbs.spki = specification.key.spki();
  tbs.extensions = {pki::BasicConstraintsExtension(true), pki::KeyUsageExtension(usage),
                    pki::SubjectKeyIdentifierExtension(specification.key.subject_public_key())};
  return tbs;
}

unsigned KeyUsageOf(store::RegistrationAuthorityUsage usage) {
  switch (usage) {
    case store::RegistrationAuthorityUsage::kSigning:
      return pki::kDigitalSignature;
    case store::RegistrationAuthorityUsage::kEncryption:
      return pki::kKeyEncipherment;
    case store::RegistrationAuthorityUsage::kCombined:
      break;
  }
  return pki::kDigitalSignature | pki::kKeyEncipherment;
}

}  // namespace

result::Result<pki::Certificate> MakeRootCertificate(const CaCertificateSpecification& specification,
                                                     const pki::SigningKey& key) {
  return Sign(TbsOf(specification), key);
}

result::Result<pki::Certificate> MakeIntermediateCertificate(const CaCertificateSpecification& specification,
                                                             const Issuer& issuer) {
  pki::TbsCertificate tbs = TbsOf(specification);
  tbs.issuer = pki::Bytes(issuer.certificate.subject());
  tbs.extensions.push_back(pki::AuthorityKeyIdentifierExtension(issuer.certificate.subject_key_identifier()));
  tbs.extensions.insert(tbs.extensions.end(), specification.published.begin(), specification.published.end());
  return Sign(std::move(tbs), issuer.key);
}

PublishedUrls UrlsOf(const CertificationAuthority& ca) {
  const std::string& url = ca.options.public_url();
  if (url.empty()) return {};
  const std::string name = ca.name + "/" + std::to_string(ca.generation_number);
  return {{url + "/crl/" + name + ".crl"}, {url + "/ca/" + name + ".crt"}};
}

std::vector<pki::Extension> PublishedExtensions(const PublishedUrls& urls) {
  std::vector<pki::Extension> extensions;
  if (!urls.crl.empty()) extensions.push_back(pki::CrlDistributionPointExtension(urls.crl));
  if (!urls.ca_issuers.empty()) extensions.push_back(pki::CaIssuersExtension(urls.ca_issuers));
  return extensions;
}

result::Result<pki::Name> RegistrationAuthoritySubject(const pki::Certificate& ca, const std::string& common_name) {
  ASSIGN_OR_RETURN(const auto ca_subject, pki::der::ReadOnly(ca.subject(), pki::der::kSequence));
  pki::Bytes relative_names;
  for (pki::der::Reader reader(ca_subject.value); !reader.empty();) {
    ASSIGN_OR_RETURN(const auto relative_name, reader.Next(pki::der::kSet));
    ASSIGN_OR_RETURN(const bool is_organization, IsOrganization(relative_name));
    if (is_organization) relative_names += relative_name.encoding;
  }
  ASSIGN_OR_RETURN(const auto common, pki::Name::FromString("CN=" + common_name));
  ASSIGN_OR_RETURN(const auto last, pki::der::ReadOnly(common.der(), pki::der::kSequence));
  return pki::Name::Parse(pki::der::Encode(pki::der::kSequence, {relative_names, last.value}));
}

result::Result<pki::Certificate> MakeRegistrationAuthorityCertificate(
    const Issuer& issuer, const RegistrationAuthoritySpecification& specification) {
  ASSIGN_OR_RETURN(auto purpose, pki::ExtendedKeyUsageExtension({kCertificateRequestAgentOid}));
  pki::TbsCertificate tbs;
  tbs.issuer = pki::Bytes(issuer.certificate.subject());
  tbs.subject = specification.subject.der();
  tbs.not_before = specification.validity.not_before;
  tbs.not_after = specification.validity.not_after;
  tbs.spki = specification.key.spki();
  tbs.extensions = {pki::BasicConstraintsExtension(false), pki::KeyUsageExtension(KeyUsageOf(specification.usage)),
                    std::move(purpose), pki::SubjectKeyIdentifierExtension(specification.key.subject_public_key()),
                    pki::AuthorityKeyIdentifierExtension(issuer.certificate.subject_key_identifier())};
  return Sign(std::move(tbs), issuer.key);
}

}  // namespace engine::authority
