#ifndef CERTIFIER_ADMIN_SERVICE_WEB_PAGES_REPORTS_H
#define CERTIFIER_ADMIN_SERVICE_WEB_PAGES_REPORTS_H

#include "certifier/v1/report.pb.h"
#include "web/visit.h"

namespace web {

// Parts of pages that show a report. Each adds what its part needs to `model`; where the engine does not tell, the part
// says why ("problem"), and the page is shown all the same.

// AddFailures adds "failures", at most `size` of them, the newest.
void AddFailures(Visit& visit, std::uint32_t size, Model& model);
// AddOverdue adds "overdue", certificates that should have been renewed.
void AddOverdue(Visit& visit, std::uint32_t size, Model& model);
// AddExpiring adds "expiring", keys that expire within a day.
void AddExpiring(Visit& visit, std::uint32_t size, Model& model);
// AddIssuance adds "issuance": a bar for each hour of the last two days, as _issuance.mustache draws them.
void AddIssuance(Visit& visit, Model& model);

// FailureModels are rows for _failure_rows.mustache.
Model FailureModels(const certifier::v1::ListFailuresResponse& listed);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_PAGES_REPORTS_H
