#include <algorithm>

#include "policy/extension_kinds.h"
#include "policy/modules.h"

namespace engine::policy {

namespace {

class StripExtensions final : public Module {
 public:
  explicit StripExtensions(std::vector<std::string> oids) : oids_(std::move(oids)) {}

  Finding Judge(const Facts&, Draft& draft) const override {
    auto& copied = draft.certificate.copied_extensions;
    Finding finding = Pass("the template has " + std::to_string(copied.size()) + " extensions of the request");
    std::erase_if(copied, [&](const pki::Extension& extension) {
      const bool goes = oids_.empty() || std::ranges::find(oids_, extension.oid) != oids_.end();
      if (goes) finding.changes.push_back("copied_extensions: without " + extension.oid);
      return goes;
    });
    return finding;
  }

 private:
  const std::vector<std::string> oids_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::StripExtensions& parameters, Faults& faults) {
  return std::make_unique<StripExtensions>(ReadOids(parameters.oids(), "oids", faults));
}

}  // namespace engine::policy
