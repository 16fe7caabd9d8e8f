#ifndef CERTIFIER_TESTS_UNIT_ENGINE_POLICY_FAKE_WEBHOOK_H
#define CERTIFIER_TESTS_UNIT_ENGINE_POLICY_FAKE_WEBHOOK_H

#include <string>
#include <vector>

#include "policy/webhook_caller.h"

namespace engine_test {

// FakeWebhook answers calls with what it was given, the last of it again and again, and keeps the questions.
class FakeWebhook final : public engine::policy::WebhookCaller {
 public:
  using Answer = result::Result<std::string>;
  explicit FakeWebhook(std::vector<Answer> answers) : answers_(std::move(answers)) {}

  Answer Post(const engine::policy::WebhookCall& call) override {
    calls.push_back(call);
    return answers_[std::min(calls.size(), answers_.size()) - 1];
  }

  result::Result<void> CheckUrl(const std::string&) const override { return {}; }
  result::Result<void> CheckSecret(const std::string&) const override { return {}; }

  std::vector<engine::policy::WebhookCall> calls;

 private:
  const std::vector<Answer> answers_;
};

}  // namespace engine_test

#endif  // CERTIFIER_TESTS_UNIT_ENGINE_POLICY_FAKE_WEBHOOK_H
