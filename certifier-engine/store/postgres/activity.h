#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_ACTIVITY_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_ACTIVITY_H

#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "store/enrollment_store.h"
#include "store/postgres/session.h"
#include "store/postgres/work.h"

namespace engine::store {

// FindActivity answers a batch of questions, in their order.
Result<std::vector<Activity>> FindActivity(Session& session, const std::vector<const ActivityQuery*>& queries);
Result<Activity> FindActivity(Work& work, const ActivityQuery& query);

// LocksOf names what is locked before a judgement is checked and recorded.
std::vector<std::string> LocksOf(const ActivityQuery& query);

// CheckSteps lock and check what the requests were judged on; none where nothing was. They fail as conflict where
// another answer stands by now.
std::vector<Session::Step> CheckSteps(const std::vector<const NewRequest*>& requests);
// SupersedeSteps follow the one that writes the requests.
std::vector<Session::Step> SupersedeSteps(const std::vector<const NewRequest*>& requests);

// CheckActivity is CheckSteps for one judgement.
Result<void> CheckActivity(Work& work, const JudgedActivity& judged);
// Supersede revokes certificates in favour of one that was added before.
void Supersede(Work& work, const std::vector<std::int64_t>& certificates, const NewCertificate& successor,
               const std::string& revoked_by);

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_ACTIVITY_H
