#include "rpc/search.h"

#include <algorithm>
#include <string_view>

namespace engine::rpc {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kMostTerms = 16;
constexpr std::size_t kMostTermOctets = 200;
constexpr std::size_t kFewestBeforeAsterisk = 2;

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Of a word; what is no ASCII is a letter.
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
}

result::Result<void> CheckTerm(std::string_view term) {
  if (term.size() > kMostTermOctets) return Fail(Reason::kMalformed, "a term of a search has at most 200 octets");
  const std::string_view text = term.substr(0, term.find('*'));
  if (std::ranges::none_of(text, IsLetter)) {
    return Fail(Reason::kMalformed, "each term of a search has a letter or a digit");
  }
  if (std::ranges::any_of(term, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; })) {
    return Fail(Reason::kMalformed, "a search has no control characters");
  }
  if (text.size() == term.size()) return {};
  const bool is_at_end = text.size() + 1 == term.size();
  if (is_at_end && text.size() >= kFewestBeforeAsterisk && IsLetter(text.back())) return {};
  return Fail(Reason::kMalformed, "an asterisk ends a term of a search, after at least two characters, such as gw-1*");
}

}  // namespace

result::Result<store::Terms> ParseTerms(const certifier::v1::Search& search) {
  const std::string_view text = search.terms();
  store::Terms terms;
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    if (IsSpace(text[begin])) {
      ++begin;
      continue;
    }
    const auto end = static_cast<std::size_t>(std::find_if(text.begin() + begin, text.end(), IsSpace) - text.begin());
    std::string_view term = text.substr(begin, end - begin);
    begin = end;
    const bool is_some = search.match() == certifier::v1::Search::MATCH_SOME;
    auto* list = is_some ? &terms.optional : &terms.required;
    if (term.starts_with('+') || term.starts_with('-')) {
      list = term.starts_with('+') ? &terms.required : &terms.excluded;
      term.remove_prefix(1);
    }
    RETURN_IF_ERROR(CheckTerm(term));
    if (++count > kMostTerms) return Fail(Reason::kMalformed, "a search has at most 16 terms");
    list->emplace_back(term);
  }
  return terms;
}

}  // namespace engine::rpc
