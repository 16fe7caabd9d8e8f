#ifndef CERTIFIER_ENGINE_WEBHOOK_HTTPS_WEBHOOK_CALLER_H
#define CERTIFIER_ENGINE_WEBHOOK_HTTPS_WEBHOOK_CALLER_H

#include <memory>
#include <set>
#include <vector>

#include "policy/webhook_caller.h"
#include "webhook/circuit_breaker.h"
#include "webhook/connection_pool.h"
#include "webhook/secrets.h"

namespace engine::webhook {

// HttpsWebhookCaller calls the servers that it was told of, and nobody else, over HTTPS. README.md says what it sends.
class HttpsWebhookCaller final : public policy::WebhookCaller {
 public:
  struct Settings {
    std::vector<std::string> hosts;  // "HOST[:PORT]", each to be matched exactly.
    std::string secrets;             // Directory; see LoadSecrets.
    HttpsConnection::Settings connection;
    CircuitBreaker::Settings circuit;
    // How long it waits before its second attempt, less up to a half by chance; twice as long before each further one.
    std::chrono::milliseconds retry_pause = std::chrono::milliseconds(100);
  };
  // Create reads the secrets, once. Malformed for a host that is none, or a CA file without a certificate; unavailable
  // for a CA file that does not open; as LoadSecrets does.
  static result::Result<std::unique_ptr<HttpsWebhookCaller>> Create(Settings settings, Clock clock);

  result::Result<std::string> Post(const policy::WebhookCall& call) override;
  result::Result<void> CheckUrl(const std::string& url) const override;
  result::Result<void> CheckSecret(const std::string& secret) const override;

 private:
  HttpsWebhookCaller(Settings settings, std::set<std::string> authorities, Secrets secrets, Clock clock);
  // Try makes attempts until one need not be repeated, and says in `attempts` how many it made.
  Attempt Try(const policy::WebhookCall& call, const Endpoint& endpoint, unsigned& attempts);
  Attempt TryOnce(const policy::WebhookCall& call, const Endpoint& endpoint, std::chrono::milliseconds timeout);

  const Settings settings_;
  const std::set<std::string> authorities_;
  const Secrets secrets_;
  const Clock clock_;
  CircuitBreaker circuit_;
  ConnectionPool connections_;
};

}  // namespace engine::webhook

#endif  // CERTIFIER_ENGINE_WEBHOOK_HTTPS_WEBHOOK_CALLER_H
