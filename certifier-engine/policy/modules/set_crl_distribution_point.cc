#include "policy/extension_kinds.h"
#include "policy/modules.h"
#include "policy/text.h"

namespace engine::policy {

namespace {

class SetCrlDistributionPoint final : public Module {
 public:
  explicit SetCrlDistributionPoint(std::vector<std::string> urls) : urls_(std::move(urls)) {}

  Finding Judge(const Facts&, Draft& draft) const override {
    draft.certificate.crl_distribution_point = urls_;
    return Changed("sets where the CRL is", "crl_distribution_point: " + (urls_.empty() ? "none" : Joined(urls_)));
  }

 private:
  const std::vector<std::string> urls_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::SetCrlDistributionPoint& parameters, Faults& faults) {
  return std::make_unique<SetCrlDistributionPoint>(ReadUrls(parameters.urls(), "urls", faults));
}

}  // namespace engine::policy
