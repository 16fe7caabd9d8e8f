#include "web/search_form.h"

#include "web/visit.h"

namespace web {

namespace {

bool IsSome(const Request& form) {
  return form.Parameter("match") == "some";
}

}  // namespace

certifier::v1::Search SearchOf(const Request& form) {
  certifier::v1::Search search;
  search.set_terms(form.Parameter("words"));
  search.set_match(IsSome(form) ? certifier::v1::Search::MATCH_SOME : certifier::v1::Search::MATCH_ALL);
  return search;
}

void AddSearch(const Request& form, Model& model) {
  model["words"] = form.Parameter("words");
  model["is_some"] = IsSome(form);
}

std::string SearchQuery(const Request& form) {
  return "words=" + PathSegment(form.Parameter("words")) + "&match=" + (IsSome(form) ? "some" : "all");
}

}  // namespace web
