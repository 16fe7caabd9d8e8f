#ifndef CERTIFIER_ENGINE_WEBHOOK_SECRETS_H
#define CERTIFIER_ENGINE_WEBHOOK_SECRETS_H

#include <map>
#include <string>

#include "pki/secret.h"

namespace engine::webhook {

// Secrets are the keys that sign questions, by their names.
using Secrets = std::map<std::string, pki::Secret, std::less<>>;

inline constexpr std::size_t kLeastSecretOctets = 32, kMostSecretOctets = 4096, kMostSecrets = 1000;

// LoadSecrets reads each file of `directory` but those whose names begin with a dot (Kubernetes has some): its name is
// the secret's, all its octets are the key. Unavailable if it cannot be read; unauthorized if a file's mode lets others
// in; malformed for a name that no policy can say, for less than 32 octets or more than 4096, and for over 1000 files.
result::Result<Secrets> LoadSecrets(const std::string& directory);

}  // namespace engine::webhook

#endif  // CERTIFIER_ENGINE_WEBHOOK_SECRETS_H
