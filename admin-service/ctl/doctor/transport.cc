#include "doctor/transport.h"

namespace doctor {

namespace {

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    encoded += {'%', kDigits[octet >> 4], kDigits[octet & 0x0f]};
  }
  return encoded;
}

std::string QueryOf(const Call& call) {
  std::string query = "operation=" + PercentEncode(call.operation);
  if (call.message.has_value()) query += "&message=" + PercentEncode(*call.message);
  return query;
}

}  // namespace doctor
