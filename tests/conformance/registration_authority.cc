#include "registration_authority.h"

#include <chrono>

#include "authority/ca_certificate.h"
#include "authority/certification_authority.h"
#include "authority_key.h"
#include "keys/key_encryption_key.h"
#include "tests/integration/engine/cluster.h"
#include "tests/unit/pki/identity.h"

namespace conformance {

namespace {

using testing::Must;

std::string Literal(pki::ByteView octets) {
  return "'\\x" + pki::HexLower(octets) + "'::bytea";
}

}  // namespace

pki::Certificate ReplaceRegistrationAuthority(const EngineProgram& program, const std::string& ca,
                                              const pki::PrivateKey& key) {
  using engine::authority::KeyIdentity;
  const auto encryption_key = Must(engine::keys::KeyEncryptionKey::Load(program.key_encryption_key()));
  const auto issuer = CaCertificate(program, ca);
  const auto issuer_key = CaKey(program, ca);
  const auto now = std::chrono::system_clock::now();
  const auto subject = Must(pki::Name::FromString("CN=" + ca + " second RA"));
  const auto certificate = Must(engine::authority::MakeRegistrationAuthorityCertificate(
      {issuer, *issuer_key},
      {subject, key.public_key(), {now - std::chrono::minutes(1), now + std::chrono::hours(24)}}));
  const auto sealed_key = Must(encryption_key.RegistrationAuthorityKeySealer().Seal(KeyIdentity(certificate.spki()),
                                                                                    Must(key.ToPkcs8()).Reveal()));
  const std::string generation =
      "(SELECT g.ca_generation_id FROM ca_generations g JOIN cas c USING (ca_id) WHERE c.name = '" + ca + "')";
  engine_test::Execute(
      program.database(),
      "BEGIN; UPDATE registration_authorities SET state = 'retired', retired_at = now() WHERE ca_generation_id = " +
          generation +
          "; INSERT INTO registration_authorities (ca_generation_id, state, usage, certificate, sealed_key, not_after) "
          "VALUES "
          "(" +
          generation + ", 'current', 'combined', " + Literal(certificate.der()) + ", " + Literal(sealed_key) +
          ", now() + interval '1 day'); COMMIT");
  return certificate;
}

}  // namespace conformance
