#include "webhook/secrets.h"

#include <filesystem>

#include "keys/private_file.h"
#include "policy/webhook_caller.h"

namespace engine::webhook {

namespace {

using result::Reason;

result::Result<pki::Secret> ReadSecret(const std::filesystem::path& path) {
  if (!policy::IsSecretName(path.filename().string())) {
    return result::Fail(Reason::kMalformed, path.string() + " is not named by 1 to 64 characters of [A-Za-z0-9_-]");
  }
  ASSIGN_OR_RETURN(auto secret, keys::ReadPrivateFile(path.string(), kMostSecretOctets));
  if (secret.Reveal().size() < kLeastSecretOctets) {
    return result::Fail(Reason::kMalformed, path.string() + " has less than 32 octets; make one by openssl rand 32");
  }
  return secret;
}

}  // namespace

result::Result<Secrets> LoadSecrets(const std::string& directory) {
  Secrets secrets;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (name.starts_with('.')) continue;
    if (secrets.size() == kMostSecrets) {
      return result::Fail(Reason::kMalformed, directory + " holds more than 1000 secrets");
    }
    ASSIGN_OR_RETURN(auto secret, ReadSecret(entry->path()));
    secrets.emplace(name, std::move(secret));
  }
  if (error) return result::Fail(Reason::kUnavailable, directory + ": " + error.message());
  return secrets;
}

}  // namespace engine::webhook
