#include "policy/modules.h"

namespace engine::policy {

namespace {

Decision DecisionFor(const Policy& policy, const std::optional<Voucher>& voucher) {
  if (!voucher) return policy.without_key;
  return voucher->is_renewal ? policy.renewal.decision : policy.with_key;
}

}  // namespace

Finding JudgeVouching(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate&) {
  const auto& voucher = facts.voucher;
  switch (DecisionFor(policy, voucher)) {
    case Decision::kIssue:
      // A document that says so is not valid; that it is refused here too keeps the promise when one slips in.
      if (!voucher) return Refuse("nobody vouches for the device");
      return {Finding::Kind::kAccept, voucher->is_renewal ? "its certificate vouches" : "a valid key vouches"};
    case Decision::kHold:
      return {Finding::Kind::kHold, "an operator decides"};
    case Decision::kRefuse:
      break;
  }
  if (!voucher) return Refuse("requests without a key are refused");
  return Refuse(voucher->is_renewal ? "renewals are refused" : "requests with a key are refused");
}

}  // namespace engine::policy
