#ifndef CERTIFIER_ADMIN_SERVICE_CTL_SEARCH_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_SEARCH_ARGUMENTS_H

#include <string>

#include "certifier/v1/search.pb.h"

namespace ctl {

// Search says what a list is searched for.
struct Search {
  std::string terms;
  bool is_some = false;  // One of the terms is enough.
};

inline void Fill(const Search& search, certifier::v1::Search& filled) {
  filled.set_terms(search.terms);
  filled.set_match(search.is_some ? certifier::v1::Search::MATCH_SOME : certifier::v1::Search::MATCH_ALL);
}

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_SEARCH_ARGUMENTS_H
