#include "store/postgres/operator_records.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "store/postgres/fields.h"
#include "store/postgres/operator_queries.h"
#include "store/postgres/postgres_operator_store.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

constexpr std::array<std::pair<AccessLevel, const char*>, 5> kLevels = {{{AccessLevel::kRead, "read"},
                                                                         {AccessLevel::kRevocation, "revocation"},
                                                                         {AccessLevel::kEntityWrite, "entity_write"},
                                                                         {AccessLevel::kWrite, "write"},
                                                                         {AccessLevel::kSuperUser, "super_user"}}};

const char* TextOf(AccessLevel level) {
  return std::ranges::find(kLevels, level, &std::pair<AccessLevel, const char*>::first)->second;
}

Result<AccessLevel> LevelOf(std::string_view text) {
  const auto found = std::ranges::find(kLevels, text, &std::pair<AccessLevel, const char*>::second);
  if (found == kLevels.end()) return Fail(Reason::kInternal, "a stored access level is unknown");
  return found->first;
}

// The part before the first space, which goes with it.
std::string_view TakeWord(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

Result<GrantRecord> GrantOf(std::string_view text) {
  GrantRecord grant;
  ASSIGN_OR_RETURN(grant.level, LevelOf(TakeWord(text)));
  const auto id = TakeWord(text);
  std::int64_t ca_id = 0;
  std::from_chars(id.data(), id.data() + id.size(), ca_id);
  if (ca_id != 0) grant.ca_id = ca_id;
  grant.ca = text;
  return grant;
}

Result<OperatorCertificateRecord> CertificateOf(std::string_view text) {
  OperatorCertificateRecord certificate;
  ASSIGN_OR_RETURN(certificate.sha256, pki::FromHex(TakeWord(text)));
  const std::string added_at(TakeWord(text));
  certificate.added_at =
      TimePoint(std::chrono::duration_cast<TimePoint::duration>(std::chrono::duration<double>(std::stod(added_at))));
  certificate.added_by = text;
  return certificate;
}

tl::unexpected<result::Error> NoOperator(const std::string& login) {
  return Fail(Reason::kNotFound, "no operator has the login " + login);
}

// The CA of a grant; nothing: it is for all.
Result<std::optional<std::int64_t>> CaOf(Work& work, const NamedGrant& grant) {
  if (grant.ca.empty()) return std::nullopt;
  const auto found = work.exec_prepared(kFindGrantedCa.name, grant.ca);
  if (found.empty()) return Fail(Reason::kNotFound, "no CA is named " + grant.ca);
  return found[0][0].as<std::int64_t>();
}

Result<void> AddCertificates(Work& work, std::int64_t operator_id, const std::vector<Bytes>& certificates,
                             const std::string& login) {
  for (const auto& sha256 : certificates) {
    if (work.exec_prepared(kAddOperatorCertificate.name, Blob(sha256), operator_id, login).empty()) {
      return Fail(Reason::kConflict, "that certificate is another operator's");
    }
  }
  return {};
}

Result<void> AddGrants(Work& work, std::int64_t operator_id, const std::vector<NamedGrant>& grants) {
  for (const auto& grant : grants) {
    ASSIGN_OR_RETURN(const auto ca_id, CaOf(work, grant));
    work.exec_prepared0(kAddGrant.name, operator_id, TextOf(grant.level), ca_id);
  }
  return {};
}

Result<OperatorRecord> Get(Work& work, const std::string& login) {
  const auto found = work.exec_prepared(kGetOperator.name, login);
  if (found.empty()) return NoOperator(login);
  return OperatorOf(found[0]);
}

Result<OperatorRecord> Create(Work& work, const NewOperator& created) {
  const auto added = work.exec_prepared(kAddOperator.name, created.login, created.description, created.password_hash,
                                        JoinedText(created.groups), created.created_by);
  if (added.empty()) return Fail(Reason::kConflict, "an operator has the login " + created.login + " already");
  const auto id = added[0][0].as<std::int64_t>();
  RETURN_IF_ERROR(AddCertificates(work, id, created.certificate_sha256s, created.created_by));
  RETURN_IF_ERROR(AddGrants(work, id, created.grants));
  return Get(work, created.login);
}

Result<void> CheckBounds(const OperatorRecord& changed, const OperatorChange& change) {
  const auto past = [](const char* what, std::size_t most) {
    return Fail(Reason::kConflict, "the operator would have more than " + std::to_string(most) + " " + what);
  };
  if (changed.certificates.size() > change.most_certificates) return past("certificates", change.most_certificates);
  if (changed.grants.size() > change.most_grants) return past("grants", change.most_grants);
  if (changed.groups.size() > change.most_groups) return past("groups", change.most_groups);
  return {};
}

Result<void> Apply(Work& work, std::int64_t id, const OperatorChange& change) {
  const char* status = nullptr;
  if (change.is_active) status = *change.is_active ? "active" : "inactive";
  work.exec_prepared0(kChangeOperator.name, id, status, TextOrNull(change.description),
                      TextOrNull(change.password_hash), JoinedText(change.removed_groups), JoinedText(change.groups));
  for (const auto& sha256 : change.removed_certificates) {
    work.exec_prepared0(kRemoveOperatorCertificate.name, Blob(sha256), id);
  }
  RETURN_IF_ERROR(AddCertificates(work, id, change.certificates, change.changed_by));
  for (const auto& grant : change.removed_grants) {
    ASSIGN_OR_RETURN(const auto ca_id, CaOf(work, grant));
    work.exec_prepared0(kRemoveGrant.name, id, TextOf(grant.level), ca_id);
  }
  RETURN_IF_ERROR(AddGrants(work, id, change.grants));
  const bool ends_sessions = change.password_hash || change.is_active == false;
  if (ends_sessions) work.exec_prepared0(kEndOtherSessions.name, id, Blob(""));
  work.exec_prepared0(kCheckNow.name);
  return {};
}

Result<void> RequireNoSuperUser(Work& work) {
  if (!work.exec_prepared1(kHasSuperUser.name)[0].as<bool>()) return {};
  return Fail(Reason::kConflict, "there is a super-user already");
}

// Whether this token makes a super-user now.
Result<void> CheckToken(Work& work, const Bytes& token_sha256, TimePoint now) {
  const auto found = work.exec_prepared(kFindInitialization.name, Blob(token_sha256), Epoch(now));
  const bool is_recovery = !found.empty() && found[0]["is_recovery"].as<bool>();
  if (!is_recovery) RETURN_IF_ERROR(RequireNoSuperUser(work));
  if (!found.empty()) return {};
  return Fail(Reason::kUnauthorized, "the initialization token is wrong or over");
}

}  // namespace

Result<OperatorRecord> OperatorOf(const pqxx::row& row) {
  OperatorRecord record;
  record.operator_id = row["operator_id"].as<std::int64_t>();
  record.login = row["login"].as<std::string>();
  record.description = row["description"].as<std::string>();
  record.is_active = row["is_active"].as<bool>();
  record.has_password = row["has_password"].as<bool>();
  record.groups = SplitText(row["groups"].as<std::string>());
  record.created_at = TimeOf(row["created_at"]);
  record.created_by = row["created_by"].as<std::string>();
  for (const auto& text : SplitText(row["certificates"].as<std::string>())) {
    ASSIGN_OR_RETURN(auto certificate, CertificateOf(text));
    record.certificates.push_back(std::move(certificate));
  }
  for (const auto& text : SplitText(row["grants"].as<std::string>())) {
    ASSIGN_OR_RETURN(auto grant, GrantOf(text));
    record.grants.push_back(std::move(grant));
  }
  return record;
}

Result<OperatorRecord> PostgresOperatorStore::CreateOperator(const NewOperator& created) {
  return Transact(pool_, [&](Work& work) { return Create(work, created); });
}

Result<std::vector<OperatorRecord>> PostgresOperatorStore::ListOperators(Page page) {
  return Transact(pool_, [&](Work& work) -> Result<std::vector<OperatorRecord>> {
    std::vector<OperatorRecord> operators;
    for (const auto& row : work.exec_prepared(kListOperators.name, page.before, page.size)) {
      ASSIGN_OR_RETURN(auto record, OperatorOf(row));
      operators.push_back(std::move(record));
    }
    return operators;
  });
}

Result<OperatorRecord> PostgresOperatorStore::GetOperator(const std::string& login) {
  return Transact(pool_, [&](Work& work) { return Get(work, login); });
}

Result<OperatorRecord> PostgresOperatorStore::UpdateOperator(const OperatorChange& change) {
  return Transact(pool_, [&](Work& work) -> Result<OperatorRecord> {
    const auto locked = work.exec_prepared(kLockOperator.name, change.login);
    if (locked.empty()) return NoOperator(change.login);
    RETURN_IF_ERROR(Apply(work, locked[0][0].as<std::int64_t>(), change));
    ASSIGN_OR_RETURN(auto changed, Get(work, change.login));
    RETURN_IF_ERROR(CheckBounds(changed, change));
    return changed;
  });
}

Result<void> PostgresOperatorStore::CheckInitialization(const Bytes& token_sha256, TimePoint now) {
  return Transact(pool_, [&](Work& work) { return CheckToken(work, token_sha256, now); });
}

Result<void> PostgresOperatorStore::OfferInitialization(const Bytes& token_sha256, TimePoint expires_at,
                                                        bool is_recovery) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    work.exec_prepared1(kLockSuperUsers.name);
    if (!is_recovery) RETURN_IF_ERROR(RequireNoSuperUser(work));
    work.exec_prepared0(kOfferInitialization.name, Blob(token_sha256), Epoch(expires_at), is_recovery);
    return {};
  });
}

Result<OperatorRecord> PostgresOperatorStore::Initialize(const Bytes& token_sha256, TimePoint now,
                                                         const NewOperator& first) {
  return Transact(pool_, [&](Work& work) -> Result<OperatorRecord> {
    work.exec_prepared1(kLockSuperUsers.name);
    RETURN_IF_ERROR(CheckToken(work, token_sha256, now));
    work.exec_prepared1(kTakeInitialization.name, Blob(token_sha256), Epoch(now));
    ASSIGN_OR_RETURN(auto created, Create(work, first));
    if (!work.exec_prepared1(kHasSuperUser.name)[0].as<bool>()) {
      return Fail(Reason::kInternal, "who was made is no super-user who can come in");
    }
    return created;
  });
}

}  // namespace engine::store
