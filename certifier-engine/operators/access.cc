#include "operators/access.h"

#include <algorithm>
#include <array>

#include "policy/pattern.h"

namespace engine::operators {

namespace {

struct Rule {
  std::string_view method;
  Access access;
};

using enum AccessLevel;
using enum Scope;

// Who may call what: the one place that says so.
constexpr std::array kRules = {
    Rule{"ListCas", {kRead, kSomeCa}},
    Rule{"GetCa", {kRead, kItsCa}},
    Rule{"CreateCa", {kSuperUser, kEveryCa}},
    Rule{"UpdateCa", {kSuperUser, kItsCa}},
    Rule{"StageCa", {kSuperUser, kItsCa}},
    Rule{"ActivateCa", {kSuperUser, kItsCa}},
    Rule{"UnstageCa", {kSuperUser, kItsCa}},
    Rule{"GetCrl", {kRead, kItsCa}},

    Rule{"ListEntities", {kRead, kSomeCa}},
    Rule{"GetEntity", {kRead, kSomeCa}},
    Rule{"CreateEntity", {kEntityWrite, kSomeCa}},
    Rule{"UpdateEntity", {kEntityWrite, kItsCa}},

    Rule{"ListPreSharedKeys", {kRead, kSomeCa}},
    Rule{"GetPreSharedKey", {kRead, kItsCa}},
    Rule{"CreatePreSharedKey", {kWrite, kItsCa}},
    Rule{"RekeyPreSharedKey", {kWrite, kItsCa}},
    Rule{"DisablePreSharedKey", {kWrite, kItsCa}},
    Rule{"MintPreSharedKeys", {kWrite, kItsCa}},

    Rule{"ListPolicies", {kRead, kSomeCa}},
    Rule{"GetPolicy", {kRead, kSomeCa}},
    Rule{"ListPolicyVersions", {kRead, kSomeCa}},
    Rule{"DescribeModules", {kRead, kSomeCa}},
    Rule{"TestPolicy", {kRead, kItsCa}},
    Rule{"ReplayPolicy", {kRead, kItsCa}},
    Rule{"ApplyPolicy", {kSuperUser, kEveryCa}},
    Rule{"RollbackPolicy", {kSuperUser, kEveryCa}},

    Rule{"ListRequests", {kRead, kSomeCa}},
    Rule{"GetRequest", {kRead, kItsCa}},
    Rule{"ExplainRequest", {kRead, kSomeCa}},
    Rule{"UpdateRequest", {kWrite, kItsCa}},
    Rule{"ApproveRequest", {kWrite, kItsCa}},
    Rule{"RejectRequest", {kWrite, kItsCa}},
    Rule{"PostponeRequest", {kWrite, kItsCa}},
    Rule{"ResumeRequest", {kWrite, kItsCa}},

    Rule{"ListCertificates", {kRead, kSomeCa}},
    Rule{"GetCertificate", {kRead, kItsCa}},
    Rule{"RevokeCertificate", {kRevocation, kItsCa}},
    Rule{"SuspendCertificate", {kRevocation, kItsCa}},
    Rule{"ReactivateCertificate", {kWrite, kItsCa}},

    Rule{"GetScepService", {kRead, kSomeCa}},
    Rule{"UpdateScepService", {kSuperUser, kEveryCa}},

    Rule{"ListAuditEvents", {kRead, kSomeCa}},
    Rule{"GetAuditEvent", {kRead, kSomeCa}},
    Rule{"GetAuditKey", {kRead, kSomeCa}},
    Rule{"ExportAuditEvents", {kRead, kEveryCa}},

    Rule{"ListFailures", {kRead, kSomeCa}},
    Rule{"ListOverdueCertificates", {kRead, kSomeCa}},
    Rule{"ListExpiringKeys", {kRead, kSomeCa}},
    Rule{"ListIssuance", {kRead, kSomeCa}},

    Rule{"WhoAmI", {kRead, kSelf}},
    Rule{"LogOut", {kRead, kSelf}},
    Rule{"ChangePassword", {kRead, kSelf}},
    Rule{"ListOperators", {kSuperUser, kEveryCa}},
    Rule{"GetOperator", {kSuperUser, kEveryCa}},
    Rule{"CreateOperator", {kSuperUser, kEveryCa}},
    Rule{"UpdateOperator", {kSuperUser, kEveryCa}},
};

}  // namespace

std::string_view ToString(AccessLevel level) {
  switch (level) {
    case kRead:
      return "read";
    case kRevocation:
      return "revocation";
    case kEntityWrite:
      return "entity write";
    case kWrite:
      return "write";
    case kSuperUser:
      return "super-user";
  }
  return "unknown";
}

bool Includes(AccessLevel granted, AccessLevel needed) {
  switch (needed) {
    case kRead:
      return true;
    case kRevocation:
    case kEntityWrite:
      return granted == needed || granted == kWrite || granted == kSuperUser;
    case kWrite:
      return granted == kWrite || granted == kSuperUser;
    case kSuperUser:
      return granted == kSuperUser;
  }
  return false;
}

std::optional<Access> AccessFor(std::string_view method) {
  const auto found = std::ranges::find(kRules, method, &Rule::method);
  if (found == kRules.end()) return std::nullopt;
  return found->access;
}

tl::unexpected<result::Error> CallingOperator::Refuse(AccessLevel level, std::string_view where) const {
  was_refused_ = true;
  return result::Fail(result::Reason::kUnauthorized,
                      "this needs the access level " + std::string(ToString(level)) + std::string(where));
}

bool CallingOperator::May(std::string_view ca) const {
  return std::ranges::any_of(record_.grants, [&](const store::GrantRecord& grant) {
    return Includes(grant.level, access_.level) && (!grant.ca_id || policy::EqualsIgnoringCase(grant.ca, ca));
  });
}

result::Result<void> CallingOperator::Require(std::string_view ca) const {
  was_asked_ = true;
  if (May(ca)) return {};
  return Refuse(access_.level, " for another CA than you have it for");
}

result::Result<void> CallingOperator::RequireAll(const std::vector<std::string>& cas) const {
  was_asked_ = true;
  for (const auto& ca : cas) RETURN_IF_ERROR(Require(ca));
  return {};
}

result::Result<void> CallingOperator::RequireEverywhere() const {
  was_asked_ = true;
  if (!Cas()) return {};
  return Refuse(access_.level, " for all CAs");
}

result::Result<void> CallingOperator::RequireSuperUser() const {
  const bool is_one = std::ranges::any_of(record_.grants, [](const store::GrantRecord& grant) {
    return !grant.ca_id && Includes(grant.level, kSuperUser);
  });
  if (is_one) return {};
  return Refuse(kSuperUser, " for all CAs");
}

std::optional<std::vector<std::int64_t>> CallingOperator::Cas() const {
  std::vector<std::int64_t> ids;
  for (const auto& grant : record_.grants) {
    if (!Includes(grant.level, access_.level)) continue;
    if (!grant.ca_id) return std::nullopt;
    ids.push_back(*grant.ca_id);
  }
  return ids;
}

result::Result<void> CheckSomewhere(const CallingOperator& caller) {
  const auto cas = caller.Cas();
  const Access& access = caller.access_;
  switch (access.scope) {
    case kSelf:
      return {};
    case kSomeCa:
    case kItsCa:
      if (cas && cas->empty()) return caller.Refuse(access.level, "");
      return {};
    case kEveryCa:
      if (cas) return caller.Refuse(access.level, " for all CAs");
      return {};
  }
  return caller.Refuse(access.level, "");
}

}  // namespace engine::operators
