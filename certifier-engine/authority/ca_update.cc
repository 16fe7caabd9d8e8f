#include "authority/ca_update.h"

#include <strings.h>

#include <algorithm>

#include "service/log.h"

namespace engine::authority {

namespace {

using result::Fail;
using result::Reason;

result::Result<std::optional<bool>> ReadStatus(const std::string& status) {
  if (status.empty()) return std::optional<bool>();
  if (status == "active") return std::optional(true);
  if (status == "disabled") return std::optional(false);
  return Fail(Reason::kMalformed, "a CA's status is active or disabled");
}

}  // namespace

result::Result<void> UpdateCa(store::AdministrationStore& store, Directory& directory, const CaUpdate& update,
                              const std::string& login) {
  ASSIGN_OR_RETURN(const auto known, store.LoadDirectory());
  const auto record = std::ranges::find_if(
      known.cas, [&](const auto& ca) { return strcasecmp(ca.name.c_str(), update.name.c_str()) == 0; });
  if (record == known.cas.end()) return Fail(Reason::kNotFound, "no CA is named " + update.name);
  store::CaChange change;
  change.name = record->name;
  change.known_options = record->options;
  ASSIGN_OR_RETURN(change.options, ChangedOptions(record->options, update.options, update.reset));
  change.policy = update.policy;
  ASSIGN_OR_RETURN(change.is_active, ReadStatus(update.status));
  change.make_default = update.make_default;
  RETURN_IF_ERROR(store.UpdateCa(change));
  service::LogInfo("ca_updated", {{"ca", change.name}, {"options", change.options}, {"login", login}});
  return directory.Reload();
}

}  // namespace engine::authority
