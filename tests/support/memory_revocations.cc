#include <algorithm>

#include "support/memory_store.h"

// What MemoryStore knows of revocation and CRLs.
namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

}  // namespace

const MemoryStore::Crl* MemoryStore::NewestCrl(std::int64_t ca_generation_id) const {
  const Crl* newest = nullptr;
  for (const Crl& crl : crls_) {
    if (crl.ca_generation_id == ca_generation_id) newest = &crl;
  }
  return newest;
}

bool MemoryStore::IsCrlComplete(std::int64_t ca_generation_id) const {
  const Crl* const newest = NewestCrl(ca_generation_id);
  const auto changes = revocation_changes_.find(ca_generation_id);
  return newest != nullptr && newest->changes == (changes == revocation_changes_.end() ? 0 : changes->second);
}

bool MemoryStore::IsCrlDue(std::int64_t ca_generation_id, TimePoint now) const {
  if (!IsCrlComplete(ca_generation_id)) return true;
  const CrlRecord& record = NewestCrl(ca_generation_id)->record;
  return now >= record.this_update + (record.next_update - record.this_update) / 2;
}

Result<CertificateRecord*> MemoryStore::FindRevocable(const Bytes& serial_number, const std::string& ca) {
  const CaRecord* const named = ca.empty() ? nullptr : FindCa(ca);
  CertificateRecord* found = nullptr;
  for (auto& certificate : certificates_) {
    if (certificate.serial_number != serial_number) continue;
    if (!ca.empty() && (named == nullptr || certificate.ca != named->name)) continue;
    if (found != nullptr) return Fail(Reason::kConflict, "several CAs have this serial number; name the CA");
    found = &certificate;
  }
  if (found == nullptr) return Fail(Reason::kNotFound, "no certificate has this serial number");
  return found;
}

Result<void> MemoryStore::Revoke(const Bytes& serial_number, const std::string& ca, const NewRevocation& revocation) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(CertificateRecord* const certificate, FindRevocable(serial_number, ca));
  auto& current = certificate->revocation;
  const bool suspends = revocation.reason == pki::CrlReason::kCertificateHold;
  if (current && (suspends || !current->is_suspension())) return Fail(Reason::kConflict, "no such change");
  current = Revocation{revocation.reason, current ? current->revoked_at : now_(), revocation.invalidity_date,
                       revocation.comment, revocation.revoked_by};
  ++revocation_changes_[issuers_.at(static_cast<std::size_t>(certificate->certificate_id - 1))];
  return {};
}

Result<void> MemoryStore::Reactivate(const Bytes& serial_number, const std::string& ca) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(CertificateRecord* const certificate, FindRevocable(serial_number, ca));
  if (!certificate->revocation || !certificate->revocation->is_suspension()) {
    return Fail(Reason::kConflict, "the certificate is not suspended");
  }
  certificate->revocation.reset();
  ++revocation_changes_[issuers_.at(static_cast<std::size_t>(certificate->certificate_id - 1))];
  return {};
}

Result<std::vector<std::int64_t>> MemoryStore::DueCrls(TimePoint now) {
  const std::lock_guard lock(mutex_);
  std::vector<std::int64_t> due;
  for (const auto& ca : cas_) {
    const bool is_alive = ca.is_active && now < ends_.at(ca.ca_generation_id);
    if (is_alive && IsCrlDue(ca.ca_generation_id, now)) due.push_back(ca.ca_generation_id);
  }
  return due;
}

// One engine at a time is the lock's; it is held while `sign` runs, which must not call back.
Result<bool> MemoryStore::IssueCrl(const CrlTurn& turn, const Sign& sign) {
  const std::lock_guard lock(mutex_);
  const auto ca = std::ranges::find(cas_, turn.ca_generation_id, &CaRecord::ca_generation_id);
  if (ca == cas_.end()) return Fail(Reason::kNotFound, "no such CA generation");
  if (!IsCrlDue(turn.ca_generation_id, turn.now)) return false;
  const Crl* const before = NewestCrl(turn.ca_generation_id);
  CrlDraft draft;
  draft.crl_number = before == nullptr ? 1 : before->record.crl_number + 1;
  for (std::size_t i = 0; i < certificates_.size(); i++) {
    const auto& certificate = certificates_[i];
    const auto& revocation = certificate.revocation;
    if (!revocation || issuers_[i] != ca->ca_generation_id) continue;
    const bool was_listed = before != nullptr && expiries_[i] < before->record.this_update &&
                            revocation->revoked_at < before->record.this_update;
    if (was_listed) continue;
    draft.revoked.push_back(
        {certificate.serial_number, revocation->revoked_at, revocation->reason, revocation->invalidity_date});
  }
  ASSIGN_OR_RETURN(const NewCrl crl, sign(draft));
  const CrlRecord record = {draft.crl_number, crl.this_update, crl.next_update,
                            static_cast<std::uint32_t>(draft.revoked.size())};
  crls_.push_back({turn.ca_generation_id, record, crl.crl, revocation_changes_[turn.ca_generation_id]});
  std::erase_if(crls_, [&](const Crl& old) {
    return old.ca_generation_id == turn.ca_generation_id &&
           old.record.crl_number < draft.crl_number - static_cast<std::int64_t>(turn.kept);
  });
  return true;
}

Result<Bytes> MemoryStore::GetCrl(std::int64_t ca_generation_id, std::int64_t crl_number) {
  const std::lock_guard lock(mutex_);
  for (const Crl& crl : crls_) {
    if (crl.ca_generation_id == ca_generation_id && crl.record.crl_number == crl_number) return crl.der;
  }
  return Fail(Reason::kNotFound, "no such CRL");
}

}  // namespace engine::store
