#include "store/postgres/fields.h"
#include "store/postgres/postgres_administration_store.h"
#include "store/postgres/queries.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

CertificateRecord CertificateOf(const pqxx::row& row) {
  CertificateRecord certificate;
  certificate.certificate_id = row["certificate_id"].as<std::int64_t>();
  certificate.ca = row["ca"].as<std::string>();
  certificate.entity = row["entity"].as<std::string>();
  certificate.serial_number = BlobOf(row["serial_number"]);
  certificate.certificate = BlobOf(row["certificate"]);
  certificate.request_id = row["request_id"].as<std::int64_t>();
  certificate.issued_at = TimeOf(row["issued_at"]);
  return certificate;
}

}  // namespace

Result<std::vector<CertificateRecord>> PostgresAdministrationStore::ListCertificates(const std::string& ca, Page page) {
  return Transact(pool_, [&](pqxx::work& work) -> Result<std::vector<CertificateRecord>> {
    std::vector<CertificateRecord> certificates;
    for (const auto& row : work.exec_prepared(kListCertificates.name, ca, page.before, page.size)) {
      certificates.push_back(CertificateOf(row));
    }
    return certificates;
  });
}

Result<CertificateRecord> PostgresAdministrationStore::GetCertificate(const Bytes& serial_number,
                                                                      const std::string& ca) {
  return Transact(pool_, [&](pqxx::work& work) -> Result<CertificateRecord> {
    const auto found = work.exec_prepared(kGetCertificate.name, Blob(serial_number), ca);
    if (found.empty()) return Fail(Reason::kNotFound, "no certificate has this serial number");
    if (found.size() > 1) return Fail(Reason::kConflict, "several CAs have this serial number; name the CA");
    return CertificateOf(found[0]);
  });
}

}  // namespace engine::store
