#ifndef CERTIFIER_ENGINE_ENROLLMENT_KEY_STRENGTH_H
#define CERTIFIER_ENGINE_ENROLLMENT_KEY_STRENGTH_H

#include <string_view>

#include "pki/bytes.h"
#include "result/result.h"

namespace engine::enrollment {

// What a pre-shared key must be that an operator typed in instead of having it drawn.
inline constexpr std::size_t kLeastTypedCharacters = 16;
// A challengePassword holds no more (PKCS #9).
inline constexpr std::size_t kMostTypedCharacters = 255;
// Different characters, and kinds of them: capitals, small letters, digits, others.
inline constexpr std::size_t kLeastDifferentCharacters = 8, kLeastKinds = 2;
// What must be left without the entity's name, well-known words, repetitions and runs such as "aaaa", "1234" or "fedc".
inline constexpr std::size_t kLeastUnobvious = 12;

// CheckTypedKey says everything that `value` lacks as the key of `entity`, and never the value. It must be printable
// ASCII without spaces at its ends, since devices disagree about how to send anything else. Malformed.
result::Result<void> CheckTypedKey(pki::ByteView value, std::string_view entity);

// CountUnobvious is how many characters of `value` are left without `name`, well-known words, repetitions and runs, all
// in any case. It takes the square of the value's length.
std::size_t CountUnobvious(std::string_view value, std::string_view name);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_KEY_STRENGTH_H
