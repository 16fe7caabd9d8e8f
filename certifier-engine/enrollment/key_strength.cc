#include "enrollment/key_strength.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>

#include "pki/secret.h"

namespace engine::enrollment {

namespace {

// Shorter names are found in any value by chance.
constexpr std::size_t kLeastNameCharacters = 3;
// Keyboard rows among them, as people take those for random.
constexpr std::array<std::string_view, 16> kWords = {
    "certifier", "challenge", "password", "passwort", "passw0rd", "changeme", "default", "welcome",
    "letmein",   "secret",    "qwertz",   "qwerty",   "asdfgh",   "admin",    "cisco",   "scep"};

bool IsPrintable(char character) {
  return character >= 0x20 && character < 0x7f;
}

bool IsBetween(char character, char first, char last) {
  return character >= first && character <= last;
}

char ToSmall(char character) {
  return IsBetween(character, 'A', 'Z') ? static_cast<char>(character - 'A' + 'a') : character;
}

pki::Bytes Small(std::string_view text) {
  pki::Bytes small(text);
  std::ranges::transform(small, small.begin(), ToSmall);
  return small;
}

std::size_t CountKinds(std::string_view value) {
  std::bitset<4> kinds;
  for (const char character : value) {
    if (IsBetween(character, 'A', 'Z')) {
      kinds.set(0);
    } else if (IsBetween(character, 'a', 'z')) {
      kinds.set(1);
    } else {
      kinds.set(IsBetween(character, '0', '9') ? 2 : 3);
    }
  }
  return kinds.count();
}

std::size_t CountDifferent(std::string_view value) {
  std::bitset<256> seen;
  for (const char character : value) seen.set(static_cast<unsigned char>(character));
  return seen.count();
}

void CutOut(std::string_view word, pki::Bytes& text) {
  for (auto at = text.find(word); at != pki::Bytes::npos; at = text.find(word)) text.erase(at, word.size());
}

// The first so many characters of which the whole is a repetition, or all of it.
std::size_t PeriodOf(std::string_view text) {
  for (std::size_t period = 1; period < text.size(); period++) {
    if (text.substr(period) == text.substr(0, text.size() - period)) return period;
  }
  return text.size();
}

// Characters that do not go on as the two before them did: the same again, the next one, or the one before.
std::size_t CountUnforeseen(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); i++) {
    const int step = i < 2 ? 2 : text[i] - text[i - 1];
    const bool goes_on = step >= -1 && step <= 1 && text[i - 1] - text[i - 2] == step;
    count += goes_on ? 0 : 1;
  }
  return count;
}

}  // namespace

std::size_t CountUnobvious(std::string_view value, std::string_view name) {
  pki::Bytes rest = Small(value);
  if (name.size() >= kLeastNameCharacters) CutOut(Small(name), rest);
  for (const auto word : kWords) CutOut(word, rest);
  const std::size_t count = CountUnforeseen(std::string_view(rest).substr(0, PeriodOf(rest)));
  pki::Wipe(rest);
  return count;
}

result::Result<void> CheckTypedKey(pki::ByteView value, std::string_view entity) {
  // What follows takes the square of its length.
  if (value.size() > kMostTypedCharacters) {
    return result::Fail(result::Reason::kMalformed, "a pre-shared key has at most 255 characters");
  }
  std::string faults;
  const auto require = [&](bool holds, const std::string& fault) {
    if (!holds) faults += (faults.empty() ? "" : "; ") + fault;
  };
  const bool is_plain = std::ranges::all_of(value, IsPrintable) && !value.starts_with(' ') && !value.ends_with(' ');
  require(is_plain, "it has other characters than printable ASCII, or spaces at its ends");
  require(value.size() >= kLeastTypedCharacters, "it has less than 16 characters");
  require(CountDifferent(value) >= kLeastDifferentCharacters, "it has less than 8 different characters");
  require(CountKinds(value) >= kLeastKinds,
          "it has one kind of characters only: take two of capitals, small letters, digits and others");
  require(CountUnobvious(value, entity) >= kLeastUnobvious,
          "without the entity's name, well-known words, repetitions and runs like 1234 it has less than 12 characters");
  if (faults.empty()) return {};
  return result::Fail(result::Reason::kMalformed, "the value is too weak for a pre-shared key: " + faults);
}

}  // namespace engine::enrollment
