#ifndef CERTIFIER_TESTS_CONFORMANCE_ELEMENT_TREE_H
#define CERTIFIER_TESTS_CONFORMANCE_ELEMENT_TREE_H

#include <cstdint>
#include <random>
#include <vector>

#include "pki/bytes.h"

namespace conformance {

// Random draws what fuzzing does; the same seed draws the same.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  // Below is 0 to count - 1, or 0.
  std::size_t Below(std::size_t count) { return count == 0 ? 0 : static_cast<std::size_t>(engine_() % count); }
  bool OneIn(std::size_t count) { return Below(count) == 0; }
  std::uint8_t Octet() { return static_cast<std::uint8_t>(Below(256)); }
  pki::Bytes Octets(std::size_t count);

 private:
  std::mt19937_64 engine_;
};

// Element is one ASN.1 element, taken apart as far as it goes, which can be written again after any part was changed. A
// primitive OCTET STRING or BIT STRING that holds elements is taken apart too.
struct Element {
  // How the length is written: as DER wants it, in five octets, as indefinite, or as a number that is not true.
  enum class Length { kMinimal, kLong, kIndefinite, kWrong };

  std::uint8_t tag = 0;
  Length length = Length::kMinimal;
  std::uint32_t wrong_length = 0;
  pki::Bytes prefix;  // Octets before the children: the count of unused bits of a BIT STRING.
  pki::Bytes value;   // Where there are no children.
  std::vector<Element> children;

  // Parse takes one element apart; what is none becomes the value of an OCTET STRING.
  static Element Parse(pki::ByteView octets);
  pki::Bytes Encode() const;
};

// Mutate changes one to four things, each at some element inside `root` or at itself: its tag, its length, its value,
// or what its children are and in which order.
void Mutate(Element& root, Random& random);
// Mutated is what one element becomes.
pki::Bytes Mutated(pki::ByteView element, Random& random);

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_ELEMENT_TREE_H
