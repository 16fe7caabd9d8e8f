#include "web/search_form.h"

#include <algorithm>
#include <sstream>

#include "web/visit.h"

namespace web {

namespace {

bool IsSome(const Request& form) {
  return form.Parameter("match") == "some";
}

// As the engine bounds a search (Search in search.proto).
constexpr std::size_t kMostTerms = 16, kMostTermOctets = 200;

// What is no ASCII is a letter.
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
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

std::string WordsOf(const std::string& name) {
  std::string plain = name;
  std::ranges::replace(plain, '*', ' ');
  std::istringstream terms(plain);
  std::string words;
  std::size_t count = 0;
  for (std::string term; count < kMostTerms && terms >> term;) {
    const auto first = std::ranges::find_if_not(term, [](char c) { return c == '+' || c == '-'; });
    term.erase(term.begin(), first);
    if (term.size() > kMostTermOctets || std::ranges::none_of(term, IsLetter)) continue;
    words.append(words.empty() ? "" : " ").append(term);
    ++count;
  }
  return words;
}

}  // namespace web
