#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_EXAMINATION_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_EXAMINATION_H

#include <optional>
#include <string>
#include <string_view>

#include "doctor/authority.h"
#include "doctor/capabilities.h"
#include "doctor/dialogue.h"
#include "doctor/doctor.h"
#include "doctor/report.h"

namespace doctor {

// Examination is what the checks share. Each Check adds its findings to the report, in a fixed order, and says with
// kSkipped what it could not do.
struct Examination {
  Dialogue& dialogue;
  const Settings& settings;
  Report& report;

  // Ask makes a call that names the CA, if one is named.
  result::Result<Answer> Ask(std::string_view operation) const {
    const auto& ca = settings.ca;
    return dialogue.Send({std::string(operation), ca.empty() ? std::nullopt : std::optional(ca), std::nullopt});
  }
};

// CheckReach is the first call, GetCACaps, and gives its answer; nothing where it is of no use to go on.
std::optional<Answer> CheckReach(const Examination& examination);
void CheckUnknownOperation(const Examination& examination);

// CheckCapabilities judges the answer to GetCACaps and gives what it offers.
Capabilities CheckCapabilities(const Examination& examination, const Answer& answer);

// CheckCaCertificates asks for GetCACert and gives what it says; nothing where no message can be sent to such a CA.
std::optional<Authority> CheckCaCertificates(const Examination& examination);
// CheckCaName compares GetCACert with and without `message`.
void CheckCaName(const Examination& examination, const Authority& authority);
void CheckNextCa(const Examination& examination, const Capabilities& capabilities, const Authority& authority);

class Correspondence;
// CheckOperation sends PKIOperations that must bring no certificate. Internal as Examine.
result::Result<void> CheckOperation(Correspondence& correspondence);
// CheckEnrolment gets a certificate with the challenge, once more by replay, and renews it. Internal as Examine.
result::Result<void> CheckEnrolment(Correspondence& correspondence);

}  // namespace doctor

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_EXAMINATION_H
