#include "service_identity.h"

#include <arpa/inet.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "authority/ca_certificate.h"
#include "authority/object_name.h"
#include "keys/private_file.h"
#include "service/caller.h"

namespace engine {

namespace {

using result::Reason;

constexpr char kAlgorithm[] = "ecdsa-p256";
constexpr char kAuthorityName[] = "internal-ca";
constexpr char kClientAuthOid[] = "1.3.6.1.5.5.7.3.2", kServerAuthOid[] = "1.3.6.1.5.5.7.3.1";
constexpr std::size_t kMaxKeyFileOctets = 8192;
constexpr std::chrono::hours kDay(24);
constexpr int kAuthorityDays = 3650;
constexpr std::chrono::minutes kBackdating(5);

struct InternalAuthority {
  pki::Certificate certificate;
  std::unique_ptr<pki::PrivateKey> key;
};

std::string PathOf(const std::string& directory, const std::string& name, const char* ending) {
  return (std::filesystem::path(directory) / (name + ending)).string();
}

result::Result<std::string> ReadText(const std::string& path) {
  std::ifstream file(path);
  if (!file) return result::Fail(Reason::kUnavailable, path + " cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Replace puts `content` at `path` in one step, so that a service that starts meanwhile never reads half a file.
result::Result<void> Replace(const std::string& path, pki::ByteView content, std::filesystem::perms mode) {
  const std::string fresh = path + ".new";
  std::error_code error;
  std::filesystem::remove(fresh, error);
  RETURN_IF_ERROR(keys::WritePrivateFile(fresh, content));
  std::filesystem::permissions(fresh, mode, error);
  if (!error) std::filesystem::rename(fresh, path, error);
  if (error) return result::Fail(Reason::kUnavailable, path + ": " + error.message());
  return {};
}

result::Result<void> WritePair(const std::string& directory, const std::string& name,
                               const pki::Certificate& certificate, const pki::PrivateKey& key) {
  using std::filesystem::perms;
  constexpr perms kPrivate = perms::owner_read | perms::owner_write;
  ASSIGN_OR_RETURN(const auto pem, key.ToPem());
  RETURN_IF_ERROR(Replace(PathOf(directory, name, ".key"), pem.Reveal(), kPrivate));
  return Replace(PathOf(directory, name, ".crt"), certificate.ToPem(),
                 kPrivate | perms::group_read | perms::others_read);
}

result::Result<InternalAuthority> MakeAuthority(const std::string& directory) {
  ASSIGN_OR_RETURN(auto key, pki::PrivateKey::Generate(kAlgorithm));
  ASSIGN_OR_RETURN(const auto subject, pki::Name::FromString("CN=Certifier internal CA"));
  const auto now = std::chrono::system_clock::now();
  ASSIGN_OR_RETURN(auto certificate,
                   authority::MakeRootCertificate(
                       {subject, key->public_key(), {now - kBackdating, now + kDay * kAuthorityDays}}, *key));
  RETURN_IF_ERROR(WritePair(directory, kAuthorityName, certificate, *key));
  return InternalAuthority{std::move(certificate), std::move(key)};
}

result::Result<InternalAuthority> OpenAuthority(const std::string& directory) {
  const std::string certificate_path = PathOf(directory, kAuthorityName, ".crt");
  const std::string key_path = PathOf(directory, kAuthorityName, ".key");
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return result::Fail(Reason::kUnavailable, directory + ": " + error.message());
  if (!std::filesystem::exists(certificate_path) && !std::filesystem::exists(key_path)) return MakeAuthority(directory);
  ASSIGN_OR_RETURN(const auto certificate_pem, ReadText(certificate_path));
  ASSIGN_OR_RETURN(const auto key_pem, keys::ReadPrivateFile(key_path, kMaxKeyFileOctets));
  ASSIGN_OR_RETURN(auto certificate, pki::Certificate::FromPem(certificate_pem));
  ASSIGN_OR_RETURN(auto key, pki::PrivateKey::FromPem(key_pem.Reveal()));
  if (key->public_key().spki() != certificate.spki()) {
    return result::Fail(Reason::kConflict, key_path + " is not the key of " + certificate_path);
  }
  return InternalAuthority{std::move(certificate), std::move(key)};
}

pki::GeneralName HostName(const std::string& host) {
  in6_addr address;
  const bool is_address =
      inet_pton(AF_INET, host.c_str(), &address) == 1 || inet_pton(AF_INET6, host.c_str(), &address) == 1;
  return {is_address ? "ip" : "dns", host};
}

result::Result<pki::Certificate> SignIdentity(const InternalAuthority& authority, const ServiceIdentity& identity,
                                              const pki::PublicKey& key) {
  const auto role = service::RoleFromString(identity.role);
  if (!role) return result::Fail(Reason::kMalformed, "the role is gateway, engine, admin or operator");
  std::vector<pki::GeneralName> names = {{"uri", service::RoleUri(*role)}};
  std::ranges::transform(identity.hosts, std::back_inserter(names), HostName);
  ASSIGN_OR_RETURN(auto alternative_names, pki::EncodeGeneralNames(names));
  ASSIGN_OR_RETURN(auto usage, pki::ExtendedKeyUsageExtension({kClientAuthOid, kServerAuthOid}));
  ASSIGN_OR_RETURN(const auto subject, pki::Name::FromString("CN=" + identity.name));
  ASSIGN_OR_RETURN(const auto authority_end, authority.certificate.not_after());
  const auto now = std::chrono::system_clock::now();
  pki::TbsCertificate tbs;
  ASSIGN_OR_RETURN(tbs.serial_number, pki::RandomSerialNumber());
  tbs.issuer = pki::Bytes(authority.certificate.subject());
  tbs.subject = subject.der();
  tbs.not_before = now - kBackdating;
  tbs.not_after = std::min<TimePoint>(now + kDay * identity.days, authority_end);
  tbs.spki = key.spki();
  tbs.extensions = {pki::BasicConstraintsExtension(false),
                    pki::KeyUsageExtension(pki::kDigitalSignature),
                    std::move(usage),
                    pki::SubjectKeyIdentifierExtension(key.subject_public_key()),
                    pki::AuthorityKeyIdentifierExtension(authority.certificate.subject_key_identifier()),
                    {std::string(pki::kSubjectAlternativeNameOid), false, std::move(alternative_names)}};
  ASSIGN_OR_RETURN(const auto der, pki::SignCertificate(tbs, *authority.key, pki::DigestAlgorithm::kSha256));
  return pki::Certificate::Parse(der);
}

}  // namespace

result::Result<void> MakeServiceCertificate(const ServiceIdentity& identity) {
  if (!authority::IsObjectName(identity.name) || identity.name == kAuthorityName || identity.name.starts_with('.')) {
    return result::Fail(Reason::kMalformed, "the name is 1 to 64 characters of [A-Za-z0-9._-], and not internal-ca");
  }
  ASSIGN_OR_RETURN(const auto authority, OpenAuthority(identity.directory));
  ASSIGN_OR_RETURN(const auto key, pki::PrivateKey::Generate(kAlgorithm));
  ASSIGN_OR_RETURN(const auto certificate, SignIdentity(authority, identity, key->public_key()));
  return WritePair(identity.directory, identity.name, certificate, *key);
}

}  // namespace engine
