#include "enrollment/transaction_id.h"

namespace engine::enrollment {

namespace {

constexpr std::size_t kEscapeOctets = 4;  // \xNN.

}  // namespace

std::string PrintableTransactionId(pki::ByteView transaction_id) {
  std::string text;
  text.reserve(transaction_id.size());
  for (const char octet : transaction_id) {
    if (octet > 0x1f && octet < 0x7f && octet != '\\') {
      text += octet;
    } else {
      text += "\\x" + pki::HexLower(pki::ByteView(&octet, 1));
    }
  }
  return text;
}

result::Result<pki::Bytes> ParseTransactionId(std::string_view printed) {
  pki::Bytes octets;
  for (std::size_t at = 0; at < printed.size(); ++at) {
    if (printed[at] != '\\') {
      octets += printed[at];
      continue;
    }
    const std::string_view escape = printed.substr(at, kEscapeOctets);
    auto octet = escape.size() == kEscapeOctets && escape[1] == 'x' ? pki::FromHex(escape.substr(2))
                                                                    : result::Result<pki::Bytes>(pki::Bytes());
    if (!octet || octet->empty()) {
      return result::Fail(result::Reason::kMalformed, "in a printed transactionID a backslash begins \\xNN");
    }
    octets += *octet;
    at += kEscapeOctets - 1;
  }
  if (octets.empty() || octets.size() > kMostTransactionIdOctets) {
    return result::Fail(result::Reason::kMalformed, "a transactionID has 1 to 255 octets");
  }
  return octets;
}

}  // namespace engine::enrollment
