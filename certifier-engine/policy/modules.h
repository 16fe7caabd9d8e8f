#ifndef CERTIFIER_ENGINE_POLICY_MODULES_H
#define CERTIFIER_ENGINE_POLICY_MODULES_H

#include "certifier/v1/policy_document.pb.h"
#include "policy/faults.h"
#include "policy/module.h"

namespace engine::policy {

// The modules, one file each, named as their field of certifier.v1.Module. MakeModule reads the parameters of one; what
// is wrong with them goes to `faults`, and the module that comes back then is not to be used.
ModulePtr MakeModule(const certifier::v1::AcceptAll& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::ActiveCertificateLimit& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::AddCaIssuers& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::AllowedKeys& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::CopyExtensions& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::Deny& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::MatchAlternativeNames& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::MatchSubject& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::RequestRateLimit& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::RequireApproval& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::RequireEntity& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::RequireKey& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::RequireSigner& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::SetAlternativeNames& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::SetCertificatePolicies& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::SetCrlDistributionPoint& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::SetExtendedKeyUsage& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::SetKeyUsage& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::SetSubject& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::SetValidity& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::StripExtensions& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::UniqueKey& parameters, Faults& faults);
ModulePtr MakeModule(const certifier::v1::Webhook& parameters, Faults& faults);

// MakeModule reads a module of a document, whichever it is, with its from_attributes.
ModulePtr MakeModule(const certifier::v1::Module& document, Faults& faults);

// NameOf is the name of its field in certifier.v1.Module, for ever; empty where none is set.
std::string_view NameOf(const certifier::v1::Module& document);

// Parameter readers that modules share.
// VerdictOr reads a verdict, `otherwise` where it is unspecified.
Verdict VerdictOr(certifier::v1::Verdict verdict, Verdict otherwise, std::string_view parameter, Faults& faults);
// ReadPatterns checks a list of patterns: at most 64, of 1 to 255 octets each.
std::vector<std::string> ReadPatterns(const google::protobuf::RepeatedPtrField<std::string>& patterns,
                                      std::string_view parameter, Faults& faults);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_MODULES_H
