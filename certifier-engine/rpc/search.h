#ifndef CERTIFIER_ENGINE_RPC_SEARCH_H
#define CERTIFIER_ENGINE_RPC_SEARCH_H

#include "certifier/v1/search.pb.h"
#include "result/result.h"
#include "store/search.h"

namespace engine::rpc {

// ParseTerms reads what a list is searched for; malformed, with what is wrong, beyond the bounds in search.proto, for a
// term without a letter or digit, for a control character, and for an asterisk after fewer than two characters or
// within a term.
result::Result<store::Terms> ParseTerms(const certifier::v1::Search& search);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_SEARCH_H
