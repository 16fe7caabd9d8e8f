#include <set>

#include "policy/extension_kinds.h"
#include "policy/modules.h"
#include "policy/text.h"

namespace engine::policy {

namespace {

constexpr int kMostPolicies = 16;
constexpr std::size_t kMostUriOctets = 1000;

class SetCertificatePolicies final : public Module {
 public:
  explicit SetCertificatePolicies(std::vector<pki::CertificatePolicy> policies) : policies_(std::move(policies)) {}

  Finding Judge(const Facts&, Draft& draft) const override {
    draft.certificate.certificate_policies = policies_;
    std::vector<std::string> oids;
    for (const auto& policy : policies_) oids.push_back(policy.oid);
    return Changed("sets the certificate policies", "certificate_policies: " + (oids.empty() ? "none" : Joined(oids)));
  }

 private:
  const std::vector<pki::CertificatePolicy> policies_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::SetCertificatePolicies& parameters, Faults& faults) {
  std::vector<pki::CertificatePolicy> policies;
  std::set<std::string> seen;
  faults.Require(parameters.policies_size() <= kMostPolicies, "policies has more than 16 entries");
  for (const auto& policy : parameters.policies()) {
    faults.Require(IsOid(policy.oid()), "policies: \"" + policy.oid() + "\" is no dotted OID");
    faults.Require(seen.insert(policy.oid()).second, "policies: " + policy.oid() + " is there twice");
    faults.Require(policy.cps_uri().size() <= kMostUriOctets, "policies: a cps_uri has more than 1000 octets");
    policies.push_back({policy.oid(), policy.cps_uri()});
  }
  faults.Require(policies.empty() || pki::CertificatePoliciesExtension(policies).has_value(),
                 "policies: a cps_uri is not printable ASCII");
  return std::make_unique<SetCertificatePolicies>(std::move(policies));
}

}  // namespace engine::policy
