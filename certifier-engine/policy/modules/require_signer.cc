#include "policy/modules.h"
#include "policy/renewal.h"

namespace engine::policy {

namespace {

class RequireSigner final : public Module {
 public:
  struct Verdicts {
    Verdict then, otherwise, unfit;
  };
  RequireSigner(const RenewalRule& rule, const Verdicts& verdicts) : rule_(rule), verdicts_(verdicts) {}

  Finding Judge(const Facts& facts, Draft& draft) const override {
    if (facts.signer == nullptr)
      return Say(verdicts_.otherwise, "the message was not signed with a certificate of ours");
    if (const auto fault = RenewalFault(*facts.signer, facts.request, facts.now, rule_)) {
      return Say(verdicts_.unfit, std::string(*fault));
    }
    draft.is_vouched_for = true;
    return Say(verdicts_.then, "a certificate of ours entitles to a successor");
  }

 private:
  const RenewalRule rule_;
  const Verdicts verdicts_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::RequireSigner& parameters, Faults& faults) {
  const RequireSigner::Verdicts verdicts = {VerdictOr(parameters.then(), Verdict::kPass, "then", faults),
                                            VerdictOr(parameters.otherwise(), Verdict::kDeny, "otherwise", faults),
                                            VerdictOr(parameters.unfit(), Verdict::kDeny, "unfit", faults)};
  return std::make_unique<RequireSigner>(ReadRenewalRule(parameters, faults), verdicts);
}

}  // namespace engine::policy
