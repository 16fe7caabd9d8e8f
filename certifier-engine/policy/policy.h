#ifndef CERTIFIER_ENGINE_POLICY_POLICY_H
#define CERTIFIER_ENGINE_POLICY_POLICY_H

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "policy/chain.h"

namespace engine::policy {

// RenewalRule is when a certificate of ours vouches for its successor (requirements part 6.2).
struct RenewalRule {
  unsigned window_percent = 50;    // The last part of its life in which it may be renewed, 1 to 100.
  std::chrono::hours grace{0};     // How long after its end.
  bool key_may_stay = false;       // Whether the successor may be for the same key.
  std::uint32_t max_renewals = 3;  // Of one certificate, 1 to 1000: a device whose answer was lost asks again.
};

// Needs is what the chains of a policy ask of the database beyond what every request needs.
struct Needs {
  bool active_certificates = false;
  std::uint32_t recent_requests = 0;  // The most that any module counts; 0: none does.
  bool key_use = false;
  friend bool operator==(const Needs&, const Needs&) = default;
};

// Policy is one valid document: four chains, and what has to be known of them beforehand. Made by document.h only.
// Immutable.
struct Policy {
  std::string name;
  Chain receive_request;
  Chain accept_request;
  std::optional<Chain> view_request;
  std::optional<Chain> update_request;
  // Of the require_signer modules of receive_request, in their order.
  std::vector<RenewalRule> renewal_rules;
  // Whether a rejected request gives back the use of its key that it reserved.
  bool rejection_releases_use = false;
  Needs needs;
  bool asks_webhook = false;  // Its chains wait for somebody else's server.
};

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_POLICY_H
