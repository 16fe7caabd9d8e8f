#include "policy/modules.h"

namespace engine::policy {

Finding JudgeVouching(const Policy& policy, const RequestFacts& facts, issuance::CertificateTemplate&) {
  const bool has_voucher = facts.voucher.has_value();
  switch (has_voucher ? policy.with_key : policy.without_key) {
    case Decision::kIssue:
      // A document that says so is not valid; that it is refused here too keeps the promise when one slips in.
      if (!has_voucher) return Refuse("nobody vouches for the device");
      return {Finding::Kind::kAccept, "a valid key vouches"};
    case Decision::kHold:
      return {Finding::Kind::kHold, "an operator decides"};
    case Decision::kRefuse:
      break;
  }
  return Refuse(has_voucher ? "requests with a key are refused" : "requests without a key are refused");
}

}  // namespace engine::policy
