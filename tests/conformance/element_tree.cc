#include "element_tree.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "pki/der.h"

namespace conformance {

namespace {

namespace der = pki::der;
using pki::Bytes;
using pki::ByteView;

constexpr int kMostDepth = 32;
constexpr std::size_t kMostOctets = 100'000;
// So that four changes stay within megabytes.
constexpr std::size_t kMostCopied = 50, kMostElements = 20'000;

std::optional<std::vector<Element>> ParseAll(ByteView octets, int depth);

bool MayHoldElements(const der::Tlv& tlv) {
  return (tlv.tag & 0x20u) != 0 || tlv.tag == der::kOctetString || tlv.tag == der::kBitString;
}

Element ElementOf(const der::Tlv& tlv, int depth) {
  Element element;
  element.tag = tlv.tag;
  element.value = Bytes(tlv.value);
  if (!MayHoldElements(tlv)) return element;
  const std::size_t prefix = tlv.tag == der::kBitString && !tlv.value.empty() ? 1 : 0;
  auto children = ParseAll(tlv.value.substr(prefix), depth + 1);
  if (!children || children->empty()) return element;
  element.prefix = Bytes(tlv.value.substr(0, prefix));
  element.value.clear();
  element.children = *std::move(children);
  return element;
}

std::optional<std::vector<Element>> ParseAll(ByteView octets, int depth) {
  std::vector<Element> elements;
  if (depth > kMostDepth) return std::nullopt;
  for (der::Reader reader(octets); !reader.empty();) {
    const auto tlv = reader.Next();
    if (!tlv) return std::nullopt;
    elements.push_back(ElementOf(*tlv, depth));
  }
  return elements;
}

Bytes LongLength(std::uint32_t length) {
  Bytes octets("\x84", 1);
  for (const int shift : {24, 16, 8, 0}) octets.push_back(static_cast<char>(length >> shift & 0xffu));
  return octets;
}

// Count is how many elements there are from `element` down.
std::size_t Count(const Element& element) {
  std::size_t count = 1;
  for (const Element& child : element.children) count += Count(child);
  return count;
}

// At finds the one with that number, counted from the root down.
Element* At(Element& element, std::size_t& number) {
  if (number == 0) return &element;
  for (Element& child : element.children) {
    number--;
    if (Element* found = At(child, number)) return found;
  }
  return nullptr;
}

Element& Any(Element& root, Random& random) {
  std::size_t number = random.Below(Count(root));
  return *At(root, number);
}

void ChangeTag(Element& element, Random& random) {
  constexpr std::array<std::uint8_t, 16> kTags = {
      der::kBoolean,          der::kInteger,         der::kBitString, der::kOctetString, der::kNull,
      der::kObjectIdentifier, der::kUtf8String,      der::kUtcTime,   der::kBmpString,   der::kUniversalString,
      der::kT61String,        der::kPrintableString, der::kSequence,  der::kSet,         der::Context(0, true),
      der::Context(0, false)};
  element.tag = random.OneIn(4) ? random.Octet() : kTags[random.Below(kTags.size())];
}

void ChangeLength(Element& element, Random& random) {
  constexpr std::array<std::uint32_t, 6> kLengths = {0, 1, 0x7f, 0xffff, 0x7fffffff, 0xffffffff};
  element.length = static_cast<Element::Length>(1 + random.Below(3));
  element.wrong_length = random.OneIn(2) ? kLengths[random.Below(kLengths.size())]
                                         : static_cast<std::uint32_t>(random.Below(2 * element.value.size() + 4));
}

void ChangeValue(Element& element, Random& random) {
  constexpr std::array<std::size_t, 8> kLengths = {0, 1, 2, 16, 17, 255, 4096, 20000};
  if (!element.children.empty()) return;
  Bytes& value = element.value;
  switch (random.Below(5)) {
    case 0:
      value = random.Octets(kLengths[random.Below(kLengths.size())]);
      break;
    case 1:
      value.assign(kLengths[random.Below(kLengths.size())], static_cast<char>(random.OneIn(2) ? 0 : 0xff));
      break;
    case 2:
      value.resize(random.Below(value.size() + 1));
      break;
    default:
      if (!value.empty()) value[random.Below(value.size())] = static_cast<char>(random.Octet());
  }
}

void ChangeChildren(Element& element, Random& random) {
  auto& children = element.children;
  if (children.empty()) return;
  const auto at = [&] { return children.begin() + static_cast<std::ptrdiff_t>(random.Below(children.size())); };
  switch (random.Below(4)) {
    case 0:
      children.erase(at());
      break;
    case 1:
      std::iter_swap(at(), at());
      break;
    case 2:
      std::shuffle(children.begin(), children.end(), std::mt19937(static_cast<std::uint32_t>(random.Below(1u << 31))));
      break;
    default: {
      const Element copy = *at();
      const std::size_t times = random.OneIn(8) && Count(copy) < kMostCopied ? 300 : 1 + random.Below(3);
      children.insert(at(), times, copy);
    }
  }
}

// Wrap puts an element into as many others.
void Wrap(Element& element, Random& random) {
  const std::size_t levels = random.OneIn(4) ? 200 : 1 + random.Below(3);
  for (std::size_t i = 0; i < levels; i++) {
    Element outer;
    outer.tag = random.OneIn(2) ? der::kSequence : element.tag;
    outer.children.push_back(std::move(element));
    element = std::move(outer);
  }
}

}  // namespace

Bytes Random::Octets(std::size_t count) {
  Bytes octets(count, '\0');
  for (char& octet : octets) octet = static_cast<char>(Octet());
  return octets;
}

Element Element::Parse(ByteView octets) {
  auto elements = ParseAll(octets, 0);
  if (elements && elements->size() == 1) return std::move(elements->front());
  Element element;
  element.tag = der::kOctetString;
  element.value = Bytes(octets);
  return element;
}

Bytes Element::Encode() const {
  Bytes contents = prefix + value;
  for (const Element& child : children) contents += child.Encode();
  const Bytes first(1, static_cast<char>(tag));
  switch (length) {
    case Length::kMinimal:
      break;
    case Length::kLong:
      return first + LongLength(static_cast<std::uint32_t>(contents.size())) + contents;
    case Length::kIndefinite:
      return Bytes(1, static_cast<char>(tag | 0x20u)) + "\x80" + contents + Bytes(2, '\0');
    case Length::kWrong:
      return first + LongLength(wrong_length) + contents;
  }
  return der::Encode(tag, contents);
}

void Mutate(Element& root, Random& random) {
  for (std::size_t changes = 1 + random.Below(4); changes > 0 && Count(root) < kMostElements; changes--) {
    Element& element = Any(root, random);
    switch (random.Below(8)) {
      case 0:
        ChangeTag(element, random);
        break;
      case 1:
        ChangeLength(element, random);
        break;
      case 2: {
        const Element other = Any(root, random);
        element = other;
        break;
      }
      case 3:
        Wrap(element, random);
        break;
      case 4:
      case 5:
        ChangeChildren(element, random);
        break;
      default:
        ChangeValue(element, random);
    }
  }
}

Bytes Mutated(ByteView element, Random& random) {
  Element root = Element::Parse(element);
  Mutate(root, random);
  Bytes octets = root.Encode();
  if (octets.size() > kMostOctets) octets.resize(kMostOctets);
  return octets;
}

}  // namespace conformance
