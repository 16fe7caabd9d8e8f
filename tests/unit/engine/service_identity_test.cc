#include "service_identity.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "pki/certificate.h"
#include "service/caller.h"

namespace {

using engine::MakeServiceCertificate;
using engine::ServiceIdentity;
using result::Reason;

// Directory is a fresh one for the internal CA's files.
class Directory {
 public:
  Directory() {
    char name[] = "/tmp/certifier-identity-XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = std::string(name) + "/pki";
  }
  ~Directory() { std::filesystem::remove_all(std::filesystem::path(path_).parent_path()); }
  ServiceIdentity Identity(const std::string& role, const std::string& name) const {
    return {path_, role, name, {"localhost", "127.0.0.1"}, 365};
  }
  std::string Read(const std::string& name) const {
    std::ifstream file(path_ + "/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  pki::Certificate Certificate(const std::string& name) const {
    return *pki::Certificate::FromPem(Read(name + ".crt"));
  }
  unsigned Mode(const std::string& name) const {
    struct stat status = {};
    return stat((path_ + "/" + name).c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
  }

 private:
  std::string path_;
};

TEST_CASE("a service's certificate says its role and verifies under the internal CA", "[identity]") {
  const Directory directory;
  const auto role = GENERATE(as<std::string>(), "gateway", "engine", "admin", "operator");
  REQUIRE(MakeServiceCertificate(directory.Identity(role, "host-1")));
  const auto certificate = directory.Certificate("host-1");
  CHECK(service::ToString(service::RoleOf(certificate).value()) == role);
  CHECK(certificate.subject_name()->ToString() == "CN=host-1");
  const auto verified =
      pki::VerifyIssuedBy(certificate, directory.Certificate("internal-ca"), std::chrono::system_clock::now());
  CHECK((verified ? "" : verified.error().detail) == "");
  CHECK(pki::PrivateKey::FromPem(directory.Read("host-1.key")).value()->public_key().spki() == certificate.spki());
}

TEST_CASE("private keys are for their owner alone", "[identity]") {
  const Directory directory;
  REQUIRE(MakeServiceCertificate(directory.Identity("engine", "engine-1")));
  CHECK(directory.Mode("engine-1.key") == 0600);
  CHECK(directory.Mode("internal-ca.key") == 0600);
}

TEST_CASE("the internal CA is made once", "[identity]") {
  const Directory directory;
  REQUIRE(MakeServiceCertificate(directory.Identity("engine", "engine-1")));
  const auto before = directory.Read("internal-ca.crt");
  REQUIRE(MakeServiceCertificate(directory.Identity("gateway", "gateway-1")));
  CHECK(directory.Read("internal-ca.crt") == before);
}

TEST_CASE("hosts become names of their kind", "[identity]") {
  const Directory directory;
  REQUIRE(MakeServiceCertificate(directory.Identity("engine", "engine-1")));
  std::vector<std::string> names;
  const auto certificate = directory.Certificate("engine-1");
  const auto extensions = certificate.extensions();
  for (const auto& extension : *extensions) {
    if (extension.oid != pki::kSubjectAlternativeNameOid) continue;
    const auto parsed = pki::ParseGeneralNames(extension.value);
    for (const auto& name : *parsed) names.push_back(pki::ToString(name));
  }
  CHECK(names == std::vector<std::string>{"uri:urn:certifier:role:engine", "dns:localhost", "ip:127.0.0.1"});
}

TEST_CASE("another role and a name that leaves the directory are malformed", "[identity]") {
  const Directory directory;
  CHECK(MakeServiceCertificate(directory.Identity("root", "x")).error().reason == Reason::kMalformed);
  for (const auto* name : {"", "../x", "a/b", "internal-ca", ".", "..", "a,CN=b"}) {
    CHECK(MakeServiceCertificate(directory.Identity("engine", name)).error().reason == Reason::kMalformed);
  }
}

TEST_CASE("an internal CA whose key is not its own is refused", "[identity]") {
  const Directory one, other;
  REQUIRE(MakeServiceCertificate(one.Identity("engine", "engine-1")));
  REQUIRE(MakeServiceCertificate(other.Identity("engine", "engine-1")));
  std::ofstream(one.Identity("", "").directory + "/internal-ca.crt") << other.Read("internal-ca.crt");
  CHECK(MakeServiceCertificate(one.Identity("engine", "engine-2")).error().reason == Reason::kConflict);
}

}  // namespace
