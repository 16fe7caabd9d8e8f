#include "policy/modules.h"

namespace engine::policy {

namespace {

class RequireKey final : public Module {
 public:
  RequireKey(Verdict then, Verdict otherwise) : then_(then), otherwise_(otherwise) {}

  Finding Judge(const Facts& facts, Draft&) const override {
    if (facts.key == nullptr) return Say(otherwise_, "the request has no pre-shared key");
    return Say(then_, "key " + facts.key->reference_number + " is valid");
  }

 private:
  const Verdict then_, otherwise_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::RequireKey& parameters, Faults& faults) {
  const Verdict then = VerdictOr(parameters.then(), Verdict::kPass, "then", faults);
  return std::make_unique<RequireKey>(then, VerdictOr(parameters.otherwise(), Verdict::kDeny, "otherwise", faults));
}

}  // namespace engine::policy
