#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_ENGINE_JOURNAL_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_ENGINE_JOURNAL_H

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace admin_test {

// EngineJournal is what the fake engine saw of its callers.
class EngineJournal {
 public:
  void Record(const grpc::ServerContext& context);
  // What each showed: "certificate SHA-256" or "token TOKEN".
  std::vector<std::string> callers() const;
  std::string last_source() const;
  std::chrono::milliseconds last_time_left() const;
  // How many calls a page made by itself.
  int watching() const;

 private:
  mutable std::mutex mutex_;  // Guards all below.
  std::vector<std::string> callers_;
  std::string last_source_;
  std::chrono::milliseconds last_time_left_{0};
  int watching_ = 0;
};

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_ENGINE_JOURNAL_H
