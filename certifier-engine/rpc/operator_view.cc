#include "rpc/operator_view.h"

#include <algorithm>
#include <array>

#include "timestamp.h"

namespace engine::rpc {

namespace {

namespace v1 = certifier::v1;
using store::AccessLevel;

constexpr std::array<std::pair<AccessLevel, v1::AccessLevel>, 5> kLevels = {
    {{AccessLevel::kRead, v1::ACCESS_LEVEL_READ},
     {AccessLevel::kRevocation, v1::ACCESS_LEVEL_REVOCATION},
     {AccessLevel::kEntityWrite, v1::ACCESS_LEVEL_ENTITY_WRITE},
     {AccessLevel::kWrite, v1::ACCESS_LEVEL_WRITE},
     {AccessLevel::kSuperUser, v1::ACCESS_LEVEL_SUPER_USER}}};

v1::AccessLevel ToProto(AccessLevel level) {
  const auto found = std::ranges::find(kLevels, level, [](const auto& pair) { return pair.first; });
  return found->second;
}

template <class Grants>
result::Result<std::vector<store::NamedGrant>> GrantsOf(const Grants& grants) {
  std::vector<store::NamedGrant> read;
  for (const v1::Grant& grant : grants) {
    const auto found = std::ranges::find(kLevels, grant.level(), [](const auto& pair) { return pair.second; });
    if (found == kLevels.end()) return result::Fail(result::Reason::kMalformed, "a grant needs an access level");
    read.push_back({found->first, grant.ca()});
  }
  return read;
}

template <class Texts>
std::vector<std::string> ListOf(const Texts& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace

void Fill(const store::OperatorRecord& record, v1::Operator& shown) {
  shown.set_login(record.login);
  shown.set_status(record.is_active ? "active" : "inactive");
  shown.set_description(record.description);
  shown.set_has_password(record.has_password);
  for (const auto& certificate : record.certificates) {
    auto& added = *shown.add_certificates();
    added.set_sha256(certificate.sha256);
    *added.mutable_added_at() = ToTimestamp(certificate.added_at);
    added.set_added_by(certificate.added_by);
  }
  for (const auto& grant : record.grants) {
    auto& added = *shown.add_grants();
    added.set_level(ToProto(grant.level));
    added.set_ca(grant.ca);
  }
  for (const auto& group : record.groups) shown.add_groups(group);
  *shown.mutable_created_at() = ToTimestamp(record.created_at);
  shown.set_created_by(record.created_by);
}

result::Result<store::NewOperator> FromProto(const v1::CreateOperatorRequest& request, const std::string& login) {
  store::NewOperator created;
  created.login = request.login();
  created.description = request.description();
  created.certificate_sha256s = ListOf(request.certificate_sha256s());
  ASSIGN_OR_RETURN(created.grants, GrantsOf(request.grants()));
  created.groups = ListOf(request.groups());
  std::ranges::sort(created.groups);
  created.groups.erase(std::unique(created.groups.begin(), created.groups.end()), created.groups.end());
  created.created_by = login;
  return created;
}

result::Result<store::OperatorChange> FromProto(const v1::UpdateOperatorRequest& request, const std::string& login) {
  store::OperatorChange change;
  change.login = request.login();
  if (request.has_status()) {
    if (request.status() != "active" && request.status() != "inactive") {
      return result::Fail(result::Reason::kMalformed, "a status is active or inactive");
    }
    change.is_active = request.status() == "active";
  }
  if (request.has_description()) change.description = request.description();
  change.removed_certificates = ListOf(request.removed_certificate_sha256s());
  change.certificates = ListOf(request.certificate_sha256s());
  ASSIGN_OR_RETURN(change.removed_grants, GrantsOf(request.removed_grants()));
  ASSIGN_OR_RETURN(change.grants, GrantsOf(request.grants()));
  change.removed_groups = ListOf(request.removed_groups());
  change.groups = ListOf(request.groups());
  change.changed_by = login;
  return change;
}

}  // namespace engine::rpc
