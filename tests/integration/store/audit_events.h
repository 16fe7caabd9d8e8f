#ifndef CERTIFIER_TESTS_INTEGRATION_STORE_AUDIT_EVENTS_H
#define CERTIFIER_TESTS_INTEGRATION_STORE_AUDIT_EVENTS_H

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace store_test {

// AuditEvents reads what was written to the audit log of a database.
class AuditEvents {
 public:
  explicit AuditEvents(std::string database) : database_(std::move(database)) {}

  // New are the events since the last call, the oldest first.
  std::vector<nlohmann::json> New() {
    pqxx::connection session(database_);
    pqxx::nontransaction work(session);
    std::vector<nlohmann::json> events;
    for (const auto& row : work.exec("SELECT audit_event_id, event FROM audit_events WHERE audit_event_id > " +
                                     std::to_string(seen_) + " ORDER BY audit_event_id")) {
      events.push_back(nlohmann::json::parse(row[1].as<std::string>()));
      seen_ = row[0].as<std::int64_t>();
    }
    return events;
  }
  // Kinds are those of New, joined.
  std::string Kinds() {
    std::string kinds;
    for (const auto& event : New()) kinds += (kinds.empty() ? "" : " ") + event.at("kind").get<std::string>();
    return kinds;
  }
  nlohmann::json Only() {
    const auto events = New();
    REQUIRE(events.size() == 1);
    return events[0];
  }

 private:
  const std::string database_;
  std::int64_t seen_ = 0;
};

}  // namespace store_test

#endif  // CERTIFIER_TESTS_INTEGRATION_STORE_AUDIT_EVENTS_H
