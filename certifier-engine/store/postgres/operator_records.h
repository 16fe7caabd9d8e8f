#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_OPERATOR_RECORDS_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_OPERATOR_RECORDS_H

#include <pqxx/pqxx>

#include "store/operator_store.h"

namespace engine::store {

// OperatorOf reads the columns of CERTIFIER_OPERATOR_COLUMNS. Internal for what the schema does not allow.
Result<OperatorRecord> OperatorOf(const pqxx::row& row);

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_OPERATOR_RECORDS_H
