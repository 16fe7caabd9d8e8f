#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_REQUEST_STATES_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_REQUEST_STATES_H

#include <string_view>

#include "store/types.h"

namespace engine::store {

// The states as the column `requests.state` has them.
std::string_view ToText(RequestState state);
// Internal for a text that the schema does not allow.
Result<RequestState> RequestStateFromText(std::string_view text);

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_REQUEST_STATES_H
