#include "issuance/certificate_issuer.h"

#include <algorithm>
#include <set>

#include "authority/ca_certificate.h"
#include "pki/certificate.h"

namespace engine::issuance {

namespace {

result::Result<void> CheckAuthorized(const authority::CertificationAuthority& ca, const Authorization& authorization) {
  if (authorization.ca_id() != ca.ca_id) {
    return result::Fail(result::Reason::kInternal, "the authorization is for another CA");
  }
  const unsigned key_usage = authorization.certificate().key_usage;
  if (key_usage == 0 || (key_usage & ~kEndEntityUsages) != 0) {
    return result::Fail(result::Reason::kInternal, "the template's key usage is not an end entity's");
  }
  return {};
}

// Where the CRL and the CA's certificate are: by the CA's public URL, as far as the template has nothing else to say.
std::vector<pki::Extension> PublishedExtensions(const CertificateTemplate& certificate,
                                                const authority::CertificationAuthority& ca) {
  authority::PublishedUrls urls = authority::UrlsOf(ca);
  if (certificate.crl_distribution_point) urls.crl = *certificate.crl_distribution_point;
  urls.ca_issuers.insert(urls.ca_issuers.end(), certificate.ca_issuers.begin(), certificate.ca_issuers.end());
  return authority::PublishedExtensions(urls);
}

result::Result<void> AddOptional(const CertificateTemplate& certificate, std::vector<pki::Extension>& extensions) {
  if (!certificate.extended_key_usage.empty()) {
    ASSIGN_OR_RETURN(auto usage, pki::ExtendedKeyUsageExtension(certificate.extended_key_usage));
    extensions.push_back(std::move(usage));
  }
  if (!certificate.alternative_names.empty()) {
    ASSIGN_OR_RETURN(auto names, pki::EncodeGeneralNames(certificate.alternative_names));
    extensions.push_back(
        {std::string(pki::kSubjectAlternativeNameOid), certificate.subject.is_empty(), std::move(names)});
  }
  if (!certificate.certificate_policies.empty()) {
    ASSIGN_OR_RETURN(auto policies, pki::CertificatePoliciesExtension(certificate.certificate_policies));
    extensions.push_back(std::move(policies));
  }
  extensions.insert(extensions.end(), certificate.copied_extensions.begin(), certificate.copied_extensions.end());
  return {};
}

result::Result<std::vector<pki::Extension>> ExtensionsOf(const CertificateTemplate& certificate,
                                                         const authority::CertificationAuthority& ca) {
  std::vector<pki::Extension> extensions = {pki::BasicConstraintsExtension(false),
                                            pki::KeyUsageExtension(certificate.key_usage),
                                            pki::SubjectKeyIdentifierExtension(certificate.subject_public_key),
                                            pki::AuthorityKeyIdentifierExtension(ca.key_identifier)};
  for (auto& extension : PublishedExtensions(certificate, ca)) extensions.push_back(std::move(extension));
  RETURN_IF_ERROR(AddOptional(certificate, extensions));
  // RFC 5280 section 4.2 allows one of a kind.
  std::set<std::string_view> kinds;
  for (const auto& extension : extensions) {
    if (!kinds.insert(extension.oid).second) {
      return result::Fail(result::Reason::kInternal, "the template has two extensions " + extension.oid);
    }
  }
  return extensions;
}

std::vector<std::string> NamesOf(const CertificateTemplate& certificate) {
  std::vector<std::string> names = {certificate.subject.ToString()};
  for (const auto& name : certificate.alternative_names) names.push_back(pki::ToString(name));
  return names;
}

}  // namespace

result::Result<store::NewCertificate> CertificateIssuer::Issue(const authority::CertificationAuthority& ca,
                                                               Authorization&& authorization, TimePoint now) const {
  // Consumed here, whatever comes of it.
  const Authorization consumed = std::move(authorization);
  const CertificateTemplate& certificate = consumed.certificate();
  RETURN_IF_ERROR(CheckAuthorized(ca, consumed));
  const TimePoint not_before = std::max(certificate.not_before.value_or(now - backdating_), ca.not_before);
  const TimePoint not_after = std::min(certificate.not_after.value_or(now), ca.not_after);
  if (not_after <= now) return result::Fail(result::Reason::kBadTime, "the CA certificate or the validity has ended");

  ASSIGN_OR_RETURN(auto serial_number, pki::RandomSerialNumber());
  ASSIGN_OR_RETURN(auto extensions, ExtensionsOf(certificate, ca));
  const pki::TbsCertificate tbs = {serial_number,
                                   pki::Bytes(ca.certificate.subject()),
                                   certificate.subject.der(),
                                   not_before,
                                   not_after,
                                   certificate.spki,
                                   std::move(extensions)};
  ASSIGN_OR_RETURN(auto der, pki::SignCertificate(tbs, *ca.key, ca.digest));
  return store::NewCertificate{ca.ca_generation_id, std::move(serial_number.octets),
                               std::move(der),      not_before,
                               not_after,           NamesOf(certificate)};
}

}  // namespace engine::issuance
