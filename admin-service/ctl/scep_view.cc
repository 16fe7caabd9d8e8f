#include "ctl/scep_view.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "certifier/v1/scep_service.grpc.pb.h"
#include "ctl/fields.h"

namespace ctl {

namespace v1 = certifier::v1;

namespace {

constexpr char kCaPlace[] = "{ca}";

struct Named {
  v1::ScepOperation operation;
  const char* name;
};
constexpr std::array<Named, 8> kOperations = {{{v1::SCEP_OPERATION_GET_CA_CAPS, "GetCACaps"},
                                               {v1::SCEP_OPERATION_GET_CA_CERT, "GetCACert"},
                                               {v1::SCEP_OPERATION_GET_NEXT_CA_CERT, "GetNextCACert"},
                                               {v1::SCEP_OPERATION_ENROLLMENT, "enrollment"},
                                               {v1::SCEP_OPERATION_RENEWAL, "renewal"},
                                               {v1::SCEP_OPERATION_POLL, "poll"},
                                               {v1::SCEP_OPERATION_GET_CERT, "GetCert"},
                                               {v1::SCEP_OPERATION_GET_CRL, "GetCRL"}}};

bool IsSame(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(one, other, {}, lower, lower);
}

std::string OperationsText(const v1::ScepOperations& operations) {
  if (operations.operations().empty()) return "none";
  std::string text;
  for (const int operation : operations.operations()) {
    text += (text.empty() ? "" : ", ") + OperationName(static_cast<v1::ScepOperation>(operation));
  }
  return text;
}

std::string StateOf(const v1::ScepGateway& gateway, std::uint64_t version) {
  const std::string failure = FailureText(gateway.failure());
  if (!failure.empty()) return failure;
  return gateway.applied_version() < version ? "behind" : "applied";
}

void ShowGateways(Output& output, const v1::GetScepServiceResponse& service) {
  output.Text("");
  Table table({{"GATEWAY"}, {"INSTANCE", 0, 2}, {"LISTENS ON"}, {"VERSION", 0, 1}, {"STATE"}, {"REPORTED", 0, 3}});
  for (const auto& gateway : service.gateways()) {
    table.Add({gateway.name(), gateway.instance(), gateway.listen(), std::to_string(gateway.applied_version()),
               StateOf(gateway, service.settings().version()), FormatAgo(ToTime(gateway.reported_at()), output.now())});
  }
  output.Rows(table);
  if (service.gateways().empty()) output.Note("No gateway has reported.");
}

}  // namespace

void Show(Output& output, const v1::GetScepServiceResponse& service) {
  if (output.is_json()) return output.Json(service);
  const v1::ScepServiceSettings& settings = service.settings();
  Details details = {{"status", settings.is_active() ? "active" : "disabled"}};
  if (!settings.description().empty()) details.push_back({"description", settings.description()});
  details.push_back({"listen", settings.listen().empty() ? "as each gateway's configuration says" : settings.listen()});
  details.push_back({"domain name", settings.domain_name().empty() ? "none" : settings.domain_name()});
  if (!service.enrollment_url().empty()) details.push_back({"enrolment URL", service.enrollment_url()});
  details.push_back({"allowed operations", OperationsText(settings.allowed_operations())});
  details.push_back({"version", std::to_string(settings.version())});
  if (!settings.changed_by().empty()) {
    details.push_back({"changed", TimeAndDistance(settings.has_changed_at(), settings.changed_at(), output.now()) +
                                      " by " + settings.changed_by()});
  }
  output.Values(details);
  ShowGateways(output, service);
}

std::string FailureText(v1::ListenFailure failure) {
  if (failure == v1::LISTEN_FAILURE_UNSPECIFIED) return "";
  if (failure == v1::LISTEN_FAILURE_PORT_TAKEN) return "the port is taken";
  if (failure == v1::LISTEN_FAILURE_NOT_PERMITTED) return "may not bind below 1024";
  if (failure == v1::LISTEN_FAILURE_NO_SUCH_ADDRESS) return "no such address on that host";
  return "cannot listen; see the gateway's log";
}

std::string OperationName(v1::ScepOperation operation) {
  const auto found = std::ranges::find(kOperations, operation, &Named::operation);
  return found == kOperations.end() ? "unknown" : found->name;
}

result::Result<v1::ScepOperation> FindOperation(const std::string& name) {
  const auto found = std::ranges::find_if(kOperations, [&](const Named& one) { return IsSame(one.name, name); });
  if (found != kOperations.end()) return found->operation;
  std::string names = "all";
  for (const Named& one : kOperations) names += ", " + std::string(one.name);
  return result::Fail(result::Reason::kMalformed, "no operation is named " + name + "; there are " + names);
}

std::string UrlFor(std::string url, const std::string& ca) {
  if (const auto at = url.find(kCaPlace); at != std::string::npos) url.replace(at, sizeof kCaPlace - 1, ca);
  return url;
}

result::Result<std::string> EnrollmentUrl(Session& session) {
  ASSIGN_OR_RETURN(const auto service,
                   session.Call(&v1::ScepService::Stub::GetScepService, v1::GetScepServiceRequest()));
  return service.enrollment_url();
}

}  // namespace ctl
