#include "policy/modules.h"
#include "policy/text.h"
#include "policy/usages.h"

namespace engine::policy {

namespace {

class SetKeyUsage final : public Module {
 public:
  explicit SetKeyUsage(unsigned usages) : usages_(usages) {}

  Finding Judge(const Facts& facts, Draft& draft) const override {
    const pki::PublicKey& key = facts.request.public_key();
    const unsigned usages = usages_ & ~ImpossibleUsages(key.type());
    if (usages == 0) return Deny(key.ToString() + " can do nothing of " + Joined(KeyUsageNames(usages_)));
    draft.certificate.key_usage = usages;
    return Changed("the key is " + key.ToString(), "key_usage: " + Joined(KeyUsageNames(usages)));
  }

 private:
  const unsigned usages_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::SetKeyUsage& parameters, Faults& faults) {
  unsigned usages = 0;
  faults.Require(!parameters.usages().empty(), "usages is empty");
  for (const auto& name : parameters.usages()) {
    const auto bit = KeyUsageBit(name);
    faults.Require(bit.has_value(), "usages: \"" + name + "\" is not one that an end entity may have");
    usages |= bit.value_or(0);
  }
  return std::make_unique<SetKeyUsage>(usages);
}

}  // namespace engine::policy
