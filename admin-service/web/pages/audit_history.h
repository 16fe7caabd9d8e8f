#ifndef CERTIFIER_ADMIN_SERVICE_WEB_PAGES_AUDIT_HISTORY_H
#define CERTIFIER_ADMIN_SERVICE_WEB_PAGES_AUDIT_HISTORY_H

#include "web/visit.h"

namespace web {

// AddHistory adds to an entity's model the newest audit events about it, as "history", and "history_path", where all of
// them are; or "history_problem", why they cannot be shown: the rest of the page can.
void AddHistory(Visit& visit, const std::string& entity, Model& model);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_PAGES_AUDIT_HISTORY_H
