#include "policy/modules.h"

namespace engine::policy {

namespace {

class AcceptAll final : public Module {
 public:
  explicit AcceptAll(bool without_voucher) : without_voucher_(without_voucher) {}

  Finding Judge(const Facts&, Draft& draft) const override {
    draft.is_vouched_for = draft.is_vouched_for || without_voucher_;
    return Say(Verdict::kAccept, "accepts all");
  }

 private:
  const bool without_voucher_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::AcceptAll& parameters, Faults&) {
  return std::make_unique<AcceptAll>(parameters.without_voucher());
}

}  // namespace engine::policy
