#include "support/test_certificates.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace support {

namespace {

constexpr char kAlgorithm[] = "ecdsa-p256";
constexpr char kClientAuthOid[] = "1.3.6.1.5.5.7.3.2", kServerAuthOid[] = "1.3.6.1.5.5.7.3.1";

template <class T>
T Must(result::Result<T> made) {
  if (!made) throw std::runtime_error(made.error().detail);
  return *std::move(made);
}

pki::Bytes NameOf(const std::string& common_name, const std::vector<std::string>& units = {}) {
  std::string text = "CN=" + common_name;
  for (const auto& unit : units) text += ",OU=" + unit;
  return Must(pki::Name::FromString(text)).der();
}

pki::TbsCertificate Unsigned(const std::string& issuer, const TestCertificates::Wish& wish, const pki::PublicKey& key) {
  pki::TbsCertificate tbs;
  tbs.serial_number = Must(pki::RandomSerialNumber());
  tbs.issuer = NameOf(issuer);
  tbs.subject = NameOf(wish.name, wish.units);
  tbs.not_before = wish.not_before;
  tbs.not_after = wish.not_after;
  tbs.spki = key.spki();
  tbs.extensions = {pki::SubjectKeyIdentifierExtension(key.subject_public_key())};
  return tbs;
}

pki::Certificate Sign(const pki::TbsCertificate& tbs, const pki::PrivateKey& key) {
  return Must(pki::Certificate::Parse(Must(pki::SignCertificate(tbs, key, pki::DigestAlgorithm::kSha256))));
}

// The same for every CA: a stranger differs in nothing but its key.
constexpr char kAuthorityName[] = "Internal CA of a test";

pki::Certificate MakeAuthority(const pki::PrivateKey& key) {
  const TestCertificates::Wish wish = {.name = kAuthorityName, .uris = {}};
  auto tbs = Unsigned(kAuthorityName, wish, key.public_key());
  tbs.not_before -= std::chrono::hours(24 * 30);
  tbs.extensions.push_back(pki::BasicConstraintsExtension(true));
  tbs.extensions.push_back(pki::KeyUsageExtension(pki::kKeyCertSign));
  return Sign(tbs, key);
}

}  // namespace

TestCertificates::TestCertificates() : key_(Must(pki::PrivateKey::Generate(kAlgorithm))) {
  std::string name = (std::filesystem::temp_directory_path() / "certifier-tls-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  directory_ = name;
  certificate_ = MakeAuthority(*key_);
  authority_ = Write("internal-ca.crt", certificate_.ToPem());
}

TestCertificates::~TestCertificates() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

service::TlsFiles TestCertificates::Issue(service::Role role, const std::string& name) {
  auto& files = issued_[{role, name}];
  if (files.key.empty()) files = IssueAs({.name = name, .uris = {service::RoleUri(role)}});
  return files;
}

service::TlsFiles TestCertificates::IssueAs(const Wish& wish) {
  const auto key = Must(pki::PrivateKey::Generate(kAlgorithm));
  auto tbs = Unsigned(kAuthorityName, wish, key->public_key());
  tbs.extensions.push_back(pki::BasicConstraintsExtension(false));
  tbs.extensions.push_back(pki::KeyUsageExtension(pki::kDigitalSignature));
  tbs.extensions.push_back(Must(pki::ExtendedKeyUsageExtension({kClientAuthOid, kServerAuthOid})));
  tbs.extensions.push_back(pki::AuthorityKeyIdentifierExtension(certificate_.subject_key_identifier()));
  std::vector<pki::GeneralName> names = wish.names;
  for (const std::string& uri : wish.uris) names.push_back({"uri", uri});
  if (!names.empty()) {
    tbs.extensions.push_back({std::string(pki::kSubjectAlternativeNameOid), false, Must(EncodeGeneralNames(names))});
  }
  const std::string file = std::to_string(++count_);
  return {.authority = authority_,
          .certificate = Write(file + ".crt", Sign(tbs, *key_).ToPem()),
          .key = Write(file + ".key", Must(key->ToPem()).Reveal())};
}

service::TlsFiles TestCertificates::Show(service::TlsFiles files) const {
  files.authority = authority_;
  return files;
}

// The directory is the owner's alone, so the keys in it are.
std::filesystem::path TestCertificates::Write(const std::string& name, pki::ByteView content) const {
  const auto path = directory_ / name;
  std::ofstream(path, std::ios::binary) << content;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return path;
}

}  // namespace support
