#include "keys/sealer.h"

#include "pki/sealed.h"

namespace engine::keys {

std::string Sealer::Context(pki::ByteView identity) const {
  return purpose_ + ":" + pki::HexLower(identity);
}

result::Result<pki::Bytes> Sealer::Seal(pki::ByteView identity, pki::ByteView plaintext) const {
  return pki::Seal(key_.Reveal(), Context(identity), plaintext);
}

result::Result<pki::Secret> Sealer::Unseal(pki::ByteView identity, pki::ByteView sealed) const {
  return pki::Unseal(key_.Reveal(), Context(identity), sealed);
}

}  // namespace engine::keys
