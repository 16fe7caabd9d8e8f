#include <algorithm>

#include "support/memory_store.h"

// What MemoryStore knows of what entities and public keys did before.
namespace engine::store {

std::vector<std::int64_t> MemoryStore::ActiveCertificatesOf(const ActivityQuery& query) const {
  std::vector<std::int64_t> active;
  for (const auto& certificate : certificates_) {
    const auto& request = requests_.at(static_cast<std::size_t>(certificate.request_id - 1));
    const bool is_meant = query.wants_certificates && query.entity_id && request.entity_id == query.entity_id &&
                          request.record.ca_id == query.ca_id &&
                          certificate.certificate_id != query.renewed_certificate_id;
    const bool is_active =
        !certificate.revocation && expiries_.at(static_cast<std::size_t>(certificate.certificate_id - 1)) > query.now;
    if (is_meant && is_active && active.size() < kMostActiveCertificates) active.push_back(certificate.certificate_id);
  }
  return active;
}

KeyUse MemoryStore::KeyUseOf(const ActivityQuery& query) const {
  KeyUse use = KeyUse::kNobody;
  for (const auto& request : requests_) {
    const Bytes& key = request.subject_key.empty() ? request.requester_key : request.subject_key;
    const bool stands = IsOpen(request.record.state) || request.record.state == RequestState::kIssued;
    if (key != query.subject_key || !stands || request.record.request_id == query.request_id) continue;
    if (!request.entity_id || request.entity_id != query.entity_id) return KeyUse::kOthers;
    use = KeyUse::kSameEntity;
  }
  return use;
}

Activity MemoryStore::ActivityOf(const ActivityQuery& query) const {
  Activity activity;
  activity.active_certificates = ActiveCertificatesOf(query);
  for (auto request = requests_.rbegin(); request != requests_.rend(); ++request) {
    if (activity.recent_requests.size() == query.recent_requests) break;
    const bool is_meant = query.entity_id && request->entity_id == query.entity_id;
    if (is_meant && request->record.request_id != query.request_id) {
      activity.recent_requests.push_back(request->record.received_at);
    }
  }
  if (query.wants_key_use) activity.key_use = KeyUseOf(query);
  for (const auto id : activity.active_certificates) activity.digest += std::to_string(id) + ",";
  for (const auto time : activity.recent_requests) {
    activity.digest += "|" + std::to_string(time.time_since_epoch().count());
  }
  activity.digest += "|" + std::to_string(static_cast<int>(activity.key_use));
  return activity;
}

bool MemoryStore::HasChanged(const std::optional<JudgedActivity>& judged) const {
  return judged && ActivityOf(judged->query).digest != judged->digest;
}

void MemoryStore::FindActivity(ActivityQuery query, Callback<Activity> done) {
  std::unique_lock lock(mutex_);
  auto activity = ActivityOf(query);
  lock.unlock();
  done(std::move(activity));
}

Result<Activity> MemoryStore::FindActivity(const ActivityQuery& query) {
  const std::lock_guard lock(mutex_);
  return ActivityOf(query);
}

void MemoryStore::Supersede(const std::vector<std::int64_t>& certificates, std::int64_t successor_request_id,
                            const std::string& revoked_by) {
  for (const auto id : certificates) {
    const auto place = static_cast<std::size_t>(id - 1);
    auto& revocation = certificates_.at(place).revocation;
    if (revocation && !revocation->is_suspension()) continue;
    revocation =
        Revocation{pki::CrlReason::kSuperseded, revocation ? revocation->revoked_at : now_(),
                   revocation ? revocation->invalidity_date : std::nullopt,
                   "replaced by the certificate of request " + std::to_string(successor_request_id), revoked_by};
    ++revocation_changes_[issuers_.at(place)];
  }
}

}  // namespace engine::store
