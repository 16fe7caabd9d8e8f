#include "enrollment/transaction_id.h"

namespace engine::enrollment {

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

}  // namespace engine::enrollment
