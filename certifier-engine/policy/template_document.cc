#include "policy/template_document.h"

#include <algorithm>

#include "policy/evaluation.h"
#include "policy/extension_kinds.h"
#include "policy/name_set.h"
#include "policy/usages.h"

namespace engine::policy {

namespace {

using certifier::v1::CertificateTemplate;
using result::Reason;
using result::Result;

constexpr int kMostEntries = 256;

google::protobuf::Timestamp ToTimestamp(TimePoint time) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
  return timestamp;
}

// The system clock ends in 2262, and counting on would overflow.
Result<TimePoint> FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  constexpr auto kLast = std::chrono::duration_cast<std::chrono::seconds>(TimePoint::max().time_since_epoch());
  if (timestamp.seconds() < 0 || timestamp.seconds() > kLast.count()) {
    return result::Fail(Reason::kMalformed, "a time is before 1970 or after 2262");
  }
  return TimePoint(std::chrono::seconds(timestamp.seconds()));
}

Result<pki::Name> ReadSubject(const CertificateTemplate& document) {
  if (!document.subject_der().empty()) {
    ASSIGN_OR_RETURN(auto subject, pki::Name::Parse(document.subject_der()));
    if (subject.ToString() == document.subject()) return subject;
  }
  return pki::Name::FromString(document.subject());
}

std::vector<std::string> TextsOf(const std::vector<pki::GeneralName>& names) {
  std::vector<std::string> texts;
  for (const auto& name : names) texts.push_back(pki::ToString(name));
  return texts;
}

// Kinds that have no text of their own, such as otherName, are known by their DER only.
Result<void> ReadNames(const CertificateTemplate& document, issuance::CertificateTemplate& certificate) {
  if (!document.subject_alternative_names_der().empty()) {
    ASSIGN_OR_RETURN(auto names, pki::ParseGeneralNames(document.subject_alternative_names_der()));
    const auto& texts = document.subject_alternative_names();
    if (TextsOf(names) == std::vector<std::string>(texts.begin(), texts.end())) {
      certificate.alternative_names = std::move(names);
      return {};
    }
  }
  for (const auto& text : document.subject_alternative_names()) {
    auto name = pki::ParseGeneralName(text);
    if (!name || !IsOfItsKind(*name))
      return result::Fail(Reason::kMalformed, "\"" + text + "\" is no alternative name");
    certificate.alternative_names.push_back(*std::move(name));
  }
  return {};
}

Result<void> ReadUsages(const CertificateTemplate& document, issuance::CertificateTemplate& certificate) {
  for (const auto& name : document.key_usage()) {
    const auto bit = KeyUsageBit(name);
    if (!bit) return result::Fail(Reason::kMalformed, "\"" + name + "\" is no key usage of an end entity");
    certificate.key_usage |= *bit;
  }
  for (const auto& name : document.extended_key_usage()) {
    auto oid = PurposeOid(name);
    if (!oid) return result::Fail(Reason::kMalformed, "\"" + name + "\" is no purpose that a device may have");
    certificate.extended_key_usage.push_back(*std::move(oid));
  }
  return {};
}

Result<void> ReadExtensions(const CertificateTemplate& document, issuance::CertificateTemplate& certificate) {
  for (const auto& extension : document.extensions()) {
    if (!MayBeCopied(extension.oid())) {
      return result::Fail(Reason::kMalformed, "an extension " + extension.oid() + " may not be put into a template");
    }
    if (std::ranges::find(certificate.copied_extensions, extension.oid(), &pki::Extension::oid) !=
        certificate.copied_extensions.end()) {
      return result::Fail(Reason::kMalformed, "the extension " + extension.oid() + " is there twice");
    }
    certificate.copied_extensions.push_back({extension.oid(), extension.is_critical(), extension.value()});
  }
  Faults faults;
  certificate.ca_issuers = ReadUrls(document.ca_issuers(), "ca_issuers", faults);
  if (document.has_crl_distribution_point()) {
    certificate.crl_distribution_point =
        ReadUrls(document.crl_distribution_point().urls(), "crl_distribution_point", faults);
  }
  for (const auto& policy : document.certificate_policies().policies()) {
    faults.Require(IsOid(policy.oid()), "certificate_policies: \"" + policy.oid() + "\" is no dotted OID");
    certificate.certificate_policies.push_back({policy.oid(), policy.cps_uri()});
  }
  if (!certificate.certificate_policies.empty() &&
      !pki::CertificatePoliciesExtension(certificate.certificate_policies)) {
    faults.Add("certificate_policies hold what is none");
  }
  if (!faults.text().empty()) return result::Fail(Reason::kMalformed, faults.text());
  return {};
}

}  // namespace

CertificateTemplate ToProto(const issuance::CertificateTemplate& certificate) {
  CertificateTemplate document;
  document.set_subject(certificate.subject.ToString());
  document.set_subject_der(certificate.subject.der());
  for (auto& text : TextsOf(certificate.alternative_names)) document.add_subject_alternative_names(std::move(text));
  if (auto names = pki::EncodeGeneralNames(certificate.alternative_names);
      names && !certificate.alternative_names.empty()) {
    document.set_subject_alternative_names_der(*std::move(names));
  }
  for (auto& name : KeyUsageNames(certificate.key_usage)) document.add_key_usage(std::move(name));
  for (const auto& oid : certificate.extended_key_usage) document.add_extended_key_usage(PurposeName(oid));
  if (certificate.not_before) *document.mutable_not_before() = ToTimestamp(*certificate.not_before);
  if (certificate.not_after) *document.mutable_not_after() = ToTimestamp(*certificate.not_after);
  for (const auto& extension : certificate.copied_extensions) {
    auto& added = *document.add_extensions();
    added.set_oid(extension.oid);
    added.set_is_critical(extension.is_critical);
    added.set_value(extension.value);
  }
  for (const auto& url : certificate.ca_issuers) document.add_ca_issuers(url);
  if (certificate.crl_distribution_point) {
    auto& point = *document.mutable_crl_distribution_point();
    for (const auto& url : *certificate.crl_distribution_point) point.add_urls(url);
  }
  for (const auto& policy : certificate.certificate_policies) {
    auto& added = *document.mutable_certificate_policies()->add_policies();
    added.set_oid(policy.oid);
    added.set_cps_uri(policy.cps_uri);
  }
  return document;
}

Result<issuance::CertificateTemplate> FromProto(const CertificateTemplate& document,
                                                const pki::CertificateRequest& request) {
  auto certificate = Evaluator::Requested(request);
  const bool is_too_long = document.subject_alternative_names_size() > kMostEntries ||
                           document.extended_key_usage_size() > kMostEntries ||
                           document.extensions_size() > kMostEntries;
  if (is_too_long) return result::Fail(Reason::kMalformed, "a list has more than 256 entries");
  ASSIGN_OR_RETURN(certificate.subject, ReadSubject(document));
  certificate.alternative_names.clear();
  RETURN_IF_ERROR(ReadNames(document, certificate));
  RETURN_IF_ERROR(ReadUsages(document, certificate));
  RETURN_IF_ERROR(ReadExtensions(document, certificate));
  if (document.has_not_before()) {
    ASSIGN_OR_RETURN(certificate.not_before, FromTimestamp(document.not_before()));
  }
  if (document.has_not_after()) {
    ASSIGN_OR_RETURN(certificate.not_after, FromTimestamp(document.not_after()));
  }
  return certificate;
}

pki::Bytes WriteTemplate(const issuance::CertificateTemplate& certificate) {
  return ToProto(certificate).SerializeAsString();
}

Result<issuance::CertificateTemplate> ReadTemplate(pki::ByteView stored, const pki::CertificateRequest& request) {
  if (stored.empty()) return Evaluator::Requested(request);
  CertificateTemplate document;
  if (!document.ParseFromArray(stored.data(), static_cast<int>(stored.size()))) {
    return result::Fail(Reason::kInternal, "a stored template cannot be read");
  }
  return FromProto(document, request);
}

}  // namespace engine::policy
