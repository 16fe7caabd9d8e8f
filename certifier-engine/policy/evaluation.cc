#include "policy/evaluation.h"

#include <algorithm>

#include "policy/extension_kinds.h"

namespace engine::policy {

namespace {

// What no module may have left undone or overdone, whatever the policy.
std::string FaultOf(const issuance::CertificateTemplate& certificate, const Facts& facts) {
  if (certificate.key_usage == 0) return "no module set the key usage";
  if ((certificate.key_usage & ~issuance::kEndEntityUsages) != 0) return "the key usage is not an end entity's";
  if (!certificate.not_after) return "no module set the validity";
  if (*certificate.not_after <= facts.now) return "the validity has ended";
  if (*certificate.not_after > facts.ca_not_after) return "the validity ends after the CA's";
  if (certificate.not_before && *certificate.not_before > facts.now) return "the validity has not begun";
  if (certificate.subject.is_empty() && certificate.alternative_names.empty()) {
    return "there is neither a subject nor an alternative name";
  }
  if (certificate.spki != facts.request.public_key().spki()) return "the key is not the request's";
  const auto is_foreign = [](const pki::Extension& extension) { return !MayBeCopied(extension.oid); };
  return std::ranges::any_of(certificate.copied_extensions, is_foreign) ? "an extension may not be copied" : "";
}

constexpr std::string_view kApproval = "approval";

void Hold(std::string missing, Evaluation& evaluation) {
  evaluation.verdict = Verdict::kHold;
  evaluation.reason = std::string(kApproval) + ": " + std::move(missing);
  evaluation.authorization.reset();
  evaluation.revokes.clear();
}

// "alice, bob have approved".
std::string ApproversOf(const Facts& facts) {
  std::string logins;
  for (const Approval& approval : facts.approvals) logins += (logins.empty() ? "" : ", ") + approval.login;
  return logins + (facts.approvals.size() == 1 ? " has approved" : " have approved");
}

Evaluation FromConclusion(Conclusion conclusion, Draft draft, std::vector<Step> steps) {
  Evaluation evaluation;
  evaluation.verdict = conclusion.verdict;
  evaluation.reason = std::move(conclusion.reason);
  evaluation.steps = std::move(steps);
  evaluation.certificate = std::move(draft.certificate);
  evaluation.terms = std::move(conclusion.terms);
  return evaluation;
}

}  // namespace

issuance::CertificateTemplate Evaluator::Requested(const pki::CertificateRequest& request) {
  issuance::CertificateTemplate certificate;
  certificate.subject = request.subject();
  certificate.alternative_names = request.alternative_names();
  certificate.spki = request.public_key().spki();
  certificate.subject_public_key = pki::Bytes(request.public_key().subject_public_key());
  return certificate;
}

Evaluation Evaluator::Conclude(const Policy& policy, const Facts& facts, Draft draft, std::vector<Step> steps,
                               std::vector<std::int64_t> revokes, const ApprovalTerms& terms) {
  draft.is_vouched_for = true;
  Conclusion conclusion = policy.accept_request.Run(facts, draft, steps);
  if (conclusion.verdict == Verdict::kAccept) {
    if (auto fault = FaultOf(draft.certificate, facts); !fault.empty()) {
      conclusion.verdict = Verdict::kDeny;
      conclusion.reason = "template: " + std::move(fault);
    }
  }
  // Both chains may name the same.
  revokes.insert(revokes.end(), conclusion.revokes.begin(), conclusion.revokes.end());
  std::ranges::sort(revokes);
  revokes.erase(std::unique(revokes.begin(), revokes.end()), revokes.end());
  Evaluation evaluation = FromConclusion(std::move(conclusion), std::move(draft), std::move(steps));
  store::AddTerms(evaluation.terms, terms);
  if (evaluation.verdict == Verdict::kAccept) {
    evaluation.revokes = std::move(revokes);
    evaluation.authorization.emplace(issuance::Authorization(facts.ca_id, evaluation.certificate));
  }
  return evaluation;
}

Evaluation Evaluator::Receive(const Policy& policy, const Facts& facts) {
  Draft draft = {Requested(facts.request), facts.key != nullptr};
  std::vector<Step> steps;
  Conclusion conclusion = policy.receive_request.Run(facts, draft, steps);
  if (conclusion.verdict != Verdict::kAccept) {
    return FromConclusion(std::move(conclusion), std::move(draft), std::move(steps));
  }
  return Conclude(policy, facts, std::move(draft), std::move(steps), std::move(conclusion.revokes), conclusion.terms);
}

Evaluation Evaluator::Accept(const Policy& policy, const Facts& facts, Held held) {
  if (facts.approvals.empty()) {
    Evaluation denied;
    denied.reason = "approval: no operator approved it";
    return denied;
  }
  // Whether the maker of the key suffices may be for accept_request to say.
  ApprovalTerms asked = held.terms;
  if (!asked.key_maker_may_approve_alone) asked.key_maker_may_approve_alone = true;
  if (std::string missing = MissingFrom(asked, facts.approvals, facts.key); !missing.empty()) {
    Evaluation waiting;
    waiting.steps.push_back({"", 0, kApproval, Verdict::kHold, missing, {}});
    waiting.certificate = std::move(held.certificate);
    waiting.terms = std::move(held.terms);
    Hold(std::move(missing), waiting);
    return waiting;
  }
  std::vector<Step> steps = {{"", 0, kApproval, Verdict::kPass, ApproversOf(facts), {}}};
  Evaluation evaluation =
      Conclude(policy, facts, {std::move(held.certificate), true}, std::move(steps), {}, held.terms);
  if (evaluation.verdict != Verdict::kAccept) return evaluation;
  std::string missing = MissingFrom(evaluation.terms, facts.approvals, facts.key);
  if (!missing.empty()) Hold(std::move(missing), evaluation);
  return evaluation;
}

Evaluation Evaluator::View(const Policy& policy, const Facts& facts, issuance::CertificateTemplate certificate) {
  Draft draft = {std::move(certificate), true};
  std::vector<Step> steps;
  Conclusion conclusion;
  conclusion.verdict = Verdict::kAccept;
  if (policy.view_request) conclusion = policy.view_request->Run(facts, draft, steps);
  return FromConclusion(std::move(conclusion), std::move(draft), std::move(steps));
}

Evaluation Evaluator::Update(const Policy& policy, const Facts& facts, issuance::CertificateTemplate certificate) {
  Draft draft = {std::move(certificate), true};
  std::vector<Step> steps;
  Conclusion conclusion;
  conclusion.reason = "update_request: the policy has no such chain";
  if (policy.update_request) conclusion = policy.update_request->Run(facts, draft, steps);
  return FromConclusion(std::move(conclusion), std::move(draft), std::move(steps));
}

}  // namespace engine::policy
