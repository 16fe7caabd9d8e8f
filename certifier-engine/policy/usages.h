#ifndef CERTIFIER_ENGINE_POLICY_USAGES_H
#define CERTIFIER_ENGINE_POLICY_USAGES_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pki/key.h"

// Key usages and purposes by the names that documents give them.
namespace engine::policy {

// KeyUsageBit is the pki::KeyUsageBit of "digital_signature" ..., of those that an end entity may have.
std::optional<unsigned> KeyUsageBit(std::string_view name);
// KeyUsageNames are the names of bits, in the order of RFC 5280 section 4.2.1.3.
std::vector<std::string> KeyUsageNames(unsigned bits);
// ImpossibleUsages are the bits that a kind of key has no way to carry out: RSA cannot agree on keys, ECDSA keys cannot
// encipher (RFC 8813 section 3).
unsigned ImpossibleUsages(pki::KeyType type);

// PurposeOid is the dotted OID of "client_auth" ... or of a dotted OID; nothing where it is neither, or a purpose that
// no device has: any purpose, or one of a CA's services.
std::optional<std::string> PurposeOid(std::string_view name);
// PurposeName is the name of a dotted OID, or the OID itself.
std::string PurposeName(std::string_view oid);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_USAGES_H
