#include "authority/generation_maker.h"

#include <algorithm>
#include <array>

namespace engine::authority {

namespace {

using store::RegistrationAuthorityMode;
using store::RegistrationAuthorityUsage;

constexpr std::array<std::string_view, 5> kCaKeyAlgorithms = {"rsa-2048", "rsa-3072", "rsa-4096", "ecdsa-p256",
                                                              "ecdsa-p384"};
constexpr std::array<std::uint32_t, 3> kRegistrationAuthorityKeyBits = {2048, 3072, 4096};
constexpr std::uint32_t kMaxValidityDays = 14600;

tl::unexpected<result::Error> Malformed(std::string detail) {
  return result::Fail(result::Reason::kMalformed, std::move(detail));
}

template <class Values, class Value>
bool IsOneOf(const Values& values, const Value& value) {
  return std::ranges::find(values, value) != values.end();
}

result::Result<void> Validate(const GenerationSpecification& specification) {
  if (!IsOneOf(kCaKeyAlgorithms, specification.key_algorithm)) {
    return Malformed("the key algorithm is rsa-2048, rsa-3072, rsa-4096, ecdsa-p256 or ecdsa-p384");
  }
  if (specification.validity_days == 0 || specification.validity_days > kMaxValidityDays) {
    return Malformed("a CA is valid for at most 14600 days");
  }
  if (!IsOneOf(kRegistrationAuthorityKeyBits, specification.registration_authority_key_bits)) {
    return Malformed("the RA's key has 2048, 3072 or 4096 bits");
  }
  const bool is_rsa = specification.key_algorithm.starts_with("rsa-");
  if (specification.mode == RegistrationAuthorityMode::kNone && !is_rsa) {
    return Malformed("a CA without an RA needs an RSA key, since devices encrypt to it");
  }
  if (specification.subject.is_empty()) return Malformed("a CA needs a subject");
  if (specification.issuer && specification.subject.der() == specification.issuer->certificate.subject()) {
    return Malformed("the CA's subject is its issuer's; choose another");
  }
  return {};
}

result::Result<pki::Bytes> SealKey(const pki::PrivateKey& key, const keys::Sealer& sealer) {
  ASSIGN_OR_RETURN(const auto pkcs8, key.ToPkcs8());
  return sealer.Seal(KeyIdentity(key.public_key().spki()), pkcs8.Reveal());
}

std::string CommonNameOf(const std::string& ca_name, RegistrationAuthorityUsage usage) {
  switch (usage) {
    case RegistrationAuthorityUsage::kSigning:
      return ca_name + " RA signing";
    case RegistrationAuthorityUsage::kEncryption:
      return ca_name + " RA encryption";
    case RegistrationAuthorityUsage::kCombined:
      break;
  }
  return ca_name + " RA";
}

std::vector<RegistrationAuthorityUsage> UsagesOf(RegistrationAuthorityMode mode) {
  switch (mode) {
    case RegistrationAuthorityMode::kCombined:
      return {RegistrationAuthorityUsage::kCombined};
    case RegistrationAuthorityMode::kSplit:
      return {RegistrationAuthorityUsage::kSigning, RegistrationAuthorityUsage::kEncryption};
    case RegistrationAuthorityMode::kNone:
      break;
  }
  return {};
}

pki::Bytes ChainOf(const CertificationAuthority* issuer) {
  pki::Bytes chain;
  if (issuer == nullptr) return chain;
  chain += issuer->certificate.der();
  for (const auto& certificate : issuer->chain) chain += certificate.der();
  return chain;
}

}  // namespace

GenerationMaker::GenerationMaker(const Directory::Sealers& sealers, Clock clock, Settings settings)
    : sealers_(sealers), clock_(std::move(clock)), settings_(settings) {}

result::Result<store::NewRegistrationAuthority> GenerationMaker::MakeOne(const Issuer& issuer,
                                                                         const RegistrationAuthorities& wanted,
                                                                         RegistrationAuthorityUsage usage) const {
  const TimePoint now = clock_();
  const Validity validity = {std::max(now - settings_.backdating, wanted.ca_not_before),
                             std::min(now + settings_.registration_authority_validity, wanted.ca_not_after)};
  ASSIGN_OR_RETURN(const auto key, pki::PrivateKey::Generate("rsa-" + std::to_string(wanted.key_bits)));
  ASSIGN_OR_RETURN(const auto subject,
                   RegistrationAuthoritySubject(issuer.certificate, CommonNameOf(wanted.ca_name, usage)));
  if (subject.der() == issuer.certificate.subject()) {
    return Malformed("the CA's subject is the one that its RA must have; choose another");
  }
  ASSIGN_OR_RETURN(const auto certificate,
                   MakeRegistrationAuthorityCertificate(issuer, {subject, key->public_key(), validity, usage}));
  store::NewRegistrationAuthority authority;
  authority.usage = usage;
  authority.certificate = certificate.der();
  authority.not_after = validity.not_after;
  ASSIGN_OR_RETURN(authority.sealed_key, SealKey(*key, sealers_.registration_authority_keys));
  return authority;
}

result::Result<std::vector<store::NewRegistrationAuthority>> GenerationMaker::MakeRegistrationAuthorities(
    const Issuer& issuer, const RegistrationAuthorities& wanted) const {
  std::vector<store::NewRegistrationAuthority> authorities;
  for (const auto usage : UsagesOf(wanted.mode)) {
    ASSIGN_OR_RETURN(auto authority, MakeOne(issuer, wanted, usage));
    authorities.push_back(std::move(authority));
  }
  return authorities;
}

result::Result<pki::Certificate> GenerationMaker::Certify(const GenerationSpecification& specification,
                                                          const pki::SigningKey& key, Validity validity) const {
  CaCertificateSpecification certificate = {specification.subject, key.public_key(), validity,
                                            specification.mode == RegistrationAuthorityMode::kNone};
  if (!specification.issuer) return MakeRootCertificate(certificate, key);
  certificate.published = PublishedExtensions(UrlsOf(*specification.issuer));
  return MakeIntermediateCertificate(certificate, {specification.issuer->certificate, *specification.issuer->key});
}

result::Result<store::NewGeneration> GenerationMaker::Make(const GenerationSpecification& specification) const {
  RETURN_IF_ERROR(Validate(specification));
  const auto* const issuer = specification.issuer.get();
  const TimePoint now = clock_();
  Validity validity = {now - settings_.backdating, now + std::chrono::hours(24) * specification.validity_days};
  if (issuer != nullptr) {
    validity.not_before = std::max(validity.not_before, issuer->not_before);
    validity.not_after = std::min(validity.not_after, issuer->not_after);
    if (validity.not_after <= now) return result::Fail(result::Reason::kBadTime, "the issuer's certificate has ended");
  }
  ASSIGN_OR_RETURN(const auto key, pki::PrivateKey::Generate(specification.key_algorithm));
  ASSIGN_OR_RETURN(const auto certificate, Certify(specification, *key, validity));
  store::NewGeneration generation;
  generation.key_algorithm = specification.key_algorithm;
  generation.certificate = certificate.der();
  generation.chain = ChainOf(issuer);
  generation.not_before = validity.not_before;
  generation.not_after = validity.not_after;
  generation.mode = specification.mode;
  ASSIGN_OR_RETURN(generation.sealed_key, SealKey(*key, sealers_.ca_keys));
  ASSIGN_OR_RETURN(generation.registration_authorities,
                   MakeRegistrationAuthorities({certificate, *key}, {specification.ca_name, specification.mode,
                                                                     specification.registration_authority_key_bits,
                                                                     validity.not_before, validity.not_after}));
  return generation;
}

}  // namespace engine::authority
