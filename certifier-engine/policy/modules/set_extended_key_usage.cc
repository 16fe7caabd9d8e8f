#include "policy/modules.h"
#include "policy/text.h"
#include "policy/usages.h"

namespace engine::policy {

namespace {

constexpr int kMostPurposes = 64;

class SetExtendedKeyUsage final : public Module {
 public:
  explicit SetExtendedKeyUsage(std::vector<std::string> purposes) : purposes_(std::move(purposes)) {}

  Finding Judge(const Facts&, Draft& draft) const override {
    draft.certificate.extended_key_usage = purposes_;
    std::vector<std::string> names;
    for (const auto& oid : purposes_) names.push_back(PurposeName(oid));
    return Changed("sets the purposes", "extended_key_usage: " + (names.empty() ? "none" : Joined(names)));
  }

 private:
  const std::vector<std::string> purposes_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::SetExtendedKeyUsage& parameters, Faults& faults) {
  std::vector<std::string> purposes;
  faults.Require(parameters.purposes_size() <= kMostPurposes, "purposes has more than 64 entries");
  for (const auto& name : parameters.purposes()) {
    auto oid = PurposeOid(name);
    faults.Require(oid.has_value(), "purposes: \"" + name + "\" is neither a known purpose nor a dotted OID, or one " +
                                        "that no device may have");
    if (oid) purposes.push_back(*std::move(oid));
  }
  return std::make_unique<SetExtendedKeyUsage>(std::move(purposes));
}

}  // namespace engine::policy
