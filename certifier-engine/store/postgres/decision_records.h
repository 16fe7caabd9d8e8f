#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_RECORDS_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_RECORDS_H

#include <pqxx/pqxx>

#include "store/decision_store.h"

namespace engine::store {

// AddDecision writes a decision in the transaction that carries it out.
void AddDecision(pqxx::work& work, const NewDecision& decision);

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_DECISION_RECORDS_H
