#ifndef CERTIFIER_ENGINE_POLICY_FACTS_H
#define CERTIFIER_ENGINE_POLICY_FACTS_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "clock.h"
#include "pki/certificate.h"
#include "pki/certificate_request.h"
#include "store/enrollment_store.h"

namespace engine::policy {

// Attributes of a pre-shared key or an entity: free names and values, set by operators.
using Attributes = std::map<std::string, std::string, std::less<>>;

// KeyFacts is a pre-shared key that is valid for the CA that was asked.
struct KeyFacts {
  std::string reference_number;
  Attributes attributes;
  std::vector<std::string> makers = {};  // Logins of who made or replaced its value; of a request that waits.
};

// SignerFacts is a certificate of ours that signed the message, of an entity that is active, if it is of any, and
// neither revoked nor suspended.
struct SignerFacts {
  const pki::Certificate& certificate;
  const store::RenewableCertificate& record;
};

// EntityFacts is whom the request is for: an active entity.
struct EntityFacts {
  std::string name;
  Attributes attributes;
  // The rest is there where a chain asks for it (Policy::needs).
  // Its certificates of this CA that are good, less the one that is renewed, the oldest first.
  std::vector<std::int64_t> active_certificates;
  // When its last requests were stored, the newest first, at most as many as any module counts.
  std::vector<TimePoint> recent_requests;
};

using KeyUse = store::KeyUse;  // Of the request's public key.

class WebhookCaller;

// Approval is one operator's yes to exactly this request.
struct Approval {
  std::string login;
  std::vector<std::string> groups;
};

// Facts is what a chain may look at. It borrows everything for the length of one evaluation.
struct Facts {
  const pki::CertificateRequest& request;
  std::int64_t ca_id = 0;
  TimePoint ca_not_after = {};
  TimePoint now = {};
  const KeyFacts* key = nullptr;         // Null: the request brought none.
  const SignerFacts* signer = nullptr;   // Null: a throw-away certificate signed.
  const EntityFacts* entity = nullptr;   // Null: it is for none.
  KeyUse key_use = KeyUse::kNobody;      // Where a chain asks for it.
  std::vector<Approval> approvals = {};  // Of an operator's approval; empty when the request arrives.
  std::string source_address = {};
  std::string ca = {};                // Its name.
  WebhookCaller* webhooks = nullptr;  // Null: none is called, and each is as if it had not answered.
};

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_FACTS_H
