#include <algorithm>

#include "support/memory_store.h"

namespace engine::store {

std::uint32_t MemoryStore::RenewalsOf(std::int64_t certificate_id) const {
  return static_cast<std::uint32_t>(std::ranges::count_if(
      requests_, [&](const Request& request) { return request.renewed_certificate_id == certificate_id; }));
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
  renewable.policy_id = FindPolicy(request.record.policy)->policy_id;
  renewable.entity_id = request.entity_id;
  if (request.entity_id) {
    const EntityRecord& entity = entities_.at(static_cast<std::size_t>(*request.entity_id - 1));
    renewable.entity = entity.name;
    renewable.is_entity_active = entity.is_active;
  }
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
