#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "keys/key_encryption_key.h"

namespace {

using engine::keys::KeyEncryptionKey;
using result::Reason;

// KeyFile is a file in a directory of its own, with the mode that is wanted.
class KeyFile {
 public:
  KeyFile() {
    char directory[] = "/tmp/certifier-keys-XXXXXX";
    if (mkdtemp(directory) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = directory;
  }
  ~KeyFile() { std::filesystem::remove_all(directory_); }
  std::string path() const { return directory_ + "/kek"; }
  void Write(const std::string& content, mode_t mode) const {
    std::ofstream(path()) << content;
    chmod(path().c_str(), mode);
  }

 private:
  std::string directory_;
};

const std::string kHex(64, 'a');

KeyEncryptionKey KeyOf(char octet) {
  return *KeyEncryptionKey::FromOctets(pki::Secret(pki::Bytes(32, octet)));
}

TEST_CASE("a key that was made is read back, and is for its owner alone", "[keys]") {
  const KeyFile file;
  REQUIRE(KeyEncryptionKey::Create(file.path()));
  struct stat status = {};
  REQUIRE(stat(file.path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(KeyEncryptionKey::Load(file.path()).has_value());
}

TEST_CASE("an existing key is never overwritten", "[keys]") {
  const KeyFile file;
  REQUIRE(KeyEncryptionKey::Create(file.path()));
  const auto before = KeyEncryptionKey::Load(file.path())->PreSharedKeyIndex();
  CHECK(KeyEncryptionKey::Create(file.path()).error().reason == Reason::kConflict);
  CHECK(KeyEncryptionKey::Load(file.path())->PreSharedKeyIndex().Reveal() == before.Reveal());
}

TEST_CASE("a key file that others may read is refused", "[keys]") {
  const KeyFile file;
  const mode_t mode = GENERATE(0640, 0604, 0660, 0644);
  file.Write(kHex + "\n", mode);
  CHECK(KeyEncryptionKey::Load(file.path()).error().reason == Reason::kUnauthorized);
}

TEST_CASE("a key file of another form is malformed", "[keys]") {
  const KeyFile file;
  const auto content = GENERATE(std::string(), std::string(62, 'a'), std::string(66, 'a'), std::string(64, 'x'),
                                std::string(200, 'a'), std::string(32, '\x01'));
  file.Write(content, 0600);
  CHECK(KeyEncryptionKey::Load(file.path()).error().reason == Reason::kMalformed);
}

TEST_CASE("a key file that is not there is unavailable", "[keys]") {
  CHECK(KeyEncryptionKey::Load("/nonexistent/kek").error().reason == Reason::kUnavailable);
}

TEST_CASE("a sealed value opens for its purpose, identity and key only", "[keys]") {
  const auto key = KeyOf('k');
  const auto sealed = key.CaKeySealer().Seal("identity", "private key");
  REQUIRE(sealed.has_value());
  CHECK(sealed->find("private key") == std::string::npos);
  CHECK(key.CaKeySealer().Unseal("identity", *sealed)->Reveal() == "private key");
  CHECK(key.CaKeySealer().Unseal("another", *sealed).error().reason == Reason::kBadMessageCheck);
  CHECK_FALSE(key.RegistrationAuthorityKeySealer().Unseal("identity", *sealed).has_value());
  CHECK_FALSE(key.RequestSealer().Unseal("identity", *sealed).has_value());
  CHECK_FALSE(KeyOf('l').CaKeySealer().Unseal("identity", *sealed).has_value());
}

TEST_CASE("each purpose has a key of its own", "[keys]") {
  CHECK(KeyOf('k').PreSharedKeyIndex().Reveal() != KeyOf('l').PreSharedKeyIndex().Reveal());
  CHECK(KeyOf('k').PreSharedKeyIndex().Reveal() == KeyOf('k').PreSharedKeyIndex().Reveal());
  CHECK(KeyOf('k').PreSharedKeyIndex().Reveal().size() == 32);
}

}  // namespace
