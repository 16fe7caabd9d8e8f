#include "tests/unit/gateway/test_directory.h"

#include <map>
#include <utility>

namespace gateway {
namespace {

pki::Bytes NameOf(const std::string& subject) {
  return pki::Name::FromString(subject).value().der();
}

}  // namespace

KeyPtr TestKey(const std::string& algorithm, int index) {
  static std::map<std::pair<std::string, int>, KeyPtr> keys;
  KeyPtr& key = keys[{algorithm, index}];
  if (!key) key = pki::PrivateKey::Generate(algorithm).value();
  return key;
}

pki::TimePoint Days(int days) {
  return std::chrono::system_clock::now() + std::chrono::hours(24 * days);
}

pki::Certificate TestIssuer::Issue(const Wish& wish) const {
  pki::TbsCertificate tbs;
  tbs.serial_number = pki::RandomSerialNumber().value();
  tbs.issuer = NameOf("CN=" + name);
  tbs.subject = NameOf(wish.subject);
  tbs.not_before = wish.not_before;
  tbs.not_after = wish.not_after;
  tbs.spki = wish.key->public_key().spki();
  const pki::Bytes issuer_key_id = pki::Digest(pki::DigestAlgorithm::kSha1, key->public_key().subject_public_key());
  tbs.extensions = {pki::KeyUsageExtension(wish.key_usage), pki::BasicConstraintsExtension(wish.is_ca),
                    pki::SubjectKeyIdentifierExtension(wish.key->public_key().subject_public_key()),
                    pki::AuthorityKeyIdentifierExtension(issuer_key_id)};
  return pki::Certificate::Parse(pki::SignCertificate(tbs, *key, pki::DigestAlgorithm::kSha256).value()).value();
}

TestIssuer MakeIssuer(const std::string& name, const std::string& algorithm) {
  TestIssuer issuer{name, KeyPtr(pki::PrivateKey::Generate(algorithm).value()), {}};
  issuer.certificate = issuer.Issue({.subject = "CN=" + name,
                                     .key = issuer.key,
                                     .key_usage = pki::kKeyCertSign | pki::kCrlSign,
                                     .is_ca = true,
                                     .not_after = Days(365)});
  return issuer;
}

TestIssuer::Wish RaWish(const TestIssuer& issuer, int key_index) {
  return {.subject = "CN=" + issuer.name + " RA", .key = TestKey("rsa-2048", key_index)};
}

certifier::v1::RegistrationAuthority Ra(const TestIssuer& issuer, const TestIssuer::Wish& wish,
                                        certifier::v1::RegistrationAuthorityState state,
                                        certifier::v1::RegistrationAuthorityUsage usage) {
  certifier::v1::RegistrationAuthority ra;
  ra.set_certificate(issuer.Issue(wish).der());
  ra.set_private_key(std::string(wish.key->ToPkcs8().value().Reveal()));
  ra.set_state(state);
  ra.set_usage(usage);
  return ra;
}

OpenEngineKey NoEngineKey() {
  return [](const KeyName&, const pki::PublicKey&) { return EngineKey(); };
}

certifier::v1::CaOptions DefaultOptions() {
  certifier::v1::CaOptions options;
  options.set_strict_ca_identifier(false);
  options.set_ca_only_chain(certifier::v1::CA_ONLY_CHAIN_SINGLE);
  options.set_chain(certifier::v1::CHAIN_FULL);
  options.set_reply_chain(certifier::v1::REPLY_CHAIN_LEAF);
  options.set_sha1(true);
  options.set_des3(true);
  options.set_min_signer_bits(1024);
  options.set_renewal(true);
  options.set_getcert(true);
  options.set_getcrl(true);
  return options;
}

certifier::v1::CaBundle Bundle(const TestIssuer& issuer, std::vector<certifier::v1::RegistrationAuthority> ras,
                               bool is_default) {
  certifier::v1::CaBundle bundle;
  bundle.set_name(issuer.name);
  bundle.set_is_default(is_default);
  *bundle.mutable_options() = DefaultOptions();
  bundle.mutable_active()->set_number(1);
  bundle.mutable_active()->set_certificate(issuer.certificate.der());
  for (auto& ra : ras) *bundle.mutable_active()->add_registration_authorities() = std::move(ra);
  return bundle;
}

certifier::v1::WatchResponse Directory(std::vector<certifier::v1::CaBundle> bundles, std::uint64_t version) {
  certifier::v1::WatchResponse directory;
  directory.set_version(version);
  for (auto& bundle : bundles) *directory.add_cas() = std::move(bundle);
  return directory;
}

pki::Certificate RaCertificate(const certifier::v1::CaBundle& bundle) {
  return pki::Certificate::Parse(bundle.active().registration_authorities(0).certificate()).value();
}

pki::Bytes MakeRequest(const KeyPtr& key, std::string_view subject, std::string_view challenge) {
  pki::CertificateRequestTemplate wish;
  wish.subject = pki::Name::FromString(subject).value();
  wish.challenge = challenge;
  return pki::SignCertificateRequest(wish, *key, pki::DigestAlgorithm::kSha256).value();
}

}  // namespace gateway
