#include "store/postgres/fields.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/revocation_queries.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

Result<std::vector<pki::RevokedCertificate>> ListRevoked(Work& work, std::int64_t ca_generation_id,
                                                         std::int64_t crl_before) {
  const auto rows = work.exec_prepared(kListRevoked.name, ca_generation_id, crl_before);
  std::vector<pki::RevokedCertificate> revoked;
  revoked.reserve(rows.size());
  for (const auto& row : rows) {
    ASSIGN_OR_RETURN(const pki::CrlReason reason, CrlReasonOf(row["reason"]));
    revoked.push_back(
        {BlobOf(row["serial_number"]), TimeOf(row["revoked_at"]), reason, OptionalTimeOf(row["invalidity_date"])});
  }
  return revoked;
}

}  // namespace

Result<std::vector<std::int64_t>> PostgresAdministrationStore::DueCrls(TimePoint now) {
  return Transact(pool_, [&](Work& work) -> Result<std::vector<std::int64_t>> {
    std::vector<std::int64_t> due;
    for (const auto& row : work.exec_prepared(kListDueCrls.name, Epoch(now))) due.push_back(row[0].as<std::int64_t>());
    return due;
  });
}

Result<bool> PostgresAdministrationStore::IssueCrl(const CrlTurn& turn, const Sign& sign) {
  return Transact(pool_, [&](Work& work) -> Result<bool> {
    if (!work.exec_prepared1(kLockCrl.name, turn.ca_generation_id)[0].as<bool>()) return false;
    // The state is read before the revocations: a change that commits between the two makes this CRL due again, and no
    // change is ever missed.
    const auto state = work.exec_prepared(kGetCrlState.name, turn.ca_generation_id, Epoch(turn.now));
    if (state.empty()) return Fail(Reason::kNotFound, "no such CA generation");
    if (!state[0]["is_due"].as<bool>()) return false;
    const auto before = state[0]["crl_number"].as<std::int64_t>();
    CrlDraft draft;
    draft.crl_number = before + 1;
    ASSIGN_OR_RETURN(draft.revoked, ListRevoked(work, turn.ca_generation_id, before));
    ASSIGN_OR_RETURN(const NewCrl crl, sign(draft));
    work.exec_prepared0(kAddCrl.name, turn.ca_generation_id, draft.crl_number, Epoch(crl.this_update),
                        Epoch(crl.next_update), draft.revoked.size(), Blob(crl.crl),
                        state[0]["revocation_changes"].as<std::int64_t>());
    work.exec_prepared0(kDropOldCrls.name, turn.ca_generation_id,
                        draft.crl_number - static_cast<std::int64_t>(turn.kept));
    work.exec0(kNotify);
    return true;
  });
}

Result<Bytes> PostgresAdministrationStore::GetCrl(std::int64_t ca_generation_id, std::int64_t crl_number) {
  return Transact(pool_, [&](Work& work) -> Result<Bytes> {
    const auto found = work.exec_prepared(kGetCrl.name, ca_generation_id, crl_number);
    if (found.empty()) return Fail(Reason::kNotFound, "no such CRL");
    return BlobOf(found[0]["crl"]);
  });
}

}  // namespace engine::store
