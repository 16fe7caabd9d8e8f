#include "store/postgres/fields.h"
#include "store/postgres/list_queries.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

Result<std::optional<Revocation>> RevocationOf(const pqxx::row& row) {
  if (row["reason"].is_null()) return std::nullopt;
  Revocation revocation;
  ASSIGN_OR_RETURN(revocation.reason, CrlReasonOf(row["reason"]));
  revocation.revoked_at = TimeOf(row["revoked_at"]);
  revocation.invalidity_date = OptionalTimeOf(row["invalidity_date"]);
  revocation.comment = row["comment"].as<std::string>();
  revocation.revoked_by = row["revoked_by"].as<std::string>();
  return revocation;
}

Result<CertificateRecord> CertificateOf(const pqxx::row& row) {
  CertificateRecord certificate;
  certificate.certificate_id = row["certificate_id"].as<std::int64_t>();
  certificate.ca = row["ca"].as<std::string>();
  certificate.entity = row["entity"].as<std::string>();
  certificate.serial_number = BlobOf(row["serial_number"]);
  certificate.certificate = BlobOf(row["certificate"]);
  certificate.request_id = row["request_id"].as<std::int64_t>();
  certificate.policy = row["policy"].as<std::string>();
  certificate.policy_version = row["policy_version"].as<std::uint32_t>();
  certificate.issued_at = TimeOf(row["issued_at"]);
  ASSIGN_OR_RETURN(certificate.revocation, RevocationOf(row));
  return certificate;
}

const char* TextOf(CertificateStatus status) {
  switch (status) {
    case CertificateStatus::kGood:
      return "good";
    case CertificateStatus::kSuspended:
      return "suspended";
    case CertificateStatus::kRevoked:
      break;
  }
  return "revoked";
}

pqxx::result FindCertificates(Work& work, const CertificateFilter& filter, const Page& page) {
  const auto cas = ArrayOf(page.ca_ids);
  const auto before = BeforeId(page);
  const std::string status = filter.status ? TextOf(*filter.status) : "";
  const bool is_good = filter.status == CertificateStatus::kGood;
  const auto search = [&](const Query& query, const auto&... rest) {
    return work.exec_prepared(query.name, TextOrNull(cas), filter.ca, before, page.size,
                              JoinedText(filter.terms.required), JoinedText(filter.terms.optional),
                              JoinedText(filter.terms.excluded), rest...);
  };
  const bool is_any_or_good = !filter.status || is_good;
  if (!filter.terms.empty() && is_any_or_good) return search(kSearchCertificates, "issued", is_good);
  if (!filter.terms.empty()) return search(kSearchRevokedCertificates, status);
  if (is_any_or_good) {
    return work.exec_prepared(kListCertificates.name, TextOrNull(cas), filter.ca, before, page.size, is_good);
  }
  return work.exec_prepared(kListRevokedCertificates.name, TextOrNull(cas), filter.ca, before, page.size, status);
}

}  // namespace

Result<std::vector<CertificateRecord>> PostgresAdministrationStore::ListCertificates(const CertificateFilter& filter,
                                                                                     Page page) {
  return Transact(pool_, [&](Work& work) -> Result<std::vector<CertificateRecord>> {
    std::vector<CertificateRecord> certificates;
    for (const auto& row : FindCertificates(work, filter, page)) {
      ASSIGN_OR_RETURN(auto certificate, CertificateOf(row));
      certificates.push_back(std::move(certificate));
    }
    return certificates;
  });
}

Result<CertificateRecord> PostgresAdministrationStore::GetCertificate(const Bytes& serial_number,
                                                                      const std::string& ca) {
  return Transact(pool_, [&](Work& work) -> Result<CertificateRecord> {
    const auto found = work.exec_prepared(kGetCertificate.name, Blob(serial_number), ca);
    if (found.empty()) return Fail(Reason::kNotFound, "no certificate has this serial number");
    if (found.size() > 1) return Fail(Reason::kConflict, "several CAs have this serial number; name the CA");
    return CertificateOf(found[0]);
  });
}

Result<Bytes> PostgresAdministrationStore::IssuersOf(std::int64_t certificate_id) {
  return Transact(pool_, [&](Work& work) -> Result<Bytes> {
    const auto found = work.exec_prepared(kGetIssuers.name, certificate_id);
    if (found.empty()) return Fail(Reason::kNotFound, "there is no such certificate");
    return BlobOf(found[0]["issuers"]);
  });
}

}  // namespace engine::store
