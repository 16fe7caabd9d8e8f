#include "authority/ca_factory.h"

#include <algorithm>
#include <array>

#include "authority/object_name.h"
#include "service/log.h"

namespace engine::authority {

namespace {

constexpr std::array<std::string_view, 5> kCaKeyAlgorithms = {"rsa-2048", "rsa-3072", "rsa-4096", "ecdsa-p256",
                                                              "ecdsa-p384"};
constexpr std::array<std::uint32_t, 3> kRegistrationAuthorityKeyBits = {2048, 3072, 4096};
constexpr std::uint32_t kMaxValidityDays = 14600;

tl::unexpected<result::Error> Malformed(std::string detail) {
  return result::Fail(result::Reason::kMalformed, std::move(detail));
}

void FillDefaults(CaSpecification& specification) {
  if (specification.subject.empty()) specification.subject = "CN=" + specification.name + " CA";
  if (specification.key_algorithm.empty()) specification.key_algorithm = "rsa-3072";
  if (specification.validity_days == 0) specification.validity_days = 3650;
  if (specification.policy.empty()) specification.policy = "default";
  if (specification.registration_authority_key_bits == 0) specification.registration_authority_key_bits = 2048;
}

result::Result<void> Validate(const CaSpecification& specification) {
  if (!IsObjectName(specification.name)) return Malformed("a CA's name is 1 to 64 characters of [A-Za-z0-9._-]");
  if (std::ranges::find(kCaKeyAlgorithms, specification.key_algorithm) == kCaKeyAlgorithms.end()) {
    return Malformed("the key algorithm is rsa-2048, rsa-3072, rsa-4096, ecdsa-p256 or ecdsa-p384");
  }
  if (specification.validity_days > kMaxValidityDays) return Malformed("a CA is valid for at most 14600 days");
  if (std::ranges::find(kRegistrationAuthorityKeyBits, specification.registration_authority_key_bits) ==
      kRegistrationAuthorityKeyBits.end()) {
    return Malformed("the RA's key has 2048, 3072 or 4096 bits");
  }
  return {};
}

result::Result<pki::Bytes> SealKey(const pki::PrivateKey& key, const keys::Sealer& sealer) {
  ASSIGN_OR_RETURN(const auto pkcs8, key.ToPkcs8());
  return sealer.Seal(KeyIdentity(key.public_key().spki()), pkcs8.Reveal());
}

}  // namespace

CaFactory::CaFactory(store::AdministrationStore& store, Directory& directory, const Directory::Sealers& sealers,
                     Clock clock, Settings settings)
    : store_(store), directory_(directory), sealers_(sealers), clock_(std::move(clock)), settings_(settings) {}

result::Result<void> CaFactory::AddRegistrationAuthority(const CaSpecification& specification, const Issuer& issuer,
                                                         store::NewCa& ca) const {
  const TimePoint not_after = std::min(clock_() + settings_.registration_authority_validity, ca.not_after);
  ASSIGN_OR_RETURN(const auto key,
                   pki::PrivateKey::Generate("rsa-" + std::to_string(specification.registration_authority_key_bits)));
  ASSIGN_OR_RETURN(const auto subject, RegistrationAuthoritySubject(issuer.certificate, specification.name));
  if (subject.der() == issuer.certificate.subject()) {
    return Malformed("the CA's subject is the one that its RA must have; choose another");
  }
  ASSIGN_OR_RETURN(const auto certificate, MakeRegistrationAuthorityCertificate(issuer, subject, key->public_key(),
                                                                                {ca.not_before, not_after}));
  ca.registration_authority_certificate = certificate.der();
  ca.registration_authority_not_after = not_after;
  ASSIGN_OR_RETURN(ca.registration_authority_sealed_key, SealKey(*key, sealers_.registration_authority_keys));
  return {};
}

result::Result<store::NewCa> CaFactory::Make(const CaSpecification& specification) const {
  auto subject = pki::Name::FromString(specification.subject);
  if (!subject) return result::Wrap("the CA's subject", std::move(subject).error());
  if (subject->is_empty()) return Malformed("a CA needs a subject");
  const TimePoint now = clock_();
  const Validity validity = {now - settings_.backdating, now + std::chrono::hours(24) * specification.validity_days};
  ASSIGN_OR_RETURN(const auto key, pki::PrivateKey::Generate(specification.key_algorithm));
  ASSIGN_OR_RETURN(const auto certificate, MakeCaCertificate(*subject, *key, validity));
  store::NewCa ca;
  ca.name = specification.name;
  ca.policy = specification.policy;
  ca.key_algorithm = specification.key_algorithm;
  ca.certificate = certificate.der();
  ca.not_before = validity.not_before;
  ca.not_after = validity.not_after;
  ASSIGN_OR_RETURN(ca.sealed_key, SealKey(*key, sealers_.ca_keys));
  RETURN_IF_ERROR(AddRegistrationAuthority(specification, {certificate, *key}, ca));
  return ca;
}

result::Result<void> CaFactory::Create(CaSpecification specification, const std::string& created_by) {
  FillDefaults(specification);
  RETURN_IF_ERROR(Validate(specification));
  if (directory_.snapshot()->FindCa(specification.name)) {
    return result::Fail(result::Reason::kConflict, "a CA of that name exists");
  }
  ASSIGN_OR_RETURN(auto ca, Make(specification));
  ca.created_by = created_by;
  RETURN_IF_ERROR(store_.CreateCa(ca));
  service::LogInfo("ca_created", {{"ca", specification.name}, {"created_by", created_by}});
  return directory_.Reload();
}

}  // namespace engine::authority
