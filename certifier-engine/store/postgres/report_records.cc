#include "store/postgres/decision_records.h"
#include "store/postgres/fields.h"
#include "store/postgres/postgres_report_store.h"
#include "store/postgres/report_queries.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

// How many rows one report looks at, most of which may be in order: some 100 ms. Of certificates to either side of now.
constexpr int kMostCertificatesToEitherSide = 2'000;
// How many days before and after its end a certificate is asked about.
constexpr int kOverdueDays = 14;

}  // namespace

Result<FailurePage> PostgresReportStore::ListFailures(const ReportFilter& filter,
                                                      const std::optional<FailurePlace>& after, std::uint32_t size) {
  const auto cas = ArrayOf(filter.ca_ids);
  return Transact(pool_, [&](Work& work) -> Result<FailurePage> {
    FailurePage page;
    FailurePlace last;
    for (const auto& row :
         work.exec_prepared(kListFailures.name, TextOrNull(cas), filter.ca, after ? after->time_us : 0,
                            after ? after->decision_id : std::string(), size + 1)) {
      if (page.failures.size() == size) {
        page.next = last;
        break;
      }
      page.failures.push_back(DecisionOf(row));
      last = {row["time_us"].as<std::int64_t>(), row["decision_id"].as<std::string>()};
    }
    return page;
  });
}

Result<std::vector<OverdueCertificate>> PostgresReportStore::ListOverdueCertificates(const ReportFilter& filter,
                                                                                     TimePoint now,
                                                                                     std::uint32_t size) {
  const auto cas = ArrayOf(filter.ca_ids);
  return Transact(pool_, [&](Work& work) -> Result<std::vector<OverdueCertificate>> {
    std::vector<OverdueCertificate> certificates;
    for (const auto& row : work.exec_prepared(kListOverdueCertificates.name, TextOrNull(cas), filter.ca, Epoch(now),
                                              kOverdueDays, kMostCertificatesToEitherSide, size)) {
      OverdueCertificate certificate;
      certificate.ca = row["ca"].as<std::string>();
      certificate.serial_number = BlobOf(row["serial_number"]);
      certificate.subject = row["subject"].as<std::string>();
      certificate.entity = row["entity"].as<std::string>();
      certificate.not_before = TimeOf(row["not_before"]);
      certificate.not_after = TimeOf(row["not_after"]);
      certificate.request_id = row["request_id"].as<std::int64_t>();
      certificates.push_back(std::move(certificate));
    }
    return certificates;
  });
}

Result<std::vector<ExpiringKey>> PostgresReportStore::ListExpiringKeys(const ReportFilter& filter, TimePoint now,
                                                                       TimePoint until, std::uint32_t size) {
  const auto cas = ArrayOf(filter.ca_ids);
  return Transact(pool_, [&](Work& work) -> Result<std::vector<ExpiringKey>> {
    std::vector<ExpiringKey> keys;
    for (const auto& row :
         work.exec_prepared(kListExpiringKeys.name, TextOrNull(cas), filter.ca, Epoch(now), Epoch(until), size)) {
      ExpiringKey key;
      key.reference_number = row["reference_number"].as<std::string>();
      key.entity = row["entity"].as<std::string>();
      key.ca = row["ca"].as<std::string>();
      key.expires_at = TimeOf(row["expires_at"]);
      key.uses_left = row["uses_left"].as<std::uint32_t>();
      keys.push_back(std::move(key));
    }
    return keys;
  });
}

Result<std::vector<HourOfIssuance>> PostgresReportStore::ListIssuance(const ReportFilter& filter, TimePoint since) {
  const auto cas = ArrayOf(filter.ca_ids);
  return Transact(pool_, [&](Work& work) -> Result<std::vector<HourOfIssuance>> {
    std::vector<HourOfIssuance> hours;
    for (const auto& row : work.exec_prepared(kListIssuance.name, TextOrNull(cas), filter.ca, Epoch(since))) {
      hours.push_back(
          {TimeOf(row["begins_at"]), row["issued"].as<std::uint64_t>(), row["refused"].as<std::uint64_t>()});
    }
    return hours;
  });
}

}  // namespace engine::store
