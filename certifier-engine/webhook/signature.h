#ifndef CERTIFIER_ENGINE_WEBHOOK_SIGNATURE_H
#define CERTIFIER_ENGINE_WEBHOOK_SIGNATURE_H

#include <string>

#include "clock.h"
#include "pki/secret.h"

namespace engine::webhook {

// SignatureOf is "t=SECONDS,v1=HEX": the time since 1970, and HMAC-SHA256 by `secret` over SECONDS, "." and `body`. The
// time is signed so that who receives it can refuse what is old (README.md shows how).
std::string SignatureOf(const pki::Secret& secret, TimePoint now, std::string_view body);

}  // namespace engine::webhook

#endif  // CERTIFIER_ENGINE_WEBHOOK_SIGNATURE_H
