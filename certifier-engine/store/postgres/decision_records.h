#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_RECORDS_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_RECORDS_H

#include <pqxx/pqxx>

#include "store/decision_store.h"
#include "store/postgres/work.h"

namespace engine::store {

// AddDecision writes a decision in the transaction that carries it out.
void AddDecision(Work& work, const NewDecision& decision);

// DecisionOf reads columns record, request_id, message_count and last_at.
StoredDecision DecisionOf(const pqxx::row& row);

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_RECORDS_H
