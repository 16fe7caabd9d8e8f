#ifndef CERTIFIER_ENGINE_AUTHORITY_CA_FACTORY_H
#define CERTIFIER_ENGINE_AUTHORITY_CA_FACTORY_H

#include "authority/directory.h"
#include "authority/generation_maker.h"

namespace engine::authority {

// CaSpecification is what an operator asks for. Empty and zero mean the default.
struct CaSpecification {
  std::string name;                                   // 1 to 64 characters of [A-Za-z0-9._-].
  std::string subject;                                // RFC 4514; default "CN=NAME CA".
  std::string key_algorithm;                          // Default "rsa-3072".
  std::uint32_t validity_days = 0;                    // Default 3650, at most 14600.
  std::string policy;                                 // Default "default".
  std::uint32_t registration_authority_key_bits = 0;  // Default 2048.
  std::string registration_authority;                 // "combined" (the default), "split" or "none".
  std::string issuer;                                 // Name of the CA that signs it; default itself.
};

// CaFactory makes CAs with their RAs.
class CaFactory {
 public:
  // References must outlive the factory.
  CaFactory(store::AdministrationStore& store, Directory& directory, const GenerationMaker& maker);

  // Create makes keys and certificates, stores them sealed in one call and reloads this engine's directory; the store
  // tells the others. Malformed for a bad specification, conflict for a taken name, not found for an unknown policy or
  // issuer.
  result::Result<void> Create(CaSpecification specification, const std::string& created_by);

 private:
  result::Result<GenerationSpecification> Read(const CaSpecification& specification) const;

  store::AdministrationStore& store_;
  Directory& directory_;
  const GenerationMaker& maker_;
};

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_CA_FACTORY_H
