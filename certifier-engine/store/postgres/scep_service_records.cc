#include "store/postgres/scep_service_records.h"

#include <algorithm>
#include <array>

#include "store/postgres/fields.h"
#include "store/postgres/postgres_scep_service_store.h"
#include "store/postgres/scep_service_queries.h"
#include "store/postgres/transact.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

using OperationText = std::pair<ScepOperation, const char*>;
constexpr std::array<OperationText, kScepOperations> kOperations = {
    {{ScepOperation::kGetCaCaps, "get_ca_caps"},
     {ScepOperation::kGetCaCert, "get_ca_cert"},
     {ScepOperation::kGetNextCaCert, "get_next_ca_cert"},
     {ScepOperation::kEnrollment, "enrollment"},
     {ScepOperation::kRenewal, "renewal"},
     {ScepOperation::kPoll, "poll"},
     {ScepOperation::kGetCert, "get_cert"},
     {ScepOperation::kGetCrl, "get_crl"}}};

using FailureText = std::pair<ListenFailure, const char*>;
constexpr std::array<FailureText, 4> kFailures = {{{ListenFailure::kPortTaken, "port_taken"},
                                                   {ListenFailure::kNotPermitted, "not_permitted"},
                                                   {ListenFailure::kNoSuchAddress, "no_such_address"},
                                                   {ListenFailure::kOther, "other"}}};

Result<std::vector<ScepOperation>> OperationsOf(const std::string& joined) {
  const auto texts = SplitText(joined);
  std::vector<ScepOperation> operations;
  for (const auto& [operation, text] : kOperations) {
    if (std::ranges::find(texts, text) != texts.end()) operations.push_back(operation);
  }
  if (operations.size() != texts.size()) return Fail(Reason::kInternal, "a stored operation is unknown");
  return operations;
}

// Each once, in the order of the enumeration.
std::string JoinedOperations(const std::vector<ScepOperation>& operations) {
  std::vector<std::string> texts;
  for (const auto& [operation, text] : kOperations) {
    if (std::ranges::find(operations, operation) != operations.end()) texts.emplace_back(text);
  }
  return JoinedText(texts);
}

Result<ScepServiceRecord> RecordOf(const pqxx::row& row) {
  ScepServiceRecord record;
  record.description = row["description"].as<std::string>();
  record.is_active = row["is_active"].as<bool>();
  record.listen = row["listen"].as<std::string>();
  record.domain_name = row["domain_name"].as<std::string>();
  ASSIGN_OR_RETURN(record.allowed_operations, OperationsOf(row["allowed_operations"].as<std::string>()));
  record.version = row["version"].as<std::uint64_t>();
  record.changed_at = TimeOf(row["changed_at"]);
  record.changed_by = row["changed_by"].as<std::string>();
  return record;
}

Result<std::optional<ListenFailure>> FailureOf(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto found = std::ranges::find(kFailures, text, &FailureText::second);
  if (found == kFailures.end()) return Fail(Reason::kInternal, "a stored failure to listen is unknown");
  return found->first;
}

const char* TextOf(const std::optional<ListenFailure>& failure) {
  return failure ? std::ranges::find(kFailures, *failure, &FailureText::first)->second : "";
}

Result<GatewayReport> ReportOf(const pqxx::row& row) {
  GatewayReport report;
  report.gateway = row["gateway"].as<std::string>();
  report.instance = row["instance"].as<std::string>();
  report.applied_version = row["applied_version"].as<std::uint64_t>();
  report.listen = row["listen"].as<std::string>();
  ASSIGN_OR_RETURN(report.failure, FailureOf(row["listen_failure"].as<std::string>()));
  report.reported_at = TimeOf(row["reported_at"]);
  return report;
}

}  // namespace

Result<ScepServiceRecord> ReadScepService(Work& work) {
  return RecordOf(work.exec_prepared1(kGetScepService.name));
}

Result<ScepServiceState> PostgresScepServiceStore::GetScepService(TimePoint since) {
  return Transact(pool_, [&](Work& work) -> Result<ScepServiceState> {
    ScepServiceState state;
    ASSIGN_OR_RETURN(state.settings, ReadScepService(work));
    for (const auto& row : work.exec_prepared(kListGatewayReports.name, Epoch(since))) {
      ASSIGN_OR_RETURN(auto report, ReportOf(row));
      state.gateways.push_back(std::move(report));
    }
    return state;
  });
}

Result<ScepServiceRecord> PostgresScepServiceStore::UpdateScepService(const ScepServiceChange& change) {
  return Transact(pool_, [&](Work& work) -> Result<ScepServiceRecord> {
    const char* is_active = nullptr;
    if (change.is_active) is_active = *change.is_active ? "true" : "false";
    std::optional<std::string> operations;
    if (change.allowed_operations) operations = JoinedOperations(*change.allowed_operations);
    const auto changed = work.exec_prepared(kUpdateScepService.name, change.expected_version.value_or(0),
                                            TextOrNull(change.description), is_active, TextOrNull(change.listen),
                                            TextOrNull(change.domain_name), TextOrNull(operations), change.changed_by);
    if (changed.empty()) {
      return Fail(Reason::kConflict, "version " + std::to_string(change.expected_version.value_or(0)) +
                                         " is not the latest of the SCEP service's settings, or not any more");
    }
    work.exec0(kNotify);
    return RecordOf(changed[0]);
  });
}

Result<void> PostgresScepServiceStore::PutGatewayReport(const GatewayReport& report, std::uint32_t most) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    work.exec_prepared0(kPutGatewayReport.name, report.gateway, report.instance, report.applied_version, report.listen,
                        TextOf(report.failure), Epoch(report.reported_at));
    work.exec_prepared0(kForgetOldestGatewayReports.name, report.gateway, most);
    return {};
  });
}

Result<void> PostgresScepServiceStore::ForgetGatewayReport(const std::string& gateway, const std::string& instance) {
  return Transact(pool_, [&](Work& work) -> Result<void> {
    work.exec_prepared0(kForgetGatewayReport.name, gateway, instance);
    return {};
  });
}

Result<std::int64_t> PostgresScepServiceStore::ForgetGatewayReports(TimePoint before) {
  return Transact(pool_, [&](Work& work) -> Result<std::int64_t> {
    return static_cast<std::int64_t>(work.exec_prepared(kForgetGatewayReports.name, Epoch(before)).affected_rows());
  });
}

}  // namespace engine::store
