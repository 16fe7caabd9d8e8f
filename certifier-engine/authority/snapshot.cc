#include "authority/snapshot.h"

#include <strings.h>

#include <algorithm>

namespace engine::authority {

namespace {

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

result::Result<RegistrationAuthority> OpenRegistrationAuthority(const store::RegistrationAuthorityRecord& record,
                                                                const keys::Sealer& sealer) {
  ASSIGN_OR_RETURN(auto certificate, pki::Certificate::Parse(record.certificate));
  ASSIGN_OR_RETURN(auto private_key, sealer.Unseal(KeyIdentity(certificate.spki()), record.sealed_key));
  return RegistrationAuthority{record.is_current, std::move(certificate), std::move(private_key)};
}

}  // namespace

std::shared_ptr<const CertificationAuthority> Snapshot::FindCa(std::string_view name) const {
  const auto found = std::ranges::find_if(cas, [&](const auto& ca) { return EqualsIgnoringCase(ca->name, name); });
  return found == cas.end() ? nullptr : *found;
}

std::shared_ptr<const CertificationAuthority> Snapshot::FindCa(std::int64_t ca_id) const {
  const auto found = std::ranges::find_if(cas, [&](const auto& ca) { return ca->ca_id == ca_id; });
  return found == cas.end() ? nullptr : *found;
}

result::Result<CertificationAuthority> OpenCa(const store::CaRecord& record, const keys::Sealer& ca_keys,
                                              const keys::Sealer& registration_authority_keys) {
  CertificationAuthority ca;
  ca.ca_id = record.ca_id;
  ca.ca_generation_id = record.ca_generation_id;
  ca.name = record.name;
  ca.is_default = record.is_default;
  ca.policy_id = record.policy_id;
  ca.key_algorithm = record.key_algorithm;
  ASSIGN_OR_RETURN(ca.certificate, pki::Certificate::Parse(record.certificate));
  ca.key_identifier = ca.certificate.subject_key_identifier();
  ASSIGN_OR_RETURN(ca.not_before, ca.certificate.not_before());
  ASSIGN_OR_RETURN(ca.not_after, ca.certificate.not_after());
  ASSIGN_OR_RETURN(const auto pkcs8, ca_keys.Unseal(KeyIdentity(ca.certificate.spki()), record.sealed_key));
  ASSIGN_OR_RETURN(std::shared_ptr<const pki::PrivateKey> key, pki::PrivateKey::FromPkcs8(pkcs8.Reveal()));
  if (key->public_key().spki() != ca.certificate.spki()) {
    return result::Fail(result::Reason::kInternal, "the CA's key is not its certificate's");
  }
  ca.digest = DigestFor(key->public_key());
  ca.key = std::move(key);
  for (const auto& authority : record.registration_authorities) {
    ASSIGN_OR_RETURN(auto opened, OpenRegistrationAuthority(authority, registration_authority_keys));
    ca.registration_authorities.push_back(std::move(opened));
  }
  return ca;
}

}  // namespace engine::authority
