#include <algorithm>

#include "support/memory_store.h"

// What MemoryStore looks up for messages.
namespace engine::store {

bool MemoryStore::IsOpen(RequestState state) {
  return state == RequestState::kPending || state == RequestState::kPostponed || state == RequestState::kApproved;
}

PriorRequest MemoryStore::PriorOf(const Request& request) const {
  PriorRequest prior;
  prior.request_id = request.record.request_id;
  prior.state = request.record.state;
  prior.csr_sha256 = request.record.csr_sha256;
  prior.subject = request.record.subject;
  prior.renewed_certificate_id = request.renewed_certificate_id;
  for (const auto& certificate : certificates_) {
    if (certificate.request_id != prior.request_id) continue;
    const auto place = static_cast<std::size_t>(certificate.certificate_id - 1);
    prior.certificate = certificate.certificate;
    prior.is_revoked = certificate.revocation.has_value();
    prior.ca_generation_id = issuers_.at(place);
    prior.issued_at = certificate.issued_at;
    prior.not_after = expiries_.at(place);
  }
  return prior;
}

// Whether a request is of that transaction and key, and is not over for it.
bool MemoryStore::IsInWay(const Request& request, const RequestIdentity& identity) const {
  const auto& record = request.record;
  return record.ca_id == identity.ca_id && record.transaction_id == identity.transaction_id &&
         request.requester_key == identity.requester_key && record.state != RequestState::kExpired &&
         !request.is_forgotten;
}

EntityStanding MemoryStore::StandingOf(const EntityRecord& entity) {
  return {entity.entity_id, entity.name, entity.is_active, entity.binding, entity.attributes};
}

KeyRecord MemoryStore::KnownOf(const Key& key) {
  const KeyListing& listing = key.listing;
  KeyRecord record;
  record.pre_shared_key_id = listing.pre_shared_key_id;
  record.reference_number = listing.reference_number;
  record.ca_id = key.ca_id;
  record.policy_id = key.policy_id;
  record.entity = StandingOf(*FindEntity(listing.entity));
  record.use_limit = listing.use_limit;
  record.use_count = listing.use_count;
  record.reserved_count = listing.reserved_count;
  record.not_before = listing.not_before;
  record.expires_at = listing.expires_at;
  record.binding = {listing.bound_subject, listing.bound_alternative_names};
  record.attributes = listing.attributes;
  record.is_disabled = listing.disabled_at.has_value();
  return record;
}

// Whether the open request that the query's would be a further name of holds a use of the key.
bool MemoryStore::HoldsUse(const Key& key, const EnrollmentQuery& query) const {
  return std::ranges::any_of(requests_, [&](const Request& request) {
    return IsOpen(request.record.state) && request.reserves_use &&
           request.pre_shared_key_id == key.listing.pre_shared_key_id && !request.renewed_certificate_id &&
           request.record.ca_id == query.identity.ca_id && request.requester_key == query.identity.requester_key &&
           request.record.subject == query.subject;
  });
}

EnrollmentFacts MemoryStore::FactsOf(const EnrollmentQuery& query) {
  EnrollmentFacts facts;
  std::optional<PriorRequest> elsewhere;
  for (const auto& request : requests_) {
    const auto& record = request.record;
    const bool is_identical = record.csr_sha256 == query.identity.csr_sha256;
    if (IsInWay(request, query.identity)) {
      if (is_identical) facts.identical = PriorOf(request);
      if (IsOpen(record.state)) facts.open = PriorOf(request);
    } else if (is_identical && record.state == RequestState::kIssued && !request.is_forgotten &&
               record.ca_id == query.identity.ca_id && request.requester_key == query.identity.requester_key) {
      elsewhere = PriorOf(request);
    }
  }
  if (!facts.identical) facts.identical = std::move(elsewhere);
  for (const auto& key : keys_) {
    if (query.key_digest.empty() || key.digest != query.key_digest) continue;
    facts.key = KnownOf(key);
    facts.key->is_reserved_for_requester = HoldsUse(key, query);
  }
  if (query.signer) facts.renewable = RenewableOf(*query.signer);
  return facts;
}

void MemoryStore::Find(EnrollmentQuery query, Callback<EnrollmentFacts> done) {
  std::unique_lock lock(mutex_);
  auto facts = FactsOf(query);
  lock.unlock();
  done(std::move(facts));
}

void MemoryStore::FindForPoll(RequestIdentity identity, Callback<std::optional<PriorRequest>> done) {
  std::unique_lock lock(mutex_);
  std::optional<PriorRequest> found;
  const auto is_named = [&](const Request& request) {
    if (IsInWay(request, identity)) return true;
    return request.record.state != RequestState::kExpired && !request.is_forgotten &&
           std::ranges::any_of(aliases_, [&](const Alias& alias) {
             return alias.request_id == request.record.request_id && alias.identity.ca_id == identity.ca_id &&
                    alias.identity.transaction_id == identity.transaction_id &&
                    alias.identity.requester_key == identity.requester_key;
           });
  };
  for (const auto& request : requests_) {
    if (is_named(request)) found = PriorOf(request);
  }
  lock.unlock();
  done(std::move(found));
}

std::uint32_t MemoryStore::RenewalsOf(std::int64_t certificate_id) const {
  return static_cast<std::uint32_t>(std::ranges::count_if(requests_, [&](const Request& request) {
    const RequestState state = request.record.state;
    return request.renewed_certificate_id == certificate_id && state != RequestState::kRejected &&
           state != RequestState::kExpired;
  }));
}

std::optional<std::int64_t> MemoryStore::EntityOf(const NewRequest& request) {
  if (request.entity_id) return request.entity_id;
  const Key* const key = FindKey(request.pre_shared_key_id);
  return key == nullptr ? std::nullopt : std::optional(FindEntity(key->listing.entity)->entity_id);
}

std::optional<RenewableCertificate> MemoryStore::RenewableOf(const SignerCertificate& signer) const {
  const auto found = std::ranges::find_if(certificates_, [&](const CertificateRecord& certificate) {
    return certificate.serial_number == signer.serial_number && certificate.certificate == signer.certificate;
  });
  if (found == certificates_.end()) return std::nullopt;
  const Request& request = requests_.at(static_cast<std::size_t>(found->request_id - 1));
  RenewableCertificate renewable;
  renewable.certificate_id = found->certificate_id;
  renewable.ca_id = request.record.ca_id;
  renewable.policy_id = LatestPolicy(request.record.policy)->policy_id;
  renewable.is_revoked = found->revocation.has_value();
  if (request.entity_id) renewable.entity = StandingOf(entities_.at(static_cast<std::size_t>(*request.entity_id - 1)));
  renewable.renewal_count = RenewalsOf(found->certificate_id);
  return renewable;
}

void MemoryStore::FindCertificates(CertificateQuery query, Callback<CertificateFacts> done) {
  std::unique_lock lock(mutex_);
  CertificateFacts facts;
  facts.signer = RenewableOf(query.signer);
  for (const auto& certificate : certificates_) {
    if (certificate.serial_number != query.serial_number) continue;
    const auto& request = requests_.at(static_cast<std::size_t>(certificate.request_id - 1));
    facts.certificates.push_back({request.record.ca_id, certificate.certificate});
  }
  lock.unlock();
  done(std::move(facts));
}

}  // namespace engine::store
