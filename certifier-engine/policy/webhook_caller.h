#ifndef CERTIFIER_ENGINE_POLICY_WEBHOOK_CALLER_H
#define CERTIFIER_ENGINE_POLICY_WEBHOOK_CALLER_H

#include <chrono>
#include <string>
#include <string_view>

#include "result/result.h"

namespace engine::policy {

// WebhookCall is one POST to somebody else's server.
struct WebhookCall {
  std::string url;                       // https.
  std::string secret;                    // Name of the key that signs it.
  std::string body;                      // JSON.
  std::chrono::milliseconds timeout{0};  // For all attempts together.
  unsigned retries = 0;                  // Further attempts after one whose failure may pass.
};

// WebhookCaller makes the calls of webhook modules. Safe from any thread.
class WebhookCaller {
 public:
  virtual ~WebhookCaller() = default;
  // Post answers with the body of a 200. Not found: there is no such secret, or the host is not one that this engine
  // may call; unavailable: no answer in time, or another status; malformed: an answer that is too long.
  virtual result::Result<std::string> Post(const WebhookCall& call) = 0;
  // CheckUrl and CheckSecret say whether Post could call that server and has that secret: not found, with the setting
  // that is missing; malformed for a URL that is none.
  virtual result::Result<void> CheckUrl(const std::string& url) const = 0;
  virtual result::Result<void> CheckSecret(const std::string& secret) const = 0;
};

// IsSecretName tells whether a secret may be called that: 1 to 64 characters of [A-Za-z0-9_-].
bool IsSecretName(std::string_view name);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_WEBHOOK_CALLER_H
