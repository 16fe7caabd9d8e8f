#include "authority/snapshot.h"

#include <strings.h>

#include <algorithm>

#include "authority/ca_options.h"
#include "pki/der.h"

namespace engine::authority {

namespace {

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

result::Result<RegistrationAuthority> OpenRegistrationAuthority(const store::RegistrationAuthorityRecord& record,
                                                                const keys::Sealer& sealer) {
  ASSIGN_OR_RETURN(auto certificate, pki::Certificate::Parse(record.certificate));
  ASSIGN_OR_RETURN(auto private_key, sealer.Unseal(KeyIdentity(certificate.spki()), record.sealed_key));
  return RegistrationAuthority{record.state, record.usage, std::move(certificate), std::move(private_key)};
}

result::Result<std::vector<pki::Certificate>> ReadChain(pki::ByteView chain) {
  std::vector<pki::Certificate> certificates;
  for (pki::der::Reader reader(chain); !reader.empty();) {
    ASSIGN_OR_RETURN(const auto element, reader.Next(pki::der::kSequence));
    ASSIGN_OR_RETURN(auto certificate, pki::Certificate::Parse(element.encoding));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

using Generations = std::vector<std::shared_ptr<const CertificationAuthority>>;

template <class Matches>
std::shared_ptr<const CertificationAuthority> FindIn(const Generations& generations, Matches matches) {
  const auto found = std::ranges::find_if(generations, [&](const auto& generation) { return matches(*generation); });
  return found == generations.end() ? nullptr : *found;
}

}  // namespace

std::shared_ptr<const CertificationAuthority> Snapshot::FindCa(std::string_view name) const {
  return FindIn(cas, [&](const auto& ca) { return EqualsIgnoringCase(ca.name, name); });
}

std::shared_ptr<const CertificationAuthority> Snapshot::FindCa(std::int64_t ca_id) const {
  return FindIn(cas, [&](const auto& ca) { return ca.ca_id == ca_id; });
}

std::shared_ptr<const CertificationAuthority> Snapshot::FindGeneration(std::int64_t ca_generation_id) const {
  const auto is_it = [&](const auto& ca) { return ca.ca_generation_id == ca_generation_id; };
  auto found = FindIn(cas, is_it);
  return found ? found : FindIn(other_generations, is_it);
}

std::shared_ptr<const CertificationAuthority> Snapshot::FindGeneration(std::string_view name,
                                                                       std::uint32_t number) const {
  auto active = FindCa(name);
  if (!active || number == 0 || active->generation_number == number) return active;
  return FindIn(other_generations,
                [&](const auto& ca) { return ca.ca_id == active->ca_id && ca.generation_number == number; });
}

std::shared_ptr<const CertificationAuthority> Snapshot::FindForCrl(std::int64_t ca_generation_id) const {
  auto found = FindGeneration(ca_generation_id);
  if (found) return found;
  return FindIn(disabled_generations, [&](const auto& ca) { return ca.ca_generation_id == ca_generation_id; });
}

std::shared_ptr<const CertificationAuthority> Snapshot::FindForCrl(std::string_view name, std::uint32_t number) const {
  auto found = FindGeneration(name, number);
  if (found) return found;
  return FindIn(disabled_generations, [&](const auto& ca) {
    const bool is_meant = number == 0 ? ca.state == store::GenerationState::kActive : ca.generation_number == number;
    return is_meant && EqualsIgnoringCase(ca.name, name);
  });
}

std::shared_ptr<const CertificationAuthority> Snapshot::FindNext(std::int64_t ca_id) const {
  return FindIn(other_generations,
                [&](const auto& ca) { return ca.ca_id == ca_id && ca.state == store::GenerationState::kNext; });
}

result::Result<CertificationAuthority> OpenCa(const store::CaRecord& record, const keys::Sealer& ca_keys,
                                              const keys::Sealer& registration_authority_keys) {
  CertificationAuthority ca;
  ca.ca_id = record.ca_id;
  ca.ca_generation_id = record.ca_generation_id;
  ca.name = record.name;
  ca.is_default = record.is_default;
  ca.policy_id = record.policy_id;
  ASSIGN_OR_RETURN(ca.options, ReadOptions(record.options));
  ca.state = record.state;
  ca.generation_number = record.generation_number;
  ca.mode = record.mode;
  ca.retired_at = record.retired_at;
  ca.is_crl_only = record.is_crl_only;
  ASSIGN_OR_RETURN(ca.chain, ReadChain(record.chain));
  ca.next_ca_certificates = record.next_ca_certificates;
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
  if (ca.mode == store::RegistrationAuthorityMode::kNone) ca.decryption_key = key;
  ca.key = std::move(key);
  for (const auto& authority : record.registration_authorities) {
    ASSIGN_OR_RETURN(auto opened, OpenRegistrationAuthority(authority, registration_authority_keys));
    ca.registration_authorities.push_back(std::move(opened));
  }
  return ca;
}

}  // namespace engine::authority
