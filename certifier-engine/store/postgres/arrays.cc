#include "store/postgres/arrays.h"

namespace engine::store {

namespace {

constexpr std::chrono::sys_days kEpoch = std::chrono::year(2000) / 1 / 1;

std::string BigEndian(std::uint64_t value, std::size_t octets) {
  std::string out;
  for (std::size_t i = octets; i-- > 0;) out += static_cast<char>(value >> (8 * i));
  return out;
}

}  // namespace

std::string BinaryInteger(std::int64_t value) {
  return BigEndian(static_cast<std::uint64_t>(value), 8);
}

std::string_view BinaryBoolean(bool value) {
  return {value ? "\1" : "\0", 1};
}

std::string BinaryTime(TimePoint time) {
  return BinaryInteger(std::chrono::duration_cast<std::chrono::microseconds>(time - kEpoch).count());
}

std::int64_t IntegerFromBinary(std::string_view octets) {
  std::uint64_t value = !octets.empty() && (octets[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const char c : octets) value = value << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(value);
}

TimePoint TimeFromBinary(std::string_view octets) {
  return kEpoch + std::chrono::microseconds(IntegerFromBinary(octets));
}

void ArrayParameter::Add(std::string_view binary) {
  elements_ += BigEndian(binary.size(), 4);
  elements_ += binary;
  count_++;
}

void ArrayParameter::AddNull() {
  elements_ += BigEndian(~std::uint64_t{0}, 4);
  has_null_ = true;
  count_++;
}

void ArrayParameter::AddOptional(const std::optional<std::int64_t>& value) {
  value ? Add(BinaryInteger(*value)) : AddNull();
}

void ArrayParameter::AddOrNull(std::string_view octets) {
  octets.empty() ? AddNull() : Add(octets);
}

std::string ArrayParameter::Encoded() const {
  // Dimensions, whether there are nulls, element type; then the one dimension's length and lower bound.
  return BigEndian(1, 4) + BigEndian(has_null_ ? 1 : 0, 4) + BigEndian(static_cast<std::uint32_t>(type_), 4) +
         BigEndian(count_, 4) + BigEndian(1, 4) + elements_;
}

}  // namespace engine::store
