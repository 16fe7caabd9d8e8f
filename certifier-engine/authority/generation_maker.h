#ifndef CERTIFIER_ENGINE_AUTHORITY_GENERATION_MAKER_H
#define CERTIFIER_ENGINE_AUTHORITY_GENERATION_MAKER_H

#include "authority/ca_certificate.h"
#include "authority/directory.h"

namespace engine::authority {

// GenerationSpecification is the key and certificate that a CA shall have.
struct GenerationSpecification {
  std::string ca_name;
  pki::Name subject;
  std::string key_algorithm;        // "rsa-2048", "rsa-3072", "rsa-4096", "ecdsa-p256" or "ecdsa-p384".
  std::uint32_t validity_days = 0;  // 1 to 14600.
  store::RegistrationAuthorityMode mode = store::RegistrationAuthorityMode::kCombined;
  std::uint32_t registration_authority_key_bits = 0;     // 2048, 3072 or 4096.
  std::shared_ptr<const CertificationAuthority> issuer;  // Null: itself.
};

// GenerationMaker makes keys and certificates of CAs and their RAs. It stores nothing. Immutable; safe from any thread.
class GenerationMaker {
 public:
  struct Settings {
    std::chrono::seconds backdating = std::chrono::minutes(5);
    std::chrono::hours registration_authority_validity = std::chrono::hours(24) * 730;
  };

  // `sealers` must outlive it.
  GenerationMaker(const Directory::Sealers& sealers, Clock clock, Settings settings);

  // Make makes a generation with its RAs; the keys come sealed. An intermediate CA ends with its issuer at the latest.
  // Malformed for a specification out of its bounds, for a CA without an RA whose key is not RSA, and for a subject
  // that is the issuer's or an RA's.
  result::Result<store::NewGeneration> Make(const GenerationSpecification& specification) const;

  // RegistrationAuthorities are the RAs to make for a CA that exists.
  struct RegistrationAuthorities {
    std::string ca_name;
    store::RegistrationAuthorityMode mode = store::RegistrationAuthorityMode::kCombined;
    std::uint32_t key_bits = 2048;
    TimePoint ca_not_before;
    TimePoint ca_not_after;
  };
  // MakeRegistrationAuthorities makes none, one, or the signing one before the encryption one. They end with the CA at
  // the latest. Malformed for a CA whose subject is the one that its RA must have.
  result::Result<std::vector<store::NewRegistrationAuthority>> MakeRegistrationAuthorities(
      const Issuer& issuer, const RegistrationAuthorities& wanted) const;

 private:
  result::Result<store::NewRegistrationAuthority> MakeOne(const Issuer& issuer, const RegistrationAuthorities& wanted,
                                                          store::RegistrationAuthorityUsage usage) const;
  result::Result<pki::Certificate> Certify(const GenerationSpecification& specification, const pki::SigningKey& key,
                                           Validity validity) const;

  const Directory::Sealers& sealers_;
  const Clock clock_;
  const Settings settings_;
};

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_GENERATION_MAKER_H
