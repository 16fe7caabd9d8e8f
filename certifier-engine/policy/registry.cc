#include "policy/modules.h"
#include "policy/parameterised_module.h"

namespace engine::policy {

namespace {

constexpr std::size_t kMostNoteOctets = 200;

ModulePtr MakeKind(const certifier::v1::Module& document, Faults& faults) {
  switch (document.kind_case()) {
    case certifier::v1::Module::kAcceptAll:
      return MakeModule(document.accept_all(), faults);
    case certifier::v1::Module::kDeny:
      return MakeModule(document.deny(), faults);
    case certifier::v1::Module::kRequireApproval:
      return MakeModule(document.require_approval(), faults);
    case certifier::v1::Module::kRequireEntity:
      return MakeModule(document.require_entity(), faults);
    case certifier::v1::Module::kRequireKey:
      return MakeModule(document.require_key(), faults);
    case certifier::v1::Module::kRequireSigner:
      return MakeModule(document.require_signer(), faults);
    case certifier::v1::Module::kActiveCertificateLimit:
      return MakeModule(document.active_certificate_limit(), faults);
    case certifier::v1::Module::kRequestRateLimit:
      return MakeModule(document.request_rate_limit(), faults);
    case certifier::v1::Module::kMatchSubject:
      return MakeModule(document.match_subject(), faults);
    case certifier::v1::Module::kSetSubject:
      return MakeModule(document.set_subject(), faults);
    case certifier::v1::Module::kMatchAlternativeNames:
      return MakeModule(document.match_alternative_names(), faults);
    case certifier::v1::Module::kSetAlternativeNames:
      return MakeModule(document.set_alternative_names(), faults);
    case certifier::v1::Module::kAllowedKeys:
      return MakeModule(document.allowed_keys(), faults);
    case certifier::v1::Module::kUniqueKey:
      return MakeModule(document.unique_key(), faults);
    case certifier::v1::Module::kSetValidity:
      return MakeModule(document.set_validity(), faults);
    case certifier::v1::Module::kSetKeyUsage:
      return MakeModule(document.set_key_usage(), faults);
    case certifier::v1::Module::kSetExtendedKeyUsage:
      return MakeModule(document.set_extended_key_usage(), faults);
    case certifier::v1::Module::kCopyExtensions:
      return MakeModule(document.copy_extensions(), faults);
    case certifier::v1::Module::kStripExtensions:
      return MakeModule(document.strip_extensions(), faults);
    case certifier::v1::Module::kAddCaIssuers:
      return MakeModule(document.add_ca_issuers(), faults);
    case certifier::v1::Module::kSetCrlDistributionPoint:
      return MakeModule(document.set_crl_distribution_point(), faults);
    case certifier::v1::Module::kSetCertificatePolicies:
      return MakeModule(document.set_certificate_policies(), faults);
    case certifier::v1::Module::kWebhook:
      return MakeModule(document.webhook(), faults);
    case certifier::v1::Module::KIND_NOT_SET:
      break;
  }
  faults.Add("there is no module in it");
  return MakeModule(certifier::v1::Deny(), faults);
}

}  // namespace

std::string_view NameOf(const certifier::v1::Module& document) {
  const auto* const oneof = certifier::v1::Module::descriptor()->FindOneofByName("kind");
  const auto* const field = document.GetReflection()->GetOneofFieldDescriptor(document, oneof);
  return field == nullptr ? std::string_view() : std::string_view(field->name());
}

ModulePtr MakeModule(const certifier::v1::Module& document, Faults& faults) {
  faults.Require(document.note().size() <= kMostNoteOctets, "note has more than 200 octets");
  auto module = MakeKind(document, faults);
  if (document.from_attributes().empty()) return module;
  return MakeParameterised(document, std::move(module), faults);
}

}  // namespace engine::policy
