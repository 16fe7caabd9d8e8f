#include "enrollment/pre_shared_key.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

namespace {

using engine::enrollment::NewPreSharedKey;
using engine::enrollment::NewReferenceNumber;
using engine::enrollment::NormalizedChallenge;
using engine::enrollment::PreSharedKeyDigest;

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::string Shown() {
  return std::string(NewPreSharedKey()->Reveal());
}

std::string WithoutDashes(std::string value) {
  std::erase(value, '-');
  return value;
}

std::string Normalized(std::string_view challenge) {
  return std::string(NormalizedChallenge(challenge).Reveal());
}

TEST_CASE("a new key is 27 characters in groups of four and five", "[enrollment][key]") {
  const std::string value = Shown();
  CHECK(value.size() == 32);
  CHECK(std::ranges::count(value, '-') == 5);
  CHECK(WithoutDashes(value).find_first_not_of(kAlphabet) == std::string::npos);
}

TEST_CASE("two keys differ, and so do two reference numbers", "[enrollment][key]") {
  std::set<std::string> values, numbers;
  for (int i = 0; i < 200; ++i) {
    values.insert(Shown());
    numbers.insert(*NewReferenceNumber());
  }
  CHECK(values.size() == 200);
  CHECK(numbers.size() == 200);
}

TEST_CASE("a key is found however it is typed", "[enrollment][key]") {
  const std::string value = Shown();
  const std::string plain = WithoutDashes(value);
  std::string lower = value, letters = value, spaced;
  std::ranges::transform(lower, lower.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  std::ranges::replace(letters, '0', 'o');
  std::ranges::replace(letters, '1', 'l');
  for (const char character : plain) (spaced += character) += ' ';
  for (const auto& typed : {value, plain, lower, letters, spaced}) CHECK(Normalized(typed) == plain);
}

TEST_CASE("every single wrong character is found", "[enrollment][key]") {
  const std::string plain = WithoutDashes(Shown());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    for (const char wrong : kAlphabet) {
      std::string typed = plain;
      typed[i] = wrong;
      if (wrong != plain[i]) CHECK(Normalized(typed + " ") == typed + " ");
    }
  }
}

TEST_CASE("every exchange of two characters is found", "[enrollment][key]") {
  const std::string plain = WithoutDashes(Shown());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    for (std::size_t j = i + 1; j < plain.size(); ++j) {
      std::string typed = plain;
      std::swap(typed[i], typed[j]);
      if (plain[i] != plain[j]) CHECK(Normalized(typed + " ") == typed + " ");
    }
  }
}

TEST_CASE("a challenge of another form is looked up as it is", "[enrollment][key]") {
  const auto challenge = GENERATE(as<std::string>(), "secret", "Oil-1O0", "", "0OO0 ", std::string(255, 'o'),
                                  "U2CVHR7TQ4X2CVHR7TQ4X2CVHR7");
  CHECK(Normalized(challenge) == challenge);
}

TEST_CASE("the digest depends on the index key and on nothing of the spelling", "[enrollment][key]") {
  const pki::Secret one(pki::Bytes(32, 'a')), other(pki::Bytes(32, 'b'));
  const std::string value = Shown();
  CHECK(PreSharedKeyDigest(one, value) == PreSharedKeyDigest(one, WithoutDashes(value)));
  CHECK(PreSharedKeyDigest(one, value) != PreSharedKeyDigest(other, value));
  CHECK(PreSharedKeyDigest(one, "secret") != PreSharedKeyDigest(one, "Secret"));
  CHECK(PreSharedKeyDigest(one, value).size() == 32);
}

}  // namespace
