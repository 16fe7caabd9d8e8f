#include "policy/modules.h"

namespace engine::policy {

namespace {

using Parameters = certifier::v1::UniqueKey;

class UniqueKey final : public Module {
 public:
  UniqueKey(bool is_for_all, Verdict otherwise) : is_for_all_(is_for_all), otherwise_(otherwise) {}

  Finding Judge(const Facts& facts, Draft&) const override {
    switch (facts.key_use) {
      case KeyUse::kNobody:
        return Pass("nobody has this public key");
      case KeyUse::kSameEntity:
        return Say(is_for_all_ ? otherwise_ : Verdict::kPass, "the same entity has this public key already");
      case KeyUse::kOthers:
        break;
    }
    return Say(otherwise_, "somebody else has this public key already");
  }

 private:
  const bool is_for_all_;
  const Verdict otherwise_;
};

}  // namespace

ModulePtr MakeModule(const Parameters& parameters, Faults& faults) {
  faults.Require(Parameters::Scope_IsValid(parameters.scope()), "scope is none of its values");
  const bool is_for_all = parameters.scope() == Parameters::SCOPE_ALL;
  return std::make_unique<UniqueKey>(is_for_all,
                                     VerdictOr(parameters.otherwise(), Verdict::kDeny, "otherwise", faults));
}

}  // namespace engine::policy
