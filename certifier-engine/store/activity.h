#ifndef CERTIFIER_ENGINE_STORE_ACTIVITY_H
#define CERTIFIER_ENGINE_STORE_ACTIVITY_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "store/types.h"

namespace engine::store {

// KeyUse is who has a public key, in a certificate or an open request.
enum class KeyUse { kNobody, kSameEntity, kOthers };

// Of more active certificates than this the oldest are found.
inline constexpr std::size_t kMostActiveCertificates = 2000;

// ActivityQuery asks what an entity and a public key did before. What is not wanted is not looked up.
struct ActivityQuery {
  std::int64_t ca_id = 0;
  std::optional<std::int64_t> entity_id;               // Nothing: of none, only the key's use is found.
  Bytes subject_key;                                   // SHA-256 of the request's SubjectPublicKeyInfo.
  std::optional<std::int64_t> renewed_certificate_id;  // Not counted among the certificates.
  std::optional<std::int64_t> request_id;              // Of a request that waits: counted nowhere.
  TimePoint now;                                       // Certificates that end later are active.
  bool wants_certificates = false;
  std::uint32_t recent_requests = 0;  // How many are wanted at most.
  bool wants_key_use = false;
};

// Activity is what was found; two that are alike have the same digest.
struct Activity {
  std::vector<std::int64_t> active_certificates;  // Of the entity and this CA, the oldest first.
  std::vector<TimePoint> recent_requests;         // When the entity's last requests came, the newest first.
  KeyUse key_use = KeyUse::kNobody;
  Bytes digest;  // Opaque.
};

// JudgedActivity is what a decision stood on. It is recorded only while the same question has the same answer, which
// nobody else who asks it can change meanwhile.
struct JudgedActivity {
  ActivityQuery query;
  Bytes digest;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_ACTIVITY_H
