#include "authority/key_operations.h"

#include <algorithm>
#include <array>

#include "authority/reply_attributes.h"

namespace engine::authority {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kMostEncryptedKeyOctets = 1024;
constexpr std::array<std::size_t, 4> kContentKeyLengths = {8, 16, 24, 32};

}  // namespace

result::Result<std::shared_ptr<const CertificationAuthority>> KeyOperations::Find(const KeyName& name) const {
  const auto snapshot = directory_.snapshot();
  if (snapshot->version == 0) return Fail(Reason::kUnavailable, "the CAs are not loaded yet");
  auto ca = snapshot->FindGeneration(name.ca, name.generation);
  if (!ca) return Fail(Reason::kNotFound, "no such CA");
  if (ca->decryption_key == nullptr) return Fail(Reason::kUnauthorized, "the CA has an RA for this");
  if (ca->retired_at && *ca->retired_at + settings_.retirement < clock_()) {
    return Fail(Reason::kUnauthorized, "the CA's generation is retired");
  }
  return ca;
}

result::Result<pki::Secret> KeyOperations::Unwrap(const KeyName& name, pki::KeyTransport transport,
                                                  pki::ByteView encrypted_key, std::size_t length) const {
  if (std::ranges::find(kContentKeyLengths, length) == kContentKeyLengths.end()) {
    return Fail(Reason::kMalformed, "a content key has 8, 16, 24 or 32 octets");
  }
  if (encrypted_key.size() > kMostEncryptedKeyOctets) return Fail(Reason::kMalformed, "the key block is too long");
  ASSIGN_OR_RETURN(const auto ca, Find(name));
  return ca->decryption_key->UnwrapContentKey(transport, encrypted_key, length);
}

result::Result<pki::Bytes> KeyOperations::SignReply(const KeyName& name, pki::DigestAlgorithm digest,
                                                    pki::ByteView signed_attributes) const {
  RETURN_IF_ERROR(CheckReplyAttributes(signed_attributes, digest));
  ASSIGN_OR_RETURN(const auto ca, Find(name));
  const bool is_served = digest == pki::DigestAlgorithm::kMd5    ? ca->options.legacy_md5()
                         : digest == pki::DigestAlgorithm::kSha1 ? ca->options.sha1()
                                                                 : true;
  if (!is_served) return Fail(Reason::kBadAlgorithm, "the CA does not serve this digest");
  return ca->key->Sign(digest, signed_attributes);
}

}  // namespace engine::authority
