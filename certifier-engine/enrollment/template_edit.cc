#include "enrollment/template_edit.h"

#include "enrollment/state.h"
#include "policy/template_document.h"
#include "policy/text.h"
#include "service/log.h"

namespace engine::enrollment {

using result::Reason;

result::Result<HeldRequests::Judged> TemplateEdit::View(const store::RequestRecord& record) const {
  return parts_.held.Run(HeldRequests::Chain::kView, record, parts_.held.Standing(record));
}

result::Result<void> TemplateEdit::Save(std::int64_t request_id, std::uint32_t template_version,
                                        const certifier::v1::CertificateTemplate& edited,
                                        const std::string& edited_by) const {
  ASSIGN_OR_RETURN(const auto record, parts_.store.GetRequest(request_id));
  RETURN_IF_ERROR(Next(record.state, Event::kIssue));
  if (record.template_version != template_version) {
    return result::Fail(Reason::kConflict, "the template is of version " + std::to_string(record.template_version) +
                                               " by now; look at it again");
  }
  ASSIGN_OR_RETURN(const auto judged, parts_.held.Run(HeldRequests::Chain::kUpdate, record, {}, &edited));
  const policy::Evaluation& evaluation = judged.evaluation;
  const bool is_accepted = evaluation.verdict == policy::Verdict::kAccept;
  auto decision = parts_.held.Explained(
      record, judged, certifier::v1::CLASSIFICATION_EDIT,
      is_accepted ? certifier::v1::DECISION_OUTCOME_PENDING : certifier::v1::DECISION_OUTCOME_REJECTED, edited_by);
  if (!is_accepted) {
    if (!parts_.journal.Note(std::move(decision))) {
      return result::Fail(Reason::kUnavailable, "too many decisions wait to be written");
    }
    return result::Fail(Reason::kPolicyRefused, policy::ToString(evaluation.verdict) + " by " + evaluation.reason);
  }
  auto held_template = policy::WriteTemplate(evaluation.certificate);
  if (held_template == record.held_template) return {};
  RETURN_IF_ERROR(parts_.store.UpdateTemplate({record.request_id, record.csr_sha256, template_version,
                                               std::move(held_template), edited_by, std::move(decision)}));
  service::LogInfo("request_updated", {{"request_id", record.request_id},
                                       {"ca", record.ca},
                                       {"template_version", static_cast<std::int64_t>(template_version) + 1},
                                       {"updated_by", edited_by}});
  return {};
}

}  // namespace engine::enrollment
