#ifndef CERTIFIER_ENGINE_OPERATORS_PASSWORD_H
#define CERTIFIER_ENGINE_OPERATORS_PASSWORD_H

#include <cstdint>
#include <string>
#include <string_view>

#include "pki/secret.h"

namespace engine::operators {

inline constexpr std::size_t kLeastPasswordOctets = 12, kMostPasswordOctets = 256;
// What must be left without the login, well-known words, repetitions and runs.
inline constexpr std::size_t kLeastUnobviousOctets = 10;

// CheckPassword says what `password` lacks as the one of `login`, and never the password. Malformed.
result::Result<void> CheckPassword(pki::ByteView password, std::string_view login);

// PasswordCost is what one hash takes (RFC 9106 section 4): memory in KiB, passes over it; one lane.
struct PasswordCost {
  std::uint32_t memory_kib = 65536;
  std::uint32_t iterations = 3;
};

// HashPassword is Argon2id with a random salt, in the PHC string format, which names its cost. Unavailable if there is
// not enough memory; internal.
result::Result<std::string> HashPassword(pki::ByteView password, const PasswordCost& cost);

// IsPassword tells whether `hash` was made of `password`, in time that tells nothing of either. An empty hash is of
// none, and takes as long as one of `cost`. Unavailable if there is not enough memory.
result::Result<bool> IsPassword(pki::ByteView password, const std::string& hash, const PasswordCost& cost);

}  // namespace engine::operators

#endif  // CERTIFIER_ENGINE_OPERATORS_PASSWORD_H
