#ifndef CERTIFIER_ENGINE_AUTHORITY_CERTIFICATION_AUTHORITY_H
#define CERTIFIER_ENGINE_AUTHORITY_CERTIFICATION_AUTHORITY_H

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "certifier/v1/ca_options.pb.h"
#include "clock.h"
#include "pki/certificate.h"
#include "pki/key.h"
#include "store/administration_store.h"

namespace engine::authority {

// RegistrationAuthority is an RA's certificate and its key as PKCS#8, for the gateways.
struct RegistrationAuthority {
  store::RegistrationAuthorityState state = store::RegistrationAuthorityState::kCurrent;
  store::RegistrationAuthorityUsage usage = store::RegistrationAuthorityUsage::kCombined;
  pki::Certificate certificate;
  pki::Secret private_key;
  bool is_current() const { return state == store::RegistrationAuthorityState::kCurrent; }
};

// Crl is a CRL as it was signed.
struct Crl {
  std::uint64_t number = 0;
  TimePoint this_update, next_update;
  std::uint32_t revoked_count = 0;
  pki::Bytes der;
};

// CertificationAuthority is one generation of an active CA, ready to sign. Immutable once it is in a snapshot.
struct CertificationAuthority {
  std::int64_t ca_id = 0;
  std::int64_t ca_generation_id = 0;
  std::string name;
  bool is_default = false;
  std::int64_t policy_id = 0;
  certifier::v1::CaOptions options;  // Every field present.
  store::GenerationState state = store::GenerationState::kActive;
  std::uint32_t generation_number = 1;
  store::RegistrationAuthorityMode mode = store::RegistrationAuthorityMode::kCombined;
  std::optional<TimePoint> retired_at;
  bool is_crl_only = false;  // Retired, and its keys serve no more.
  std::string key_algorithm;
  pki::Certificate certificate;
  std::vector<pki::Certificate> chain;  // Above its own: issuer first, root last.
  pki::Bytes next_ca_certificates;      // Of a next one: the answer to GetNextCACert.
  pki::Bytes key_identifier;            // Its SKI, which becomes the AKI of what it issues.
  TimePoint not_before;
  TimePoint not_after;
  std::shared_ptr<const pki::SigningKey> key;
  std::shared_ptr<const pki::DecryptionKey> decryption_key;  // The same one, of a CA without an RA; else null.
  pki::DigestAlgorithm digest = pki::DigestAlgorithm::kSha256;
  std::vector<RegistrationAuthority> registration_authorities;  // Current first, signing before encryption.
  std::shared_ptr<const Crl> crl;                               // The newest; null: there is none yet.
};

// DigestFor is the digest that a CA signs with: SHA-384 for P-384, else SHA-256.
pki::DigestAlgorithm DigestFor(const pki::PublicKey& key);

// KeyIdentity is what a sealed private key is bound to: the SHA-256 of its SubjectPublicKeyInfo.
pki::Bytes KeyIdentity(pki::ByteView spki);

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_CERTIFICATION_AUTHORITY_H
