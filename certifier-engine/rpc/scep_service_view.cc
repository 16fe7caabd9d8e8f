#include "rpc/scep_service_view.h"

#include <algorithm>
#include <array>

#include "timestamp.h"

namespace engine::rpc {

namespace {

using result::Fail;
using result::Reason;
using store::ListenFailure;
using store::ScepOperation;

using OperationPair = std::pair<ScepOperation, certifier::v1::ScepOperation>;
constexpr std::array<OperationPair, store::kScepOperations> kOperations = {
    {{ScepOperation::kGetCaCaps, certifier::v1::SCEP_OPERATION_GET_CA_CAPS},
     {ScepOperation::kGetCaCert, certifier::v1::SCEP_OPERATION_GET_CA_CERT},
     {ScepOperation::kGetNextCaCert, certifier::v1::SCEP_OPERATION_GET_NEXT_CA_CERT},
     {ScepOperation::kEnrollment, certifier::v1::SCEP_OPERATION_ENROLLMENT},
     {ScepOperation::kRenewal, certifier::v1::SCEP_OPERATION_RENEWAL},
     {ScepOperation::kPoll, certifier::v1::SCEP_OPERATION_POLL},
     {ScepOperation::kGetCert, certifier::v1::SCEP_OPERATION_GET_CERT},
     {ScepOperation::kGetCrl, certifier::v1::SCEP_OPERATION_GET_CRL}}};

using FailurePair = std::pair<ListenFailure, certifier::v1::ListenFailure>;
constexpr std::array<FailurePair, 4> kFailures = {
    {{ListenFailure::kPortTaken, certifier::v1::LISTEN_FAILURE_PORT_TAKEN},
     {ListenFailure::kNotPermitted, certifier::v1::LISTEN_FAILURE_NOT_PERMITTED},
     {ListenFailure::kNoSuchAddress, certifier::v1::LISTEN_FAILURE_NO_SUCH_ADDRESS},
     {ListenFailure::kOther, certifier::v1::LISTEN_FAILURE_OTHER}}};

result::Result<std::vector<ScepOperation>> FromProto(const certifier::v1::ScepOperations& operations) {
  std::vector<ScepOperation> known;
  for (const int operation : operations.operations()) {
    const auto found = std::ranges::find(kOperations, operation, &OperationPair::second);
    if (found == kOperations.end()) return Fail(Reason::kMalformed, "an operation that this engine does not know");
    known.push_back(found->first);
  }
  return known;
}

}  // namespace

void Fill(const store::ScepServiceRecord& record, certifier::v1::ScepServiceSettings& shown) {
  shown.set_description(record.description);
  shown.set_is_active(record.is_active);
  shown.set_listen(record.listen);
  shown.set_domain_name(record.domain_name);
  auto& operations = *shown.mutable_allowed_operations();
  for (const auto operation : record.allowed_operations) {
    operations.add_operations(std::ranges::find(kOperations, operation, &OperationPair::first)->second);
  }
  shown.set_version(record.version);
  *shown.mutable_changed_at() = ToTimestamp(record.changed_at);
  shown.set_changed_by(record.changed_by);
}

void Fill(const store::GatewayReport& report, certifier::v1::ScepGateway& shown) {
  shown.set_name(report.gateway);
  shown.set_instance(report.instance);
  shown.set_applied_version(report.applied_version);
  shown.set_listen(report.listen);
  if (report.failure) shown.set_failure(std::ranges::find(kFailures, *report.failure, &FailurePair::first)->second);
  *shown.mutable_reported_at() = ToTimestamp(report.reported_at);
}

result::Result<store::ScepServiceChange> FromProto(const certifier::v1::UpdateScepServiceRequest& request,
                                                   const std::string& login) {
  store::ScepServiceChange change;
  if (request.has_if_version()) {
    if (request.if_version() == 0) return Fail(Reason::kMalformed, "versions begin with 1");
    change.expected_version = request.if_version();
  }
  if (request.has_description()) change.description = request.description();
  if (request.has_is_active()) change.is_active = request.is_active();
  if (request.has_listen()) change.listen = request.listen();
  if (request.has_domain_name()) change.domain_name = request.domain_name();
  if (request.has_allowed_operations()) {
    ASSIGN_OR_RETURN(change.allowed_operations, FromProto(request.allowed_operations()));
  }
  change.changed_by = login;
  return change;
}

store::GatewayReport FromProto(const certifier::v1::ReportScepServiceRequest& request, const std::string& gateway,
                               store::TimePoint now) {
  store::GatewayReport report;
  report.gateway = gateway;
  report.instance = request.instance();
  report.applied_version = request.applied_version();
  report.listen = request.listen();
  report.reported_at = now;
  if (request.failure() == certifier::v1::LISTEN_FAILURE_UNSPECIFIED) return report;
  const auto found = std::ranges::find(kFailures, request.failure(), &FailurePair::second);
  // One of a newer gateway's is a failure as well.
  report.failure = found == kFailures.end() ? ListenFailure::kOther : found->first;
  return report;
}

}  // namespace engine::rpc
