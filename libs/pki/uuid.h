#ifndef CERTIFIER_PKI_UUID_H
#define CERTIFIER_PKI_UUID_H

#include <string>
#include <vector>

#include "pki/bytes.h"
#include "result/result.h"

namespace pki {

// DigestUuid is the UUID (RFC 9562 section 5.8, version 8) that the SHA-256 of `parts` begins with: the same for the
// same parts in the same order, "61f8f3ca-b265-8d2e-8d70-8d48ed766b5c".
std::string DigestUuid(const std::vector<ByteView>& parts);

// ParseUuid reads a UUID in hexadecimal of either case with its four hyphens: 16 octets. Malformed.
result::Result<Bytes> ParseUuid(std::string_view text);

}  // namespace pki

#endif  // CERTIFIER_PKI_UUID_H
