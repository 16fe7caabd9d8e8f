#include "enrollment/pre_shared_key.h"

#include <array>
#include <cstdint>
#include <optional>

#include "pki/digest.h"

namespace engine::enrollment {

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kRandomOctets = 16;
constexpr std::size_t kDataCharacters = 26, kCharacters = kDataCharacters + 1;
constexpr std::size_t kReferenceCharacters = 8;
constexpr std::array<std::size_t, 6> kGroups = {5, 5, 5, 4, 4, 4};
// 26 characters hold 130 bits, so the first of a value has its two high bits clear.
constexpr unsigned kMostFirst = 7;
// Longer challenges are not ours, whatever they hold.
constexpr std::size_t kMostTyped = 3 * kCharacters;

// TimesX multiplies by x in GF(32) = GF(2)[x] / (x^5 + x^2 + 1), whose powers of x run through all 31 units: more than
// there are characters, so no two positions weigh the same.
constexpr unsigned TimesX(unsigned element) {
  const unsigned shifted = element << 1;
  return (shifted & 0x20u) != 0 ? (shifted ^ 0x25u) : shifted;
}

// Fold evaluates the characters as a polynomial at x; a whole value folds to 0.
unsigned Fold(std::string_view characters) {
  unsigned sum = 0;
  for (const char character : characters) sum = TimesX(sum) ^ static_cast<unsigned>(kAlphabet.find(character));
  return sum;
}

char CheckCharacter(std::string_view data) {
  return kAlphabet[TimesX(Fold(data))];
}

// ToBase32 writes the octets' bits, right aligned, in `count` characters.
std::string ToBase32(pki::ByteView octets, std::size_t count) {
  std::string text(count, '0');
  unsigned buffer = 0, bits = 0;
  std::size_t at = octets.size();
  for (std::size_t i = count; i-- > 0;) {
    if (bits < 5 && at > 0) {
      buffer |= static_cast<unsigned>(static_cast<std::uint8_t>(octets[--at])) << bits;
      bits += 8;
    }
    text[i] = kAlphabet[buffer & 0x1fu];
    buffer >>= 5;
    bits = bits >= 5 ? bits - 5 : 0;
  }
  return text;
}

// CharacterFor reads one typed character: nothing if it belongs to no value of ours.
std::optional<char> CharacterFor(char typed) {
  if (typed >= 'a' && typed <= 'z') typed = static_cast<char>(typed - 'a' + 'A');
  if (typed == 'O') return '0';
  if (typed == 'I' || typed == 'L') return '1';
  if (kAlphabet.find(typed) == std::string_view::npos) return std::nullopt;
  return typed;
}

// OurValue is empty where the challenge is no whole value of ours.
pki::Secret OurValue(pki::ByteView challenge) {
  if (challenge.size() > kMostTyped) return {};
  pki::Bytes characters;
  characters.reserve(kMostTyped);
  bool is_ours = true;
  for (const char typed : challenge) {
    if (typed == ' ' || typed == '-') continue;
    const auto character = CharacterFor(typed);
    is_ours = is_ours && character.has_value();
    if (character) characters += *character;
  }
  is_ours = is_ours && characters.size() == kCharacters && kAlphabet.find(characters.front()) <= kMostFirst &&
            Fold(characters) == 0;
  pki::Secret value(std::move(characters));
  return is_ours ? std::move(value) : pki::Secret();
}

}  // namespace

result::Result<pki::Secret> NewPreSharedKey() {
  ASSIGN_OR_RETURN(const auto octets, pki::RandomSecret(kRandomOctets));
  return ShownPreSharedKey(octets.Reveal());
}

pki::Secret ShownPreSharedKey(pki::ByteView octets) {
  pki::Bytes characters = ToBase32(octets, kDataCharacters);
  characters += CheckCharacter(characters);
  pki::Bytes shown;
  shown.reserve(kCharacters + kGroups.size());
  std::size_t at = 0;
  for (const std::size_t group : kGroups) {
    if (!shown.empty()) shown += '-';
    shown.append(characters, at, group);
    at += group;
  }
  pki::Wipe(characters);
  return pki::Secret(std::move(shown));
}

pki::Secret NormalizedChallenge(pki::ByteView challenge) {
  pki::Secret value = OurValue(challenge);
  return value.empty() ? pki::Secret(pki::Bytes(challenge)) : std::move(value);
}

pki::Bytes PreSharedKeyDigest(const pki::Secret& index_key, pki::ByteView challenge) {
  return pki::HmacSha256(index_key.Reveal(), NormalizedChallenge(challenge).Reveal());
}

result::Result<std::string> NewReferenceNumber() {
  ASSIGN_OR_RETURN(const auto octets, pki::RandomBytes(kReferenceCharacters * 5 / 8));
  return ToBase32(octets, kReferenceCharacters);
}

}  // namespace engine::enrollment
