#ifndef CERTIFIER_ENGINE_STORE_AUTHORITY_RECORDS_H
#define CERTIFIER_ENGINE_STORE_AUTHORITY_RECORDS_H

#include <optional>
#include <string>
#include <vector>

#include "store/revocation_store.h"
#include "store/scep_service.h"

// CAs, their generations and RAs, and policies, as the store keeps them.
namespace engine::store {

struct PolicyRecord {
  std::int64_t policy_id = 0;
  std::int64_t policy_version_id = 0;
  std::string name;
  std::uint32_t version = 0;
  std::string document;  // JSON of certifier.v1.Policy, proto field names.
  TimePoint applied_at;
  std::string applied_by;
};

// NewPolicyVersion is a document that becomes the next version of its name.
struct NewPolicyVersion {
  std::string name;
  std::string document;
  std::string applied_by;
  std::optional<std::uint32_t> expected_version = std::nullopt;  // Which must be the latest; 0: none. Nothing: any.
};

// PolicyVersionSummary is a version without what it says.
struct PolicyVersionSummary {
  std::uint32_t version = 0;
  std::string description;
  TimePoint applied_at;
  std::string applied_by;
};

enum class RegistrationAuthorityUsage { kCombined, kSigning, kEncryption };

// kNext: gateways open what is addressed to it already; devices are not told of it yet.
enum class RegistrationAuthorityState { kNext, kCurrent, kRetired };

struct RegistrationAuthorityRecord {
  RegistrationAuthorityState state = RegistrationAuthorityState::kCurrent;
  RegistrationAuthorityUsage usage = RegistrationAuthorityUsage::kCombined;
  Bytes certificate;
  Bytes sealed_key;
  bool is_current() const { return state == RegistrationAuthorityState::kCurrent; }
};

enum class GenerationState { kNext, kActive, kRetired };
// Who receives the envelopes of a generation and signs its replies: one RA, one for each, or the CA itself.
enum class RegistrationAuthorityMode { kCombined, kSplit, kNone };

// CaRecord is one generation of a CA, with what the CA's generations have in common.
struct CaRecord {
  std::int64_t ca_id = 0;
  std::int64_t ca_generation_id = 0;
  std::string name;
  bool is_active = true;  // The CA; not the generation.
  bool is_default = false;
  std::int64_t policy_id = 0;
  std::string options = "{}";  // JSON of certifier.v1.CaOptions, proto field names.
  GenerationState state = GenerationState::kActive;
  std::uint32_t generation_number = 1;  // 1, 2, ...
  RegistrationAuthorityMode mode = RegistrationAuthorityMode::kCombined;
  std::string key_algorithm;
  Bytes certificate;
  Bytes chain;  // DER of the certificates above it, one after another, issuer first.
  Bytes sealed_key;
  Bytes next_ca_certificates;                                         // Of a next one: the answer to GetNextCACert.
  std::optional<TimePoint> retired_at;                                // Of a retired one.
  bool is_crl_only = false;                                           // Of a retired one: its keys serve no more.
  std::vector<RegistrationAuthorityRecord> registration_authorities;  // Current first, signing before encryption.
  CrlRecord crl;                                                      // The newest; number 0: none yet.
  bool is_crl_complete = false;                                       // Whether it knows of every revocation.
};

struct NewRegistrationAuthority {
  RegistrationAuthorityUsage usage = RegistrationAuthorityUsage::kCombined;
  Bytes certificate;
  Bytes sealed_key;
  TimePoint not_after;
};

// NewGeneration is a key and certificate of a CA that nobody has yet.
struct NewGeneration {
  std::string key_algorithm;
  Bytes certificate;
  Bytes chain;
  Bytes sealed_key;
  TimePoint not_before;
  TimePoint not_after;
  RegistrationAuthorityMode mode = RegistrationAuthorityMode::kCombined;
  std::vector<NewRegistrationAuthority> registration_authorities;
};

struct NewCa {
  std::string name;
  std::string policy;  // Name.
  std::string created_by;
  NewGeneration generation;
};

// CaChange is what an operator changes of a CA; what is absent stays.
struct CaChange {
  std::string name;
  std::string known_options;  // As they were when the change was made up.
  std::string options;        // Instead of them.
  std::string policy;         // Name; empty: as it is.
  std::optional<bool> is_active;
  bool make_default = false;
};

// NextGeneration is the generation to stage.
struct NextGeneration {
  std::string ca;                         // Name.
  std::int64_t active_generation_id = 0;  // The one that signed the answer below.
  NewGeneration generation;
  Bytes next_ca_certificates;
};

// RegistrationAuthorityRenewal is the successors of the current RAs of a generation.
struct RegistrationAuthorityRenewal {
  std::int64_t ca_generation_id = 0;
  std::vector<Bytes> renewed;  // Certificates of the current ones, all of them.
  std::vector<NewRegistrationAuthority> registration_authorities;
};

// DirectoryRecord is everything that engines keep in memory.
struct DirectoryRecord {
  std::vector<CaRecord> cas;           // Every generation, by the CA's name and the generation's number.
  std::vector<PolicyRecord> policies;  // The latest version of each.
  ScepServiceRecord scep_service;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_AUTHORITY_RECORDS_H
