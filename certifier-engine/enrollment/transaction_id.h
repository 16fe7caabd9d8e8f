#ifndef CERTIFIER_ENGINE_ENROLLMENT_TRANSACTION_ID_H
#define CERTIFIER_ENGINE_ENROLLMENT_TRANSACTION_ID_H

#include <string>

#include "pki/bytes.h"
#include "result/result.h"

namespace engine::enrollment {

// The transactionID is opaque octets from a stranger (RFC 8894 section 3.2.1.1).
inline constexpr std::size_t kMostTransactionIdOctets = 255;

// PrintableTransactionId writes every octet that is not printable ASCII, and the backslash, as \xNN.
std::string PrintableTransactionId(pki::ByteView transaction_id);
// ParseTransactionId reads what PrintableTransactionId wrote; malformed: a backslash that begins no \xNN, or not 1 to
// 255 octets.
result::Result<pki::Bytes> ParseTransactionId(std::string_view printed);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_TRANSACTION_ID_H
