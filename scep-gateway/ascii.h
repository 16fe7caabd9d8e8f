#ifndef CERTIFIER_SCEP_GATEWAY_ASCII_H
#define CERTIFIER_SCEP_GATEWAY_ASCII_H

#include <optional>
#include <string>
#include <string_view>

// Text rules of HTTP and URLs, which never depend on a locale.
namespace gateway {

// EqualsIgnoringCase compares with A-Z and a-z alike and all other octets as they are.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);
// Trim cuts spaces and tabs from both ends.
std::string_view Trim(std::string_view text);
// IsToken tells whether `text` is a token of RFC 9110 section 5.6.2; an empty one is none.
bool IsToken(std::string_view text);
// HexDigit is the value of one hexadecimal digit; nothing for any other octet.
std::optional<unsigned> HexDigit(char digit);
// PercentDecode decodes %XX once and leaves "+" alone (RFC 3986 section 2.1). Nothing if an escape is broken.
std::optional<std::string> PercentDecode(std::string_view text);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_ASCII_H
