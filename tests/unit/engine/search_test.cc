#include "rpc/search.h"

#include <catch2/catch.hpp>

namespace engine::rpc {
namespace {

using Words = std::vector<std::string>;

certifier::v1::Search SearchFor(const std::string& terms, bool is_some = false) {
  certifier::v1::Search search;
  search.set_terms(terms);
  if (is_some) search.set_match(certifier::v1::Search::MATCH_SOME);
  return search;
}

TEST_CASE("terms are required, or optional where some are enough", "[engine][search]") {
  const auto all = ParseTerms(SearchFor("  gw-17\tO=Acme\n+x -y "));
  REQUIRE(all);
  CHECK(all->required == Words{"gw-17", "O=Acme", "x"});
  CHECK(all->optional.empty());
  CHECK(all->excluded == Words{"y"});
  const auto some = ParseTerms(SearchFor("gw-17 O=Acme +x -y", true));
  REQUIRE(some);
  CHECK(some->required == Words{"x"});
  CHECK(some->optional == Words{"gw-17", "O=Acme"});
  CHECK(some->excluded == Words{"y"});
  CHECK(ParseTerms(SearchFor(" "))->empty());
  CHECK(ParseTerms(SearchFor("Zo\xc3\xab \xc3\xab"))->required.size() == 2);
}

TEST_CASE("what is no search is refused with the reason", "[engine][search]") {
  using Case = std::pair<std::string, std::string>;
  const auto [text, why] =
      GENERATE(Case{"+", "letter or a digit"}, Case{"-", "letter or a digit"}, Case{"a --", "letter or a digit"},
               Case{"*", "letter or a digit"}, Case{"=,=", "letter or a digit"}, Case{"a*", "at least two"},
               Case{"a*b", "at least two"}, Case{"ab**", "at least two"}, Case{"ab.*", "at least two"},
               Case{"a\x1f"
                    "b",
                    "control"},
               Case{std::string("a\0b", 3), "control"}, Case{"a\x7f", "control"}, Case{std::string(201, 'a'), "200"});
  CAPTURE(text);
  const auto terms = ParseTerms(SearchFor(text));
  REQUIRE_FALSE(terms);
  CHECK(terms.error().reason == result::Reason::kMalformed);
  CHECK(terms.error().detail.find(why) != std::string::npos);
}

TEST_CASE("a search has 16 terms of 200 octets at most", "[engine][search]") {
  std::string text;
  for (int i = 0; i < 16; ++i) text += std::string(200, 'a') + " ";
  CHECK(ParseTerms(SearchFor(text))->required.size() == 16);
  const auto over = ParseTerms(SearchFor(text + "-b"));
  REQUIRE_FALSE(over);
  CHECK(over.error().detail.find("16") != std::string::npos);
  CHECK(ParseTerms(SearchFor("ab*"))->required == Words{"ab*"});
}

}  // namespace
}  // namespace engine::rpc
