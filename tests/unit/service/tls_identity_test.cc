#include "service/tls_identity.h"

#include <catch2/catch.hpp>

#include "pki/certificate.h"
#include "pki/key.h"
#include "scratch.h"

namespace {

// Identity is a key and its self-signed certificate in files NAME.key and NAME.crt.
struct Files : testing::Scratch {
  void Make(const std::string& name) const {
    const auto key = *pki::PrivateKey::Generate("ecdsa-p256");
    const pki::Bytes subject = pki::Name::FromString("CN=" + name)->der();
    const pki::TbsCertificate tbs{*pki::RandomSerialNumber(), subject, subject, {}, {}, key->public_key().spki(), {}};
    const auto certificate = *pki::Certificate::Parse(*pki::SignCertificate(tbs, *key, pki::DigestAlgorithm::kSha256));
    Write(name + ".crt", certificate.ToPem());
    Write(name + ".key", std::string(key->ToPem()->Reveal()));
  }
  result::Result<service::TlsIdentity> Load(const std::string& authority, const std::string& certificate,
                                            const std::string& key) const {
    service::TlsFiles files;
    files.authority = Path(authority);
    files.certificate = Path(certificate);
    files.key = Path(key);
    return service::LoadTlsIdentity(files);
  }
  Files() {
    for (const char* name : {"ca", "host", "other"}) Make(name);
    Write("broken", "-----BEGIN CERTIFICATE-----\nAAAA\n");
  }
};

}  // namespace

TEST_CASE_METHOD(Files, "an identity is what its files hold", "[tls]") {
  const auto identity = Load("ca.crt", "host.crt", "host.key");
  REQUIRE(identity.has_value());
  CHECK(identity->authority_pem == Read("ca.crt"));
  CHECK(identity->certificate_pem == Read("host.crt"));
  CHECK(identity->key_pem == Read("host.key"));
}

TEST_CASE_METHOD(Files, "a file that is absent or broken is refused by its name", "[tls]") {
  const auto* const odd = GENERATE("nothing", "broken", "host.key");
  for (const auto& loaded : {Load(odd, "host.crt", "host.key"), Load("ca.crt", odd, "host.key")}) {
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().reason == result::Reason::kMalformed);
    CHECK(loaded.error().detail.find(Path(odd)) != std::string::npos);
  }
}

TEST_CASE_METHOD(Files, "a key that is absent, broken or another's is refused by its name", "[tls]") {
  const auto* const odd = GENERATE("nothing", "broken", "host.crt", "other.key");
  const auto loaded = Load("ca.crt", "host.crt", odd);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().reason == result::Reason::kMalformed);
  CHECK(loaded.error().detail.find(Path(odd)) != std::string::npos);
}
