#ifndef CERTIFIER_ADMIN_SERVICE_WEB_SEARCH_FORM_H
#define CERTIFIER_ADMIN_SERVICE_WEB_SEARCH_FORM_H

#include <string>

#include "certifier/v1/search.pb.h"
#include "web/http_message.h"
#include "web/templates.h"

namespace web {

// SearchOf reads the fields "words" (+must -mustnot other) and "match" ("some", or else all of the others).
certifier::v1::Search SearchOf(const Request& form);

// AddSearch gives the same fields to the part _search_fields: "words" and "is_some".
void AddSearch(const Request& form, Model& model);

// SearchQuery is them in a query of a URL: "words=...&match=...".
std::string SearchQuery(const Request& form);

// WordsOf are the words of a name as a search takes them, so that what has the name is among what is found: without
// what a search takes for a sign of its own, and without what is no word. Empty where nothing is left of it.
std::string WordsOf(const std::string& name);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_SEARCH_FORM_H
