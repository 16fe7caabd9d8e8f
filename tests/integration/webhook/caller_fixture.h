#ifndef CERTIFIER_TESTS_INTEGRATION_WEBHOOK_CALLER_FIXTURE_H
#define CERTIFIER_TESTS_INTEGRATION_WEBHOOK_CALLER_FIXTURE_H

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "support/child.h"
#include "support/test_certificates.h"
#include "webhook/https_webhook_caller.h"
#include "webhook_server.h"

namespace engine_test {

using engine::webhook::HttpsWebhookCaller;

// CallerFixture is a caller with the secret "hook", who trusts the CA of `certificates`, at a time of its own.
class CallerFixture {
 public:
  CallerFixture() { WriteSecret("hook", secret); }

  void WriteSecret(const std::string& name, const std::string& octets) const {
    const auto path = directory.path() / name;
    std::ofstream(path, std::ios::binary) << octets;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

  // For a server that is called "localhost".
  service::TlsFiles Good() {
    return certificates.IssueAs({.name = "hook", .uris = {}, .names = {{"dns", "localhost"}}});
  }

  std::unique_ptr<HttpsWebhookCaller> CallerOf(const std::vector<std::string>& hosts) const {
    HttpsWebhookCaller::Settings settings;
    settings.hosts = hosts;
    settings.secrets = directory.path();
    settings.connection.ca_file = authority;
    settings.connection.max_answer = max_answer;
    settings.circuit = {failures, std::chrono::seconds(30)};
    settings.retry_pause = std::chrono::milliseconds(2);
    auto made = HttpsWebhookCaller::Create(std::move(settings), [this] { return now.load(); });
    INFO((made ? "" : made.error().detail));
    REQUIRE(made);
    return *std::move(made);
  }

  static engine::policy::WebhookCall CallOf(const std::string& url, unsigned retries = 0) {
    return {url, "hook", R"({"version":1})", std::chrono::seconds(10), retries};
  }

  const std::string secret = std::string(31, 's') + '\n';
  support::Directory directory;
  support::TestCertificates certificates;
  const std::string authority = certificates.Issue(service::Role::kEngine, "engine").authority;
  std::size_t max_answer = 1024;
  std::uint64_t failures = 1000;
  std::atomic<engine::TimePoint> now{engine::TimePoint(std::chrono::seconds(1'800'000'000))};
};

}  // namespace engine_test

#endif  // CERTIFIER_TESTS_INTEGRATION_WEBHOOK_CALLER_FIXTURE_H
