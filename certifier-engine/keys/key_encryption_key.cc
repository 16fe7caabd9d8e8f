#include "keys/key_encryption_key.h"

#include "keys/private_file.h"
#include "pki/digest.h"

namespace engine::keys {

namespace {

constexpr std::size_t kKeyOctets = 32;
constexpr std::size_t kMaxFileOctets = 2 * kKeyOctets + 2;

}  // namespace

result::Result<KeyEncryptionKey> KeyEncryptionKey::FromOctets(pki::Secret octets) {
  if (octets.Reveal().size() != kKeyOctets) {
    return result::Fail(result::Reason::kMalformed, "a key-encryption key has 32 octets");
  }
  return KeyEncryptionKey(std::move(octets));
}

result::Result<KeyEncryptionKey> KeyEncryptionKey::Load(const std::string& path) {
  ASSIGN_OR_RETURN(const pki::Secret text, ReadPrivateFile(path, kMaxFileOctets));
  pki::ByteView hex = text.Reveal();
  while (!hex.empty() && (hex.back() == '\n' || hex.back() == '\r')) hex.remove_suffix(1);
  auto octets = pki::FromHex(hex);
  if (!octets || octets->size() != kKeyOctets) {
    return result::Fail(result::Reason::kMalformed, path + " must hold 64 hexadecimal characters and a line end");
  }
  return FromOctets(pki::Secret(*std::move(octets)));
}

result::Result<void> KeyEncryptionKey::Create(const std::string& path) {
  ASSIGN_OR_RETURN(const pki::Secret octets, pki::RandomSecret(kKeyOctets));
  pki::Bytes text = pki::HexLower(octets.Reveal());
  text += '\n';
  const auto written = WritePrivateFile(path, text);
  pki::Wipe(text);
  return written;
}

pki::Secret KeyEncryptionKey::Derive(std::string_view purpose) const {
  return pki::Secret(pki::HkdfSha256(octets_.Reveal(), purpose, kKeyOctets));
}

pki::Secret KeyEncryptionKey::PreSharedKeyIndex() const {
  return Derive("pre-shared-key-index");
}

pki::Secret KeyEncryptionKey::PreSharedKeyMinting() const {
  return Derive("pre-shared-key-minting");
}

Sealer KeyEncryptionKey::CaKeySealer() const {
  return {"ca-key", Derive("ca-key")};
}

Sealer KeyEncryptionKey::RegistrationAuthorityKeySealer() const {
  return {"ra-key", Derive("ra-key")};
}

Sealer KeyEncryptionKey::RequestSealer() const {
  return {"stored-request", Derive("stored-request")};
}

Sealer KeyEncryptionKey::AuditLogKeySealer() const {
  return {"audit-log-key", Derive("audit-log-key")};
}

}  // namespace engine::keys
