#ifndef CERTIFIER_ENGINE_OPERATORS_SPECIFICATION_H
#define CERTIFIER_ENGINE_OPERATORS_SPECIFICATION_H

#include <string_view>

#include "store/operator_store.h"

namespace engine::operators {

inline constexpr std::size_t kMostLoginCharacters = 128;

// IsLogin tells whether any operator could have this login: 1 to 128 characters of printable ASCII without spaces.
bool IsLogin(std::string_view login);

// CheckOperator and CheckChange say what may not be so of a new operator and of a change to one, but for passwords:
// malformed.
result::Result<void> CheckOperator(const store::NewOperator& created);
result::Result<void> CheckChange(const store::OperatorChange& change);

}  // namespace engine::operators

#endif  // CERTIFIER_ENGINE_OPERATORS_SPECIFICATION_H
