#ifndef CERTIFIER_ENGINE_POLICY_POLICY_H
#define CERTIFIER_ENGINE_POLICY_POLICY_H

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pki/key.h"

namespace engine::policy {

enum class Decision { kIssue, kHold, kRefuse };

struct SubjectRule {
  bool common_name_is_entity = false;
  std::vector<std::string> common_name_patterns;  // Empty: any.
  bool may_be_empty = false;
};

struct AlternativeNameRule {
  std::vector<std::string> allowed_kinds;
  std::vector<std::string> dns_patterns;  // Empty: any.
  std::size_t max_count = 16;
};

// AllowedKey is a kind of key that a request may bring; for RSA `least_bits` and up, else exactly that curve.
struct AllowedKey {
  pki::KeyType type = pki::KeyType::kRsa;
  int least_bits = 0;
};

// RenewalRule is when a certificate of ours vouches for its successor (requirements part 6.2).
struct RenewalRule {
  Decision decision = Decision::kIssue;
  unsigned window_percent = 50;    // The last part of its life in which it may be renewed, 1 to 100.
  std::chrono::hours grace{0};     // How long after its end.
  bool key_may_stay = false;       // Whether the successor may be for the same key.
  std::uint32_t max_renewals = 3;  // Of one certificate, 1 to 1000: a device whose answer was lost asks again.
};

// Policy is one valid document: what a request may ask for, what its certificate will hold, and who decides. Made by
// document.h only.
struct Policy {
  std::string name;
  SubjectRule subject;
  AlternativeNameRule alternative_names;
  std::vector<AllowedKey> allowed_keys;
  std::chrono::hours validity{0};
  unsigned key_usage = 0;                       // pki::KeyUsageBit.
  std::vector<std::string> extended_key_usage;  // Dotted OIDs.
  Decision with_key = Decision::kRefuse;
  Decision without_key = Decision::kRefuse;
  RenewalRule renewal;
};

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_POLICY_H
