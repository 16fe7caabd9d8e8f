#include <algorithm>

#include "policy/extension_kinds.h"
#include "policy/modules.h"

namespace engine::policy {

namespace {

class AddCaIssuers final : public Module {
 public:
  explicit AddCaIssuers(std::vector<std::string> urls) : urls_(std::move(urls)) {}

  Finding Judge(const Facts&, Draft& draft) const override {
    auto& urls = draft.certificate.ca_issuers;
    Finding finding = Pass("the template had " + std::to_string(urls.size()) + " caIssuers of its own");
    for (const auto& url : urls_) {
      if (std::ranges::find(urls, url) != urls.end()) continue;
      if (urls.size() == kMostUrls) return Deny("the template has 8 caIssuers already");
      urls.push_back(url);
      finding.changes.push_back("ca_issuers: " + url);
    }
    return finding;
  }

 private:
  const std::vector<std::string> urls_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::AddCaIssuers& parameters, Faults& faults) {
  faults.Require(!parameters.urls().empty(), "urls is empty");
  return std::make_unique<AddCaIssuers>(ReadUrls(parameters.urls(), "urls", faults));
}

}  // namespace engine::policy
