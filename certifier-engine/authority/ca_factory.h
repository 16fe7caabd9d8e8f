#ifndef CERTIFIER_ENGINE_AUTHORITY_CA_FACTORY_H
#define CERTIFIER_ENGINE_AUTHORITY_CA_FACTORY_H

#include "authority/ca_certificate.h"
#include "authority/directory.h"

namespace engine::authority {

// CaSpecification is what an operator asks for. Empty and zero mean the default.
struct CaSpecification {
  std::string name;                                   // 1 to 64 characters of [A-Za-z0-9._-].
  std::string subject;                                // RFC 4514; default "CN=NAME CA".
  std::string key_algorithm;                          // Default "rsa-3072".
  std::uint32_t validity_days = 0;                    // Default 3650, at most 14600.
  std::string policy;                                 // Default "default".
  std::uint32_t registration_authority_key_bits = 0;  // Default 2048.
};

// CaFactory makes CAs with their RAs.
class CaFactory {
 public:
  struct Settings {
    std::chrono::seconds backdating = std::chrono::minutes(5);
    std::chrono::hours registration_authority_validity = std::chrono::hours(24) * 730;
  };

  // References must outlive the factory.
  CaFactory(store::AdministrationStore& store, Directory& directory, const Directory::Sealers& sealers, Clock clock,
            Settings settings);

  // Create makes keys and certificates, stores them sealed in one call and reloads this engine's directory; the store
  // tells the others. Malformed for a bad specification, conflict for a taken name, not found for an unknown policy.
  result::Result<void> Create(CaSpecification specification, const std::string& created_by);

 private:
  result::Result<store::NewCa> Make(const CaSpecification& specification) const;
  result::Result<void> AddRegistrationAuthority(const CaSpecification& specification, const Issuer& issuer,
                                                store::NewCa& ca) const;

  store::AdministrationStore& store_;
  Directory& directory_;
  const Directory::Sealers& sealers_;
  const Clock clock_;
  const Settings settings_;
};

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_CA_FACTORY_H
