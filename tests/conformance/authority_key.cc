#include "authority_key.h"

#include "authority/certification_authority.h"
#include "keys/key_encryption_key.h"
#include "tests/integration/engine/cluster.h"
#include "tests/unit/pki/identity.h"

namespace conformance {

namespace {

using testing::Must;

pki::Bytes Field(const EngineProgram& program, const std::string& ca, const std::string& column) {
  const std::string sql = "SELECT encode(g." + column +
                          ", 'hex') FROM ca_generations g JOIN cas c USING (ca_id) WHERE c.name = '" + ca + "'";
  return Must(pki::FromHex(engine_test::Text(program.database(), sql)));
}

}  // namespace

pki::Certificate CaCertificate(const EngineProgram& program, const std::string& ca) {
  return Must(pki::Certificate::Parse(Field(program, ca, "certificate")));
}

std::unique_ptr<pki::PrivateKey> CaKey(const EngineProgram& program, const std::string& ca) {
  const auto encryption_key = Must(engine::keys::KeyEncryptionKey::Load(program.key_encryption_key()));
  const pki::Bytes identity = engine::authority::KeyIdentity(CaCertificate(program, ca).spki());
  const auto pkcs8 = Must(encryption_key.CaKeySealer().Unseal(identity, Field(program, ca, "sealed_key")));
  return Must(pki::PrivateKey::FromPkcs8(pkcs8.Reveal()));
}

}  // namespace conformance
