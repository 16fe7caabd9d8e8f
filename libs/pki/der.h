#ifndef CERTIFIER_PKI_DER_H
#define CERTIFIER_PKI_DER_H

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "pki/bytes.h"

namespace pki::der {

// Tags in one octet; every structure of X.509, PKCS#10 and CMS uses tag numbers below 31.
inline constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kBitString = 0x03, kOctetString = 0x04, kNull = 0x05,
                              kObjectIdentifier = 0x06, kUtf8String = 0x0c, kPrintableString = 0x13, kT61String = 0x14,
                              kIa5String = 0x16, kUtcTime = 0x17, kGeneralizedTime = 0x18, kUniversalString = 0x1c,
                              kBmpString = 0x1e, kSequence = 0x30, kSet = 0x31;
// Context is the tag [number], primitive or constructed.
constexpr std::uint8_t Context(std::uint8_t number, bool constructed) {
  return static_cast<std::uint8_t>(0x80 | (constructed ? 0x20 : 0) | number);
}

// Tlv is one element; both views borrow from what was read.
struct Tlv {
  std::uint8_t tag = 0;
  ByteView value;     // The contents octets.
  ByteView encoding;  // Tag, length and contents.
};

// Reader walks a string of definite-length elements (X.690 section 10.1; lengths of at most four octets, minimal or
// not). It borrows its input. Every failure is malformed.
class Reader {
 public:
  explicit Reader(ByteView input) : rest_(input) {}

  bool empty() const { return rest_.empty(); }
  ByteView rest() const { return rest_; }
  // Next reads one element of any tag.
  result::Result<Tlv> Next();
  // Next reads one element that must have `tag`.
  result::Result<Tlv> Next(std::uint8_t tag);
  // NextIf reads one element if it has `tag`, else nothing and consumes nothing. Malformed as Next.
  result::Result<std::optional<Tlv>> NextIf(std::uint8_t tag);
  // Finish fails unless everything was read.
  result::Result<void> Finish() const;

 private:
  ByteView rest_;
};

// ReadOnly reads the single element that `input` must be.
result::Result<Tlv> ReadOnly(ByteView input, std::uint8_t tag);

// Encode writes tag, minimal length and the parts one after another.
Bytes Encode(std::uint8_t tag, std::initializer_list<ByteView> parts);
inline Bytes Encode(std::uint8_t tag, ByteView value) {
  return Encode(tag, {value});
}

// Part is what may stand in an element that is yet to be written: octets, or an element of parts. Elements inside one
// another are so written at once, and large octets copied once instead of at every level.
class Part {
 public:
  // Octets as they stand, kept.
  Part(Bytes octets) : octets_(std::move(octets)), length_(octets_.size()) {}  // NOLINT(google-explicit-constructor)
  // Element has `tag` and holds `parts` one after another.
  static Part Element(std::uint8_t tag, std::vector<Part> parts);
  // Borrow keeps no copy of `octets`: they must outlive the writing.
  static Part Borrow(ByteView octets);

  Bytes Write() const;

 private:
  Part() = default;
  void AppendTo(Bytes& out) const;

  Bytes octets_;
  ByteView borrowed_;
  std::optional<std::uint8_t> tag_;  // Nothing: octets.
  std::vector<Part> parts_;
  std::size_t length_ = 0;  // Of octets, or of an element's contents.
};

// EncodeSetOf writes SET OF with its members in DER order (X.690 section 11.6).
Bytes EncodeSetOf(std::vector<Bytes> members, std::uint8_t tag = kSet);
// EncodeUnsigned writes an INTEGER from big-endian magnitude octets, with a leading zero where it is needed.
Bytes EncodeUnsigned(ByteView magnitude);
// ParseUnsigned is an INTEGER's magnitude octets without leading zeros, but for 0 itself; they borrow from it.
// Malformed if it is none or negative.
result::Result<ByteView> ParseUnsigned(const Tlv& integer);
// EncodeTime writes UTCTime until 2049 and GeneralizedTime after (RFC 5280 section 4.1.2.5), whole seconds.
Bytes EncodeTime(std::chrono::system_clock::time_point time);
// EncodeGeneralizedTime writes GeneralizedTime for every year, whole seconds, "Z" (RFC 5280 section 4.1.2.5.2).
Bytes EncodeGeneralizedTime(std::chrono::system_clock::time_point time);
// ParseTime reads either form in the RFC 5280 profile ("Z", with seconds) and UTCTime without seconds. A time that the
// system clock cannot hold becomes the nearest that it can.
result::Result<std::chrono::system_clock::time_point> ParseTime(const Tlv& time);
// EncodeOid writes an OBJECT IDENTIFIER from its dotted form; malformed if it is none.
result::Result<Bytes> EncodeOid(std::string_view dotted);
// OidToString is the dotted form of an OBJECT IDENTIFIER's contents octets; "#" and hexadecimal where they are none,
// not minimal, or an arc has more than 62 bits, so that no two identifiers look alike.
std::string OidToString(ByteView contents);

// BerLimits bound what Definite will follow (requirements H-41).
struct BerLimits {
  std::size_t max_depth = 32;
  std::size_t max_elements = 4096;
};

// IsDefinite tells whether `input` is made of definite-length elements with primitive strings all the way down, as
// Reader wants it.
bool IsDefinite(ByteView input, const BerLimits& limits = {});

// Definite rewrites BER as definite-length, with constructed OCTET STRINGs and constructed [0] IMPLICIT OCTET STRINGs
// (CMS encryptedContent) joined into primitive ones; all else keeps its order and its contents octets. One element is
// read and `consumed` set to the octets it took. Malformed past the limits or where BER is broken.
result::Result<Bytes> Definite(ByteView input, std::size_t& consumed, const BerLimits& limits = {});

}  // namespace pki::der

#endif  // CERTIFIER_PKI_DER_H
