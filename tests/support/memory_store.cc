#include "support/memory_store.h"

#include <algorithm>
#include <utility>

#include "support/memory_rows.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

bool HasFingerprint(const Bytes& packed, const Bytes& wanted) {
  if (packed.size() != 68) return false;
  return packed.substr(0, 16) == wanted || packed.substr(16, 20) == wanted || packed.substr(36, 32) == wanted;
}

}  // namespace

const CaRecord* MemoryStore::FindCa(const std::string& name) const {
  const auto found = std::ranges::find_if(
      cas_, [&](const auto& ca) { return ca.state == GenerationState::kActive && IsSameName(ca.name, name); });
  return found == cas_.end() ? nullptr : &*found;
}

const CaRecord& MemoryStore::CaWithId(std::int64_t ca_id) const {
  return *std::ranges::find(cas_, ca_id, &CaRecord::ca_id);
}

// The latest version.
const PolicyRecord* MemoryStore::LatestPolicy(const std::string& name) const {
  const PolicyRecord* latest = nullptr;
  for (const auto& version : policy_versions_) {
    if (IsSameName(version.name, name)) latest = &version;
  }
  return latest;
}

MemoryStore::Request* MemoryStore::FindRequest(std::int64_t id) {
  if (id < 1 || static_cast<std::size_t>(id) > requests_.size()) return nullptr;
  return &requests_[static_cast<std::size_t>(id - 1)];
}

void MemoryStore::Record(NewRequest request, Callback<RecordOutcome> done) {
  std::unique_lock lock(mutex_);
  auto outcome = RecordNow(request);
  lock.unlock();
  done(std::move(outcome));
}

// What is superseded is out of the way, and is back in it where nothing took its place.
Result<RecordOutcome> MemoryStore::RecordNow(const NewRequest& request) {
  if (HasChanged(request.judged_on)) return RecordOutcome{RecordOutcome::Kind::kChanged, 0, {}};
  Request* const superseded = FindRequest(request.superseded_request_id.value_or(0));
  const bool was_forgotten = superseded != nullptr && std::exchange(superseded->is_forgotten, true);
  const auto outcome = Write(request);
  const bool is_written = outcome && outcome->kind == RecordOutcome::Kind::kRecorded;
  // Write may have moved the requests.
  if (superseded != nullptr && !is_written) FindRequest(*request.superseded_request_id)->is_forgotten = was_forgotten;
  return outcome;
}

Result<RecordOutcome> MemoryStore::Write(const NewRequest& request) {
  const auto facts = FactsOf({request.identity, {}});
  for (const auto* prior : {&facts.identical, &facts.open}) {
    if (*prior) return RecordOutcome{RecordOutcome::Kind::kPrior, (*prior)->request_id, *prior};
  }
  if (Collides(request) && request.refuses_collision) return RecordOutcome{RecordOutcome::Kind::kCollision, 0, {}};
  if (const auto alias = AttachAlias(request)) return *alias;
  if (IsTooMuch(request)) return RecordOutcome{RecordOutcome::Kind::kTooMuch, 0, {}};
  const auto& ca = CaWithId(request.identity.ca_id);
  if (request.certificate && IsIssued(request.certificate->serial_number, ca.name)) {
    return Fail(Reason::kInternal, "the CA has issued this serial number");
  }
  Key* const key = FindKey(request.pre_shared_key_id);
  if (key != nullptr && !HasUse(*key)) return RecordOutcome{RecordOutcome::Kind::kExhausted, 0, std::nullopt};
  if (request.renewal && RenewalsOf(request.renewal->certificate_id) >= request.renewal->limit) {
    return RecordOutcome{RecordOutcome::Kind::kExhausted, 0, std::nullopt};
  }
  Request added;
  added.reserves_use = key != nullptr && request.state == RequestState::kPending;
  added.releases_use = request.releases_use;
  if (key != nullptr) ++(added.reserves_use ? key->listing.reserved_count : key->listing.use_count);
  added.requester_key = request.identity.requester_key;
  added.subject_key = request.subject_key;
  added.entity_id = EntityOf(request);
  if (request.renewal) added.renewed_certificate_id = request.renewal->certificate_id;
  added.pre_shared_key_id = request.pre_shared_key_id;
  RequestRecord& record = added.record;
  record.request_id = Next<std::int64_t>(requests_.size());
  record.state = request.state;
  record.ca_id = request.identity.ca_id;
  record.ca = ca.name;
  record.transaction_id = request.identity.transaction_id;
  record.csr_sha256 = request.identity.csr_sha256;
  record.sealed_csr = request.sealed_csr;
  record.subject = request.subject;
  record.subject_alternative_names = request.subject_alternative_names;
  record.key_algorithm = request.key_algorithm;
  record.source_address = request.source_address;
  record.received_at = request.received_at;
  record.has_challenge = request.has_challenge;
  if (key != nullptr) record.reference_number = key->listing.reference_number;
  if (added.entity_id) record.entity = entities_.at(static_cast<std::size_t>(*added.entity_id - 1)).name;
  const auto& version = policy_versions_.at(static_cast<std::size_t>(request.policy_version_id - 1));
  record.policy = version.name;
  record.policy_version = version.version;
  record.policy_version_id = request.policy_version_id;
  record.policy_id = version.policy_id;
  added.decision = request.decision;
  record.held_template = request.held_template;
  record.terms = request.terms;
  if (key != nullptr && request.state == RequestState::kPending) {
    record.key_makers = {key->listing.created_by};
    if (!key->listing.rekeyed_by.empty()) record.key_makers.push_back(key->listing.rekeyed_by);
  }
  record.fingerprints = request.fingerprints;
  record.unsigned_fingerprints = request.unsigned_fingerprints;
  if (!request.certificate) record.ca_generation_id = request.ca_generation_id;
  record.has_collision = request.state == RequestState::kPending && Collides(request);
  requests_.push_back(std::move(added));
  if (key != nullptr) NoteUse(*key, requests_.back().record);
  if (request.certificate) {
    AddCertificate(*request.certificate, requests_.back());
    Supersede(request.revokes, requests_.back().record.request_id, "policy");
  }
  return RecordOutcome{RecordOutcome::Kind::kRecorded, requests_.back().record.request_id, std::nullopt};
}

bool MemoryStore::IsIssued(const Bytes& serial_number, const std::string& ca) const {
  return std::ranges::any_of(certificates_, [&](const auto& certificate) {
    return certificate.serial_number == serial_number && certificate.ca == ca;
  });
}

void MemoryStore::AddCertificate(const NewCertificate& certificate, Request& request) {
  certificates_.push_back({Next<std::int64_t>(certificates_.size()),
                           request.record.ca,
                           request.record.entity,
                           certificate.serial_number,
                           certificate.certificate,
                           request.record.request_id,
                           now_(),
                           {},
                           request.record.policy,
                           request.record.policy_version});
  expiries_.push_back(certificate.not_after);
  issuers_.push_back(certificate.ca_generation_id);
  request.record.serial_number = certificate.serial_number;
}

Result<PolicyRecord> MemoryStore::ApplyPolicy(const NewPolicyVersion& next) {
  const std::lock_guard lock(mutex_);
  PolicyRecord record;
  record.policy_version_id = Next<std::int64_t>(policy_versions_.size());
  record.policy_id = record.policy_version_id;
  record.name = next.name;
  record.version = 1;
  if (const PolicyRecord* const latest = LatestPolicy(next.name)) {
    record.policy_id = latest->policy_id;
    record.name = latest->name;
    record.version = latest->version + 1;
  }
  if (next.expected_version && *next.expected_version + 1 != record.version) {
    return Fail(Reason::kConflict, "another version is the latest");
  }
  record.document = next.document;
  record.applied_at = now_();
  record.applied_by = next.applied_by;
  policy_versions_.push_back(record);
  return record;
}

Result<PolicyRecord> MemoryStore::GetPolicyVersion(std::int64_t policy_version_id) {
  const std::lock_guard lock(mutex_);
  if (policy_version_id < 1 || static_cast<std::size_t>(policy_version_id) > policy_versions_.size()) {
    return Fail(Reason::kNotFound, "no such policy version");
  }
  return policy_versions_[static_cast<std::size_t>(policy_version_id - 1)];
}

Result<PolicyRecord> MemoryStore::FindPolicy(const std::string& name, std::uint32_t version) {
  const std::lock_guard lock(mutex_);
  const PolicyRecord* const latest = LatestPolicy(name);
  for (const PolicyRecord& record : policy_versions_) {
    if (latest == nullptr || record.policy_id != latest->policy_id) continue;
    if (record.version == (version == 0 ? latest->version : version)) return record;
  }
  return Fail(Reason::kNotFound, "no such policy, or no such version of it");
}

// What a document says is not this store's to know: the descriptions stay empty.
Result<std::vector<PolicyVersionSummary>> MemoryStore::ListPolicyVersions(const std::string& name, Page page) {
  const std::lock_guard lock(mutex_);
  const PolicyRecord* const latest = LatestPolicy(name);
  if (latest == nullptr) return Fail(Reason::kNotFound, "no such policy");
  std::vector<PolicyVersionSummary> versions;
  for (auto record = policy_versions_.rbegin(); record != policy_versions_.rend() && versions.size() < page.size;
       ++record) {
    const bool is_before = page.before == 0 || record->version < page.before;
    if (record->policy_id == latest->policy_id && is_before) {
      versions.push_back({record->version, "", record->applied_at, record->applied_by});
    }
  }
  return versions;
}

Result<std::vector<RequestRecord>> MemoryStore::ListRequests(const RequestFilter& filter, Page page) {
  if (!filter.terms.empty() || filter.same_key_as != 0) return Fail(Reason::kInternal, kNoSearch);
  const auto& [state, ca, fingerprint, terms, same_key_as, oldest_first] = filter;
  const std::lock_guard lock(mutex_);
  const auto admits = [&](const Request& row) {
    const RequestRecord& record = row.record;
    const bool has_fingerprint = fingerprint.empty() || HasFingerprint(record.fingerprints, fingerprint) ||
                                 HasFingerprint(record.unsigned_fingerprints, fingerprint);
    return (!state || record.state == *state) && (ca.empty() || IsSameName(record.ca, ca)) && has_fingerprint &&
           IsAmong(record.ca_id, page.ca_ids);
  };
  const auto id_of = [](const Request& row) { return row.record.request_id; };
  const auto show = [this](const Request& row) { return Shown(row); };
  if (!oldest_first) return PageOf<RequestRecord>(requests_, page, id_of, admits, show);
  std::vector<RequestRecord> shown;
  for (const Request& row : requests_) {
    if (shown.size() < page.size && id_of(row) > page.before && admits(row)) shown.push_back(show(row));
  }
  return shown;
}

RequestRecord MemoryStore::Shown(const Request& request) const {
  RequestRecord record = request.record;
  record.entity_id = request.entity_id;
  record.renewed_certificate_id = request.renewed_certificate_id;
  if (request.renewed_certificate_id) {
    const auto& renewed = certificates_.at(static_cast<std::size_t>(*request.renewed_certificate_id - 1));
    record.renewed_serial_number = renewed.serial_number;
    record.is_renewed_revoked = renewed.revocation.has_value();
  }
  if (request.pre_shared_key_id) {
    const KeyListing& key = keys_.at(static_cast<std::size_t>(*request.pre_shared_key_id - 1)).listing;
    record.key_attributes = key.attributes;
    record.is_key_disabled = key.disabled_at.has_value();
  }
  if (request.entity_id) {
    const EntityRecord& entity = entities_.at(static_cast<std::size_t>(*request.entity_id - 1));
    record.entity_attributes = entity.attributes;
    record.is_entity_active = entity.is_active;
  }
  return record;
}

Result<RequestRecord> MemoryStore::GetRequest(std::int64_t request_id) {
  const std::lock_guard lock(mutex_);
  const Request* const request = FindRequest(request_id);
  if (request == nullptr) return Fail(Reason::kNotFound, "there is no request " + std::to_string(request_id));
  return Shown(*request);
}

Result<MemoryStore::Request*> MemoryStore::OpenRequest(std::int64_t request_id) {
  Request* const request = FindRequest(request_id);
  if (request == nullptr) return Fail(Reason::kNotFound, "there is no request " + std::to_string(request_id));
  if (!IsOpen(request->record.state)) return Fail(Reason::kConflict, "the request is not pending");
  return request;
}

Result<void> MemoryStore::Approve(const ApprovedRequest& approved) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(Request* const request, OpenRequest(approved.request_id));
  if (request->record.csr_sha256 != approved.csr_sha256) {
    return Fail(Reason::kConflict, "the request is not what was shown");
  }
  if (IsIssued(approved.certificate.serial_number, request->record.ca)) {
    return Fail(Reason::kConflict, "it exists already");
  }
  const RequestRecord shown = Shown(*request);
  if (shown.is_renewed_revoked || !shown.is_entity_active || shown.is_key_disabled)
    return Fail(Reason::kConflict, "nobody vouches for it");
  if (HasChanged(approved.judged_on)) return Fail(Reason::kConflict, "what it was judged on has changed");
  if (shown.template_version != approved.approval.template_version) {
    return Fail(Reason::kConflict, "the template is not what was shown");
  }
  if (!IsApproved(shown, approved)) return Fail(Reason::kConflict, "too few operators approved it");
  AddApprovalTo(*request, approved.approval);
  if (request->reserves_use) Settle(*request, false);
  AddCertificate(approved.certificate, *request);
  Supersede(approved.revokes, approved.request_id, approved.approval.login);
  request->record.state = RequestState::kIssued;
  request->record.decided_at = now_();
  request->record.decided_by = approved.approval.login;
  const auto& version = policy_versions_.at(static_cast<std::size_t>(approved.policy_version_id - 1));
  request->record.policy_version_id = approved.policy_version_id;
  request->record.policy_version = version.version;
  NoteNow(approved.decision);
  return {};
}

Result<void> MemoryStore::Reject(std::int64_t request_id, const std::string& reason, const std::string& decided_by) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(Request* const request, OpenRequest(request_id));
  if (request->reserves_use) Settle(*request, request->releases_use);
  request->record.state = RequestState::kRejected;
  request->record.decided_at = now_();
  request->record.decided_by = decided_by;
  request->record.rejection_reason = reason;
  return {};
}

Result<void> MemoryStore::Postpone(std::int64_t request_id, const std::string&) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(Request* const request, OpenRequest(request_id));
  if (request->record.state != RequestState::kPending) return Fail(Reason::kConflict, "not pending");
  request->record.state = RequestState::kPostponed;
  return {};
}

Result<void> MemoryStore::Resume(std::int64_t request_id, const std::string&) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(Request* const request, OpenRequest(request_id));
  if (request->record.state != RequestState::kPostponed) return Fail(Reason::kConflict, "not postponed");
  request->record.state = RequestState::kPending;
  return {};
}

Result<std::vector<CertificateRecord>> MemoryStore::ListCertificates(const CertificateFilter& filter, Page page) {
  if (!filter.terms.empty() || filter.status) return Fail(Reason::kInternal, kNoSearch);
  const std::string& ca = filter.ca;
  const std::lock_guard lock(mutex_);
  return PageOf<CertificateRecord>(
      certificates_, page, [](const auto& row) { return row.certificate_id; },
      [&](const auto& row) {
        const auto& request = requests_.at(static_cast<std::size_t>(row.request_id - 1)).record;
        return (ca.empty() || IsSameName(row.ca, ca)) && IsAmong(request.ca_id, page.ca_ids);
      },
      [](const auto& row) { return row; });
}

Result<CertificateRecord> MemoryStore::GetCertificate(const Bytes& serial_number, const std::string& ca) {
  const std::lock_guard lock(mutex_);
  const CertificateRecord* found = nullptr;
  for (const auto& certificate : certificates_) {
    if (certificate.serial_number != serial_number || !(ca.empty() || IsSameName(certificate.ca, ca))) continue;
    if (found != nullptr) return Fail(Reason::kConflict, "several CAs have this serial number; name the CA");
    found = &certificate;
  }
  if (found == nullptr) return Fail(Reason::kNotFound, "no certificate has this serial number");
  return *found;
}

Result<Bytes> MemoryStore::IssuersOf(std::int64_t) {
  return Fail(Reason::kInternal, "this store keeps no issuers");
}

}  // namespace engine::store
