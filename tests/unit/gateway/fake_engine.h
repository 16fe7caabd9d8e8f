#ifndef CERTIFIER_TESTS_UNIT_GATEWAY_FAKE_ENGINE_H
#define CERTIFIER_TESTS_UNIT_GATEWAY_FAKE_ENGINE_H

#include <optional>
#include <utility>
#include <vector>

#include "engine_client.h"

namespace gateway {

// FakeEngine is an engine that has made up its mind and remembers what it was asked.
class FakeEngine final : public EngineClient {
 public:
  result::Result<Decision> decision = Pending{"1"};
  std::vector<Submission> submissions;
  std::vector<Inquiry> inquiries;
  std::vector<Retrieval> retrievals;
  std::vector<FailureReport> reports;

  void Submit(Submission submission, Answer answer) override {
    submissions.push_back(std::move(submission));
    answer(decision);
  }
  void Poll(Inquiry inquiry, Answer answer) override {
    inquiries.push_back(std::move(inquiry));
    answer(decision);
  }
  void Retrieve(Retrieval retrieval, Answer answer) override {
    retrievals.push_back(std::move(retrieval));
    answer(decision);
  }
  void Report(FailureReport report) override { reports.push_back(std::move(report)); }
};

}  // namespace gateway

#endif  // CERTIFIER_TESTS_UNIT_GATEWAY_FAKE_ENGINE_H
