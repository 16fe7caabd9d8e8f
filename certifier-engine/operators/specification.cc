#include "operators/specification.h"

#include <algorithm>

#include "enrollment/entity.h"
#include "service/caller.h"

namespace engine::operators {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kSha256Octets = 32;

result::Result<void> CheckLogin(const std::string& login) {
  if (IsLogin(login)) return {};
  return Fail(Reason::kMalformed, "a login has 1 to 128 characters of printable ASCII without spaces");
}

result::Result<void> CheckCertificates(const std::vector<store::Bytes>& digests) {
  const bool are_whole =
      std::ranges::all_of(digests, [](const auto& digest) { return digest.size() == kSha256Octets; });
  if (are_whole && digests.size() <= store::kMostCertificates) return {};
  return Fail(Reason::kMalformed, "an operator has at most 8 certificates, each named by its SHA-256 of 32 octets");
}

result::Result<void> CheckGroups(const std::vector<std::string>& groups) {
  if (groups.size() <= store::kMostGroups && std::ranges::all_of(groups, service::IsOperatorGroup)) return {};
  return Fail(Reason::kMalformed, "an operator is in at most 16 groups, of 1 to 64 octets without control characters");
}

result::Result<void> CheckGrants(const std::vector<store::NamedGrant>& grants) {
  if (grants.size() <= store::kMostGrants) return {};
  return Fail(Reason::kMalformed, "an operator has at most 256 grants");
}

}  // namespace

bool IsLogin(std::string_view login) {
  return !login.empty() && login.size() <= kMostLoginCharacters &&
         std::ranges::all_of(login, [](char c) { return c > ' ' && c <= '~'; });
}

result::Result<void> CheckOperator(const store::NewOperator& created) {
  RETURN_IF_ERROR(CheckLogin(created.login));
  RETURN_IF_ERROR(enrollment::CheckDescription(created.description));
  RETURN_IF_ERROR(CheckCertificates(created.certificate_sha256s));
  RETURN_IF_ERROR(CheckGroups(created.groups));
  return CheckGrants(created.grants);
}

result::Result<void> CheckChange(const store::OperatorChange& change) {
  if (change.description) RETURN_IF_ERROR(enrollment::CheckDescription(*change.description));
  RETURN_IF_ERROR(CheckCertificates(change.certificates));
  RETURN_IF_ERROR(CheckCertificates(change.removed_certificates));
  RETURN_IF_ERROR(CheckGroups(change.groups));
  RETURN_IF_ERROR(CheckGroups(change.removed_groups));
  RETURN_IF_ERROR(CheckGrants(change.removed_grants));
  return CheckGrants(change.grants);
}

}  // namespace engine::operators
