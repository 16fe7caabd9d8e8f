#include "policy/modules.h"

namespace engine::policy {

namespace {

constexpr std::size_t kMostReasonOctets = 200;

class DenyAll final : public Module {
 public:
  explicit DenyAll(std::string reason) : reason_(std::move(reason)) {}

  Finding Judge(const Facts&, Draft&) const override { return Deny(reason_.empty() ? "denies all" : reason_); }

 private:
  const std::string reason_;
};

}  // namespace

ModulePtr MakeModule(const certifier::v1::Deny& parameters, Faults& faults) {
  faults.Require(parameters.reason().size() <= kMostReasonOctets, "reason has more than 200 octets");
  return std::make_unique<DenyAll>(parameters.reason());
}

}  // namespace engine::policy
