#include "readiness.h"

#include <utility>

#include "service/log.h"

namespace engine {

void Readiness::Note(const result::Result<void>& loaded) {
  std::string missing = loaded ? "" : "database: " + loaded.error().detail;
  const std::lock_guard lock(mutex_);
  if (missing.empty() && !missing_.empty()) service::LogInfo("ready", {});
  if (!missing.empty() && missing != missing_) service::LogWarning("not_ready", {{"missing", missing}});
  missing_ = std::move(missing);
}

std::string Readiness::Missing() const {
  const std::lock_guard lock(mutex_);
  return missing_;
}

}  // namespace engine
