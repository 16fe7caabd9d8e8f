#ifndef CERTIFIER_PKI_WEAK_KEY_H
#define CERTIFIER_PKI_WEAK_KEY_H

#include <optional>
#include <string_view>

#include "pki/key.h"

namespace pki {

// WeaknessOf says why nobody may certify `key`, whatever a policy allows (CA/Browser Forum Baseline Requirements,
// sections 6.1.1.3 and 6.1.6): "its exponent is below 65537", "its modulus has a factor below 752", "its modulus is of
// the ROCA kind (CVE-2017-15361)" or "its factors are close to each other", the first that holds. Nothing for other RSA
// keys, and for EC keys: their points were found on their curves, and an even exponent or modulus refused, when they
// were read. One sound key in 2^27 looks like the ROCA kind. Takes some 10 microseconds for 2048 bits.
std::optional<std::string_view> WeaknessOf(const PublicKey& key);

}  // namespace pki

#endif  // CERTIFIER_PKI_WEAK_KEY_H
