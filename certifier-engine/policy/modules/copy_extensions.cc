#include <algorithm>

#include "policy/extension_kinds.h"
#include "policy/modules.h"
#include "policy/text.h"

namespace engine::policy {

namespace {

class CopyExtensions final : public Module {
 public:
  explicit CopyExtensions(std::vector<std::string> oids) : oids_(std::move(oids)) {}

  Finding Judge(const Facts& facts, Draft& draft) const override {
    std::vector<std::string> requested;
    Finding finding = Pass("");
    auto& copied = draft.certificate.copied_extensions;
    for (const auto& extension : facts.request.requested_extensions()) {
      requested.push_back(extension.oid);
      if (std::ranges::find(oids_, extension.oid) == oids_.end()) continue;
      // The first of a kind; RFC 5280 section 4.2 allows no second.
      if (std::ranges::find(copied, extension.oid, &pki::Extension::oid) != copied.end()) continue;
      copied.push_back(extension);
      finding.changes.push_back("copied_extensions: " + extension.oid);
    }
    finding.saw = requested.empty() ? "the request asks for no extension" : "the request asks for " + Joined(requested);
    return finding;
  }

 private:
  const std::vector<std::string> oids_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::CopyExtensions& parameters, Faults& faults) {
  auto oids = ReadOids(parameters.oids(), "oids", faults);
  faults.Require(!oids.empty(), "oids is empty");
  for (const auto& oid : oids) {
    faults.Require(MayBeCopied(oid), "oids: " + oid + " is written by another module, or by none");
  }
  return std::make_unique<CopyExtensions>(std::move(oids));
}

}  // namespace engine::policy
