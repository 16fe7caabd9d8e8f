#include "store/postgres/fields.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/revocation_queries.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

struct Revocable {
  std::int64_t certificate_id = 0, ca_generation_id = 0;
};

Result<Revocable> Find(Work& work, const Bytes& serial_number, const std::string& ca) {
  const auto found = work.exec_prepared(kFindRevocable.name, Blob(serial_number), ca);
  if (found.empty()) return Fail(Reason::kNotFound, "no certificate has this serial number");
  if (found.size() > 1) return Fail(Reason::kConflict, "several CAs have this serial number; name the CA");
  return Revocable{found[0]["certificate_id"].as<std::int64_t>(), found[0]["ca_generation_id"].as<std::int64_t>()};
}

// The last word of a transaction that changed what the CA's CRL must say.
void Announce(Work& work, std::int64_t ca_generation_id) {
  work.exec_prepared0(kCountRevocationChange.name, ca_generation_id);
  work.exec0(kNotify);
}

}  // namespace

Result<void> PostgresAdministrationStore::Revoke(const Bytes& serial_number, const std::string& ca,
                                                 const NewRevocation& revocation) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    ASSIGN_OR_RETURN(const Revocable certificate, Find(work, serial_number, ca));
    const std::string invalidity_date = revocation.invalidity_date ? Epoch(*revocation.invalidity_date) : "";
    const auto changed =
        work.exec_prepared(kAddRevocation.name, certificate.certificate_id, std::string(ToString(revocation.reason)),
                           invalidity_date, revocation.comment, revocation.revoked_by);
    if (changed.empty()) {
      const bool is_suspension = revocation.reason == pki::CrlReason::kCertificateHold;
      return Fail(Reason::kConflict, is_suspension ? "the certificate is not good, so it cannot be suspended"
                                                   : "the certificate is revoked already");
    }
    Announce(work, certificate.ca_generation_id);
    return {};
  });
}

Result<void> PostgresAdministrationStore::Reactivate(const Bytes& serial_number, const std::string& ca) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    ASSIGN_OR_RETURN(const Revocable certificate, Find(work, serial_number, ca));
    if (work.exec_prepared(kDropSuspension.name, certificate.certificate_id).empty()) {
      return Fail(Reason::kConflict, "the certificate is not suspended");
    }
    Announce(work, certificate.ca_generation_id);
    return {};
  });
}

}  // namespace engine::store
