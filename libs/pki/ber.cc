#include <vector>

#include "pki/der.h"

namespace pki::der {

namespace {

using result::Fail;
using result::Reason;

struct Header {
  std::uint8_t tag = 0;
  std::size_t octets = 0;             // Of identifier and length.
  std::optional<std::size_t> length;  // Nothing: indefinite.
};

result::Result<Header> ReadHeader(ByteView input) {
  if (input.size() < 2) return Fail(Reason::kMalformed, "an element ends early");
  Header header{.tag = static_cast<std::uint8_t>(input[0]), .octets = 2, .length = std::nullopt};
  if ((header.tag & 0x1f) == 0x1f) return Fail(Reason::kMalformed, "a tag of more than one octet");
  const auto first = static_cast<std::uint8_t>(input[1]);
  if (first == 0x80) {
    if ((header.tag & 0x20) == 0) return Fail(Reason::kMalformed, "a primitive of indefinite length");
    return header;
  }
  std::size_t length = first;
  if (first > 0x80) {
    const std::size_t count = first & 0x7f;
    if (count > 4 || input.size() < 2 + count) return Fail(Reason::kMalformed, "a length that is too long");
    length = 0;
    for (std::size_t i = 0; i < count; i++) length = length << 8 | static_cast<std::uint8_t>(input[2 + i]);
    header.octets += count;
  }
  if (length > input.size() - header.octets) return Fail(Reason::kMalformed, "an element is longer than its input");
  header.length = length;
  return header;
}

bool IsEndOfContents(ByteView input) {
  return input.size() >= 2 && input[0] == 0 && input[1] == 0;
}

// SiblingTags are the tags that stand before an element in what holds it.
class SiblingTags {
 public:
  void Add(std::uint8_t tag) { tags_ = count_++ < 4 ? tags_ << 8 | tag : tags_; }
  bool AreObjectIdentifierAndSequence() const { return count_ == 2 && tags_ == (kObjectIdentifier << 8 | kSequence); }

 private:
  std::uint32_t tags_ = 0;
  std::size_t count_ = 0;
};

// Whether `element` is the encryptedContent of an EncryptedContentInfo (RFC 5652 section 6.1: OID, SEQUENCE, [0]) in
// segments. An explicit [0] around eContent follows its OID at once and stays as it is.
bool IsSegmentedContent(const SiblingTags& before, const Tlv& element) {
  if (element.tag != Context(0, true) || !before.AreObjectIdentifierAndSequence()) return false;
  for (Reader reader(element.value); !reader.empty();) {
    if (!reader.Next(kOctetString)) return false;
  }
  return true;
}

// Rewriter walks BER depth first within its limits.
class Rewriter {
 public:
  explicit Rewriter(const BerLimits& limits) : limits_(limits) {}

  // Rewrites the element at the front of `input` and removes it.
  result::Result<Bytes> Element(ByteView& input, std::size_t depth) {
    RETURN_IF_ERROR(Count(depth));
    ASSIGN_OR_RETURN(const Header header, ReadHeader(input));
    if ((header.tag & 0x20) == 0) {
      const ByteView value = input.substr(header.octets, *header.length);
      input.remove_prefix(header.octets + *header.length);
      return Encode(header.tag, value);
    }
    input.remove_prefix(header.octets);
    if (header.tag == (kOctetString | 0x20)) {
      ASSIGN_OR_RETURN(const Bytes joined, Segments(input, header, depth));
      return Encode(kOctetString, joined);
    }
    return Constructed(input, header, depth);
  }

 private:
  result::Result<void> Count(std::size_t depth) {
    if (depth > limits_.max_depth) return Fail(Reason::kMalformed, "nested too deeply");
    if (++elements_ > limits_.max_elements) return Fail(Reason::kMalformed, "too many elements");
    return {};
  }

  // Takes the contents of a constructed element off `input`; the end-of-contents octets go with them.
  template <class Each>
  result::Result<void> ForEach(ByteView& input, const Header& header, Each each) {
    if (header.length) {
      ByteView contents = input.substr(0, *header.length);
      input.remove_prefix(*header.length);
      while (!contents.empty()) RETURN_IF_ERROR(each(contents));
      return {};
    }
    while (!IsEndOfContents(input)) RETURN_IF_ERROR(each(input));
    input.remove_prefix(2);
    return {};
  }

  result::Result<Bytes> Constructed(ByteView& input, const Header& header, std::size_t depth) {
    std::vector<Bytes> children;
    RETURN_IF_ERROR(ForEach(input, header, [&](ByteView& contents) -> result::Result<void> {
      ASSIGN_OR_RETURN(Bytes child, Element(contents, depth + 1));
      children.push_back(std::move(child));
      return {};
    }));
    return Join(header, children);
  }

  static result::Result<Bytes> Join(const Header& header, const std::vector<Bytes>& children) {
    SiblingTags before;
    Bytes all;
    for (const Bytes& child : children) {
      ASSIGN_OR_RETURN(const Tlv element, Reader(child).Next());
      all += IsSegmentedContent(before, element) ? JoinSegments(element.value) : child;
      before.Add(element.tag);
    }
    return Encode(header.tag, all);
  }

  static Bytes JoinSegments(ByteView segments) {
    Bytes joined;
    for (Reader reader(segments); !reader.empty();) {
      if (const auto segment = reader.Next()) joined += segment->value;
    }
    return Encode(Context(0, false), joined);
  }

  result::Result<Bytes> Segments(ByteView& input, const Header& header, std::size_t depth) {
    Bytes joined;
    RETURN_IF_ERROR(ForEach(input, header, [&](ByteView& contents) -> result::Result<void> {
      ASSIGN_OR_RETURN(const Bytes segment, Element(contents, depth + 1));
      ASSIGN_OR_RETURN(const Tlv primitive, ReadOnly(segment, kOctetString));
      joined += primitive.value;
      return {};
    }));
    return joined;
  }

  const BerLimits& limits_;
  std::size_t elements_ = 0;
};

bool IsDefiniteWithin(ByteView input, const BerLimits& limits, std::size_t depth, std::size_t& elements) {
  SiblingTags before;
  for (Reader reader(input); !reader.empty();) {
    const auto element = reader.Next();
    if (!element || depth > limits.max_depth || ++elements > limits.max_elements) return false;
    if (element->tag == (kOctetString | 0x20) || IsSegmentedContent(before, *element)) return false;
    if ((element->tag & 0x20) != 0 && !IsDefiniteWithin(element->value, limits, depth + 1, elements)) return false;
    before.Add(element->tag);
  }
  return true;
}

}  // namespace

bool IsDefinite(ByteView input, const BerLimits& limits) {
  std::size_t elements = 0;
  return IsDefiniteWithin(input, limits, 1, elements);
}

result::Result<Bytes> Definite(ByteView input, std::size_t& consumed, const BerLimits& limits) {
  ByteView rest = input;
  ASSIGN_OR_RETURN(Bytes definite, Rewriter(limits).Element(rest, 1));
  consumed = input.size() - rest.size();
  return definite;
}

}  // namespace pki::der
