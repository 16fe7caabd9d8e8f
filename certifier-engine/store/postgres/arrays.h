#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_ARRAYS_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_ARRAYS_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/types.h"

namespace engine::store {

// Binary values as PostgreSQL's wire protocol has them: integers big-endian, timestamptz in microseconds since 2000.
std::string BinaryInteger(std::int64_t value);
std::string_view BinaryBoolean(bool value);
std::string BinaryTime(TimePoint time);
std::int64_t IntegerFromBinary(std::string_view octets);  // Of 4 or 8 octets.
TimePoint TimeFromBinary(std::string_view octets);

// ArrayParameter builds the binary form of a one-dimensional array, so that one parameter carries a column of a batch.
class ArrayParameter {
 public:
  enum class Type : std::uint32_t { kBool = 16, kBytea = 17, kInt8 = 20, kText = 25, kTimestamptz = 1184 };

  explicit ArrayParameter(Type type) : type_(type) {}
  void Add(std::string_view binary);
  void AddNull();
  void AddOptional(const std::optional<std::int64_t>& value);
  // AddOrNull adds nothing's value for empty octets.
  void AddOrNull(std::string_view octets);
  std::string Encoded() const;

 private:
  Type type_;
  std::uint32_t count_ = 0;
  bool has_null_ = false;
  std::string elements_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_ARRAYS_H
