#include "service/rpc.h"

#include <grpc/grpc_security_constants.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "service/address.h"
#include "service/log.h"
#include "service/metrics.h"
#include "service/origin.h"

namespace service {

namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The one value of `key`, or nothing.
std::optional<std::string> MetadataOf(const grpc::ServerContextBase& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(key);
  if (found == metadata.end() || metadata.count(key) != 1) return std::nullopt;
  return std::string(found->second.data(), found->second.size());
}

// Who stands behind a call; nobody behind a gateway's.
Origin OriginOf(const grpc::CallbackServerContext& context) {
  const auto login = OperatorOf(context);
  if (!login) return {};
  const auto told = MetadataOf(context, kOperatorSourceMetadata);
  const auto caller = CallerOf(context);
  if (!caller || caller->role != Role::kAdmin) return {*login, AddressOfPeer(context.peer())};
  return {*login, told && ParseAddress(*told) ? *told : std::string()};
}

// Runs the handler; what escapes it becomes internal.
result::Result<void> Guarded(const std::function<result::Result<void>(const Caller&)>& handle, const Caller& caller,
                             Origin origin) {
  const OriginScope scope(std::move(origin));
  try {
    return handle(caller);
  } catch (const std::exception& surprise) {
    return result::Fail(result::Reason::kInternal, std::string("exception: ") + surprise.what());
  }
}

// The groups that the peer's certificate names. One that cannot be read names none: its holder is no less an operator.
std::vector<std::string> GroupsIn(const grpc::AuthContext& peer) {
  const auto pem = peer.FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (pem.empty()) return {};
  const auto certificate = pki::Certificate::FromPem(std::string(pem[0].data(), pem[0].size()));
  const auto subject = certificate ? certificate->subject_name() : result::Result<pki::Name>();
  const auto attributes = subject ? subject->Attributes() : result::Result<std::vector<pki::NameAttribute>>();
  std::vector<std::string> groups;
  for (const auto& attribute : attributes ? *attributes : std::vector<pki::NameAttribute>()) {
    if (attribute.type == "OU" && IsOperatorGroup(attribute.value)) groups.push_back(attribute.value);
  }
  return groups;
}

void SortUnique(std::vector<std::string>& texts) {
  std::ranges::sort(texts);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

}  // namespace

void LogRpc(std::string_view method, const Caller* caller, const result::Error* error, double seconds) {
  const std::string_view outcome = error == nullptr ? "ok" : result::ToString(error->reason);
  const LogLevel level =
      error != nullptr && error->reason == result::Reason::kInternal ? LogLevel::kError : LogLevel::kInfo;
  Log(level, "rpc",
      {{"method", method},
       {"role", caller == nullptr ? "" : ToString(caller->role)},
       {"caller", caller == nullptr ? "" : std::string_view(caller->name)},
       {"outcome", outcome},
       {"detail", error == nullptr ? "" : std::string_view(error->detail)},
       {"duration_ms", seconds * 1e3}});
  CounterFor("certifier_rpc_total", "Calls by method and outcome.",
             {{"method", std::string(method)}, {"outcome", std::string(outcome)}})
      .Add();
  HistogramFor("certifier_rpc_seconds", "Duration of calls by method.", {{"method", std::string(method)}})
      .Observe(seconds);
}

grpc::ServerUnaryReactor* HandleRpc(grpc::CallbackServerContext* context, std::string_view method, WorkerPool& pool,
                                    std::function<result::Result<void>(const Caller&)> handle) {
  auto* const reactor = context->DefaultReactor();
  const auto start = Clock::now();
  const auto caller = CallerOf(*context);
  const auto finish = [reactor, start, name = std::string(method)](const Caller* who,
                                                                   const result::Result<void>& outcome) {
    LogRpc(name, who, outcome ? nullptr : &outcome.error(), SecondsSince(start));
    reactor->Finish(outcome ? grpc::Status::OK : ToStatus(outcome.error()));
  };
  if (!caller) {
    finish(nullptr, tl::unexpected(caller.error()));
    return reactor;
  }
  const bool is_admitted =
      pool.TryRun([finish, handle = std::move(handle), who = *caller,
                   origin = OriginOf(*context)] { finish(&who, Guarded(handle, who, origin)); },
                  [finish, who = *caller] {
                    finish(&who, result::Fail(result::Reason::kUnavailable, "no thread was free in time; try again"));
                  });
  if (!is_admitted) finish(&*caller, result::Fail(result::Reason::kUnavailable, "too many calls; try again"));
  return reactor;
}

result::Result<std::string> OperatorOf(const grpc::ServerContextBase& context) {
  ASSIGN_OR_RETURN(const Caller caller, CallerOf(context));
  if (caller.role == Role::kOperator && !caller.name.empty()) return caller.name;
  if (caller.role == Role::kAdmin) {
    const auto login = MetadataOf(context, kOperatorMetadata);
    if (login && !login->empty()) return *login;
  }
  return result::Fail(result::Reason::kUnauthorized, "no operator stands behind this call");
}

result::Result<std::vector<std::string>> GroupsOf(const grpc::ServerContextBase& context) {
  ASSIGN_OR_RETURN(const Caller caller, CallerOf(context));
  std::vector<std::string> groups;
  if (caller.role == Role::kOperator) {
    groups = GroupsIn(*context.auth_context());
    SortUnique(groups);
    groups.resize(std::min(groups.size(), kMostOperatorGroups));
  } else if (caller.role == Role::kAdmin) {
    const auto [first, last] = context.client_metadata().equal_range(kOperatorGroupMetadata);
    for (auto found = first; found != last; ++found) groups.emplace_back(found->second.data(), found->second.size());
    SortUnique(groups);
  }
  if (groups.size() <= kMostOperatorGroups && std::ranges::all_of(groups, IsOperatorGroup)) return groups;
  return result::Fail(result::Reason::kUnauthorized, "the groups of the operator are none that there may be");
}

}  // namespace service
