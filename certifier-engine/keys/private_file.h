#ifndef CERTIFIER_ENGINE_KEYS_PRIVATE_FILE_H
#define CERTIFIER_ENGINE_KEYS_PRIVATE_FILE_H

#include <string>

#include "pki/secret.h"

namespace engine::keys {

// ReadPrivateFile reads a file of at most `max_octets` whose mode is 0600 or less; 0640 or less where root owns it and
// we are not root. Unavailable if it cannot be read, unauthorized if its mode lets others in, malformed if it is
// longer.
result::Result<pki::Secret> ReadPrivateFile(const std::string& path, std::size_t max_octets);
// WritePrivateFile makes a new file, mode 0600, durable when it returns. Conflict if `path` exists, unavailable if it
// cannot be written.
result::Result<void> WritePrivateFile(const std::string& path, pki::ByteView content);

}  // namespace engine::keys

#endif  // CERTIFIER_ENGINE_KEYS_PRIVATE_FILE_H
