#ifndef CERTIFIER_ENGINE_AUTHORITY_KEY_OPERATIONS_H
#define CERTIFIER_ENGINE_AUTHORITY_KEY_OPERATIONS_H

#include "authority/directory.h"

namespace engine::authority {

// KeyOperations opens envelopes and signs replies with the keys of CAs that have no RA. Safe from any thread.
class KeyOperations {
 public:
  struct Settings {
    // How long the keys of a retired generation serve.
    std::chrono::seconds retirement = std::chrono::hours(24) * 30;
  };
  // `directory` must outlive it.
  KeyOperations(const Directory& directory, Clock clock, Settings settings)
      : directory_(directory), clock_(std::move(clock)), settings_(settings) {}

  struct KeyName {
    std::string_view ca;
    std::uint32_t generation = 0;
  };
  // Both: not found for no such generation, unauthorized for one that has an RA or whose retirement is over,
  // unavailable before the directory is loaded.

  // Unwrap is as pki::DecryptionKey::UnwrapContentKey. Malformed for a length that no cipher of ours has and for a
  // block of more than 1024 octets.
  result::Result<pki::Secret> Unwrap(const KeyName& name, pki::KeyTransport transport, pki::ByteView encrypted_key,
                                     std::size_t length) const;
  // SignReply signs what CheckReplyAttributes lets pass, and nothing else. Bad algorithm for MD5 and SHA-1 where the CA
  // does not serve them.
  result::Result<pki::Bytes> SignReply(const KeyName& name, pki::DigestAlgorithm digest,
                                       pki::ByteView signed_attributes) const;

 private:
  result::Result<std::shared_ptr<const CertificationAuthority>> Find(const KeyName& name) const;

  const Directory& directory_;
  const Clock clock_;
  const Settings settings_;
};

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_KEY_OPERATIONS_H
