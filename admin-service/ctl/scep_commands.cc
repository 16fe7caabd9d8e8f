#include <algorithm>
#include <set>
#include <thread>

#include "certifier/v1/scep_service.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/scep_view.h"

namespace ctl {

namespace v1 = certifier::v1;
using ScepStub = v1::ScepService::Stub;

namespace {

using result::Fail;
using result::Reason;
using Clock = std::chrono::steady_clock;

// How often the gateways are asked after.
constexpr std::chrono::milliseconds kGlance{200};

result::Result<v1::GetScepServiceResponse> Get(Session& session) {
  return session.Call(&ScepStub::GetScepService, v1::GetScepServiceRequest());
}

using Operations = std::set<v1::ScepOperation>;

result::Result<Operations> FindOperations(const std::vector<std::string>& names) {
  Operations operations;
  for (const std::string& name : names) {
    if (name == "all") {
      for (int operation = 1; v1::ScepOperation_IsValid(operation); ++operation) {
        operations.insert(static_cast<v1::ScepOperation>(operation));
      }
      continue;
    }
    ASSIGN_OR_RETURN(const auto operation, FindOperation(name));
    operations.insert(operation);
  }
  return operations;
}

// What is allowed is one list, so that the change is one to the version in which it was read.
result::Result<void> ChangeOperations(Session& session, const ScepSet& command, v1::UpdateScepServiceRequest& request) {
  if (command.allowed.empty() && command.refused.empty()) return {};
  ASSIGN_OR_RETURN(auto allowed, FindOperations(command.allowed));
  ASSIGN_OR_RETURN(const auto refused, FindOperations(command.refused));
  ASSIGN_OR_RETURN(const auto service, Get(session));
  for (const int operation : service.settings().allowed_operations().operations()) {
    allowed.insert(static_cast<v1::ScepOperation>(operation));
  }
  auto& changed = *request.mutable_allowed_operations();
  for (const auto operation : allowed) {
    if (!refused.contains(operation)) changed.add_operations(operation);
  }
  if (!request.has_if_version()) request.set_if_version(service.settings().version());
  return {};
}

bool HasSpoken(const v1::ScepGateway& gateway, std::uint64_t version) {
  return gateway.applied_version() >= version;
}

// WaitForGateways gives the last look, at which all have spoken unless the time was over.
result::Result<v1::GetScepServiceResponse> WaitForGateways(Session& session, std::uint64_t version,
                                                           std::chrono::milliseconds wait) {
  const auto until = Clock::now() + wait;
  while (true) {
    ASSIGN_OR_RETURN(auto service, Get(session));
    const bool have_spoken = std::ranges::all_of(
        service.gateways(), [version](const v1::ScepGateway& gateway) { return HasSpoken(gateway, version); });
    if (have_spoken || Clock::now() + kGlance > until) return service;
    std::this_thread::sleep_for(kGlance);
  }
}

// What stands against the change at the gateways; that one could not listen counts more than that one is silent.
result::Result<void> CheckGateways(const v1::GetScepServiceResponse& service, std::uint64_t version) {
  std::string failed, silent;
  for (const auto& gateway : service.gateways()) {
    const std::string name = gateway.name() + "/" + gateway.instance();
    if (!HasSpoken(gateway, version)) {
      silent += (silent.empty() ? "" : ", ") + name;
    } else if (const std::string why = FailureText(gateway.failure()); !why.empty()) {
      failed += (failed.empty() ? "" : "; ") + name + ": " + why + ", and it still listens on " + gateway.listen();
    }
  }
  if (!failed.empty()) return Fail(Reason::kConflict, failed);
  if (!silent.empty()) return Fail(Reason::kUnavailable, "not heard in time of: " + silent);
  return {};
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const ScepShow&) {
  ASSIGN_OR_RETURN(const auto service, Get(session));
  Show(output, service);
  return {};
}

result::Result<void> Run(Session& session, Output& output, const ScepSet& command) {
  ASSIGN_OR_RETURN(const auto wait, ParseWait(command.wait));
  v1::UpdateScepServiceRequest request;
  if (command.expected_version) request.set_if_version(*command.expected_version);
  if (command.description) request.set_description(*command.description);
  if (command.is_enabled || command.is_disabled) request.set_is_active(command.is_enabled);
  if (command.listen) request.set_listen(*command.listen);
  if (command.domain_name) request.set_domain_name(*command.domain_name);
  RETURN_IF_ERROR(ChangeOperations(session, command, request));
  ASSIGN_OR_RETURN(const auto changed, session.Call(&ScepStub::UpdateScepService, request));
  const std::uint64_t version = changed.settings().version();
  ASSIGN_OR_RETURN(const auto service, WaitForGateways(session, version, wait));
  Show(output, service);
  if (wait == std::chrono::milliseconds(0)) return {};
  return CheckGateways(service, version);
}

}  // namespace ctl
