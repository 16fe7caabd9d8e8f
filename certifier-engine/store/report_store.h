#ifndef CERTIFIER_ENGINE_STORE_REPORT_STORE_H
#define CERTIFIER_ENGINE_STORE_REPORT_STORE_H

#include <optional>
#include <string>
#include <vector>

#include "store/decision_store.h"
#include "store/page.h"
#include "store/types.h"

namespace engine::store {

// ReportFilter limits a report to what is of these CAs, and of the one of this name; empty: of all of them.
struct ReportFilter {
  std::string ca = {};
  CaIds ca_ids = {};
};

// FailurePlace is where a list of failures goes on: behind this one.
struct FailurePlace {
  std::int64_t time_us = 0;  // Microseconds since 1970.
  std::string decision_id;   // UUID.
};

// FailurePage is failures, and where the next page begins; nothing: there is none.
struct FailurePage {
  std::vector<StoredDecision> failures = {};
  std::optional<FailurePlace> next = {};
};

// OverdueCertificate should have been renewed and was not.
struct OverdueCertificate {
  std::string ca;
  Bytes serial_number;
  std::string subject;  // As the PKCS#10 had it; at most 1000 characters.
  std::string entity;   // Empty: of none.
  TimePoint not_before, not_after;
  std::int64_t request_id = 0;
};

// ExpiringKey is a pre-shared key that can be used still.
struct ExpiringKey {
  std::string reference_number, entity, ca;
  TimePoint expires_at;
  std::uint32_t uses_left = 0;
};

// HourOfIssuance is what an hour saw, of all that the filter lets through.
struct HourOfIssuance {
  TimePoint begins_at;
  std::uint64_t issued = 0, refused = 0;
};

// ReportStore finds what needs an operator. The database's failures are as in types.h. Safe from any thread.
class ReportStore {
 public:
  virtual ~ReportStore() = default;

  // ListFailures lists at most `size` of the journal's failures behind `after` (nothing: from the newest on), by when
  // the last message of each came.
  virtual Result<FailurePage> ListFailures(const ReportFilter& filter, const std::optional<FailurePlace>& after,
                                           std::uint32_t size) = 0;
  // ListOverdueCertificates lists at most `size` good certificates whose end is near, or not long ago, and that nothing
  // followed (report.proto says when), the earliest end first. It looks at no more than 2000 to either side of `now`,
  // the nearest.
  virtual Result<std::vector<OverdueCertificate>> ListOverdueCertificates(const ReportFilter& filter, TimePoint now,
                                                                          std::uint32_t size) = 0;
  // ListExpiringKeys lists at most `size` keys that expire in [now, until) and could be used still, the soonest first.
  virtual Result<std::vector<ExpiringKey>> ListExpiringKeys(const ReportFilter& filter, TimePoint now, TimePoint until,
                                                            std::uint32_t size) = 0;
  // ListIssuance is the hours from the one that `since` lies in, the oldest first, without those in which nothing was.
  virtual Result<std::vector<HourOfIssuance>> ListIssuance(const ReportFilter& filter, TimePoint since) = 0;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_REPORT_STORE_H
