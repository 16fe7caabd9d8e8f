#include "authority/certification_authority.h"

namespace engine::authority {

pki::DigestAlgorithm DigestFor(const pki::PublicKey& key) {
  switch (key.type()) {
    case pki::KeyType::kRsa:
    case pki::KeyType::kEcdsaP256:
      return pki::DigestAlgorithm::kSha256;
    case pki::KeyType::kEcdsaP384:
      return pki::DigestAlgorithm::kSha384;
    case pki::KeyType::kEcdsaP521:
      return pki::DigestAlgorithm::kSha512;
  }
  return pki::DigestAlgorithm::kSha256;
}

pki::Bytes KeyIdentity(pki::ByteView spki) {
  return pki::Digest(pki::DigestAlgorithm::kSha256, spki);
}

}  // namespace engine::authority
