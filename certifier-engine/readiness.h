#ifndef CERTIFIER_ENGINE_READINESS_H
#define CERTIFIER_ENGINE_READINESS_H

#include <mutex>
#include <string>

#include "result/result.h"

namespace engine {

// Readiness remembers whether the last look at the database went well. Safe from any thread.
class Readiness {
 public:
  // Note logs each change between reachable and not.
  void Note(const result::Result<void>& loaded);
  // Missing is empty where the engine can work.
  std::string Missing() const;

 private:
  mutable std::mutex mutex_;  // Guards what follows.
  std::string missing_ = "directory: not loaded yet";
};

}  // namespace engine

#endif  // CERTIFIER_ENGINE_READINESS_H
