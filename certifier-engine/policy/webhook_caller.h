#ifndef CERTIFIER_ENGINE_POLICY_WEBHOOK_CALLER_H
#define CERTIFIER_ENGINE_POLICY_WEBHOOK_CALLER_H

#include <chrono>
#include <string>

#include "result/result.h"

namespace engine::policy {

// WebhookCall is one POST to somebody else's server.
struct WebhookCall {
  std::string url;     // https.
  std::string secret;  // Name of the key that signs it.
  std::string body;    // JSON.
  std::chrono::milliseconds timeout{0};
};

// WebhookCaller makes the calls of webhook modules. Safe from any thread.
class WebhookCaller {
 public:
  virtual ~WebhookCaller() = default;
  // Post answers with the body of a 200. Not found: there is no such secret, or the host is not one that this engine
  // may call; unavailable: no answer in time, or another status; malformed: an answer that is too long.
  virtual result::Result<std::string> Post(const WebhookCall& call) = 0;
};

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_WEBHOOK_CALLER_H
