#ifndef CERTIFIER_ENGINE_ENROLLMENT_PRE_SHARED_KEY_H
#define CERTIFIER_ENGINE_ENROLLMENT_PRE_SHARED_KEY_H

#include <string>

#include "pki/bytes.h"
#include "pki/secret.h"

namespace engine::enrollment {

// A pre-shared key's value is 128 random bits in Crockford's base32 (digits and capitals without I, L, O, U): 26
// characters, and a 27th that checks them, in groups: "2CVHR-7TQ4X-...". The check character makes the 27 characters a
// code word over GF(32): any one wrong character and any two exchanged ones are found.

// NewPreSharedKey draws a value as it is shown, 32 characters with its dashes. Internal if there is no randomness.
result::Result<pki::Secret> NewPreSharedKey();

// ShownPreSharedKey is a value as it is shown; `octets` are its 16, as good as random.
pki::Secret ShownPreSharedKey(pki::ByteView octets);

// NormalizedChallenge is a challenge as it is looked up. Where dropping spaces and dashes, folding case and reading O
// as 0 and I and L as 1 leaves a whole value of ours, check character and all, it is those 27 characters; any other
// challenge stays as it is, so that keys of other forms can be looked up too.
pki::Secret NormalizedChallenge(pki::ByteView challenge);

// PreSharedKeyDigest is what the database finds a key by: HMAC-SHA256 of the normalized challenge under `index_key`.
pki::Bytes PreSharedKeyDigest(const pki::Secret& index_key, pki::ByteView challenge);

// NewReferenceNumber draws a key's name, which is no secret: 8 characters of the same alphabet.
result::Result<std::string> NewReferenceNumber();

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_PRE_SHARED_KEY_H
