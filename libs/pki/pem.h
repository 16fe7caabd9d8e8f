#ifndef CERTIFIER_PKI_PEM_H
#define CERTIFIER_PKI_PEM_H

#include <string_view>
#include <vector>

#include "pki/bytes.h"

namespace pki {

// PemBlock writes one RFC 7468 block.
std::string PemBlock(std::string_view label, ByteView der);
// PemBlocks reads the octets of every block with that label, in order, and passes over all other text. Malformed where
// a block does not end or is no base64.
result::Result<std::vector<Bytes>> PemBlocks(std::string_view text, std::string_view label);

}  // namespace pki

#endif  // CERTIFIER_PKI_PEM_H
