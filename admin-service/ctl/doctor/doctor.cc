#include "doctor/doctor.h"

#include "doctor/correspondence.h"
#include "doctor/examination.h"

namespace doctor {

result::Result<Report> Examine(Transport& transport, const Settings& settings) {
  Report report(settings.heard);
  Dialogue dialogue(transport);
  const Examination examination{dialogue, settings, report};
  const auto capabilities_answer = CheckReach(examination);
  if (!capabilities_answer.has_value()) {
    report.Add(Skipped("everything-else", "nothing to be asked"));
    return report;
  }
  CheckUnknownOperation(examination);
  const Capabilities capabilities = CheckCapabilities(examination, *capabilities_answer);
  const auto authority = CheckCaCertificates(examination);
  if (!authority.has_value()) {
    report.Add(Skipped("everything-else", "no CA certificate to encrypt a message to"));
    return report;
  }
  CheckCaName(examination, *authority);
  CheckNextCa(examination, capabilities, *authority);
  Correspondence correspondence(examination, capabilities, *authority);
  RETURN_IF_ERROR(CheckOperation(correspondence));
  RETURN_IF_ERROR(CheckEnrolment(correspondence));
  report.Add(correspondence.FormFindings());
  return report;
}

}  // namespace doctor
