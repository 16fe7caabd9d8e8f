#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_SCEP_SERVICE_RECORDS_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_SCEP_SERVICE_RECORDS_H

#include <pqxx/pqxx>

#include "store/postgres/work.h"
#include "store/scep_service.h"

namespace engine::store {

// ReadScepService reads the one row within `work`. kInternal for a text that the schema does not allow.
Result<ScepServiceRecord> ReadScepService(Work& work);

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_SCEP_SERVICE_RECORDS_H
