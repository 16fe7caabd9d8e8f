#ifndef CERTIFIER_SCEP_GATEWAY_SCEP_ENDPOINT_H
#define CERTIFIER_SCEP_GATEWAY_SCEP_ENDPOINT_H

#include <chrono>
#include <memory>

#include "ca_snapshot.h"
#include "engine_client.h"
#include "scep_answer.h"
#include "service/worker_pool.h"
#include "source_budget.h"

namespace gateway {

// ScepEndpoint answers SCEP without a socket (RFC 8894 sections 3 and 4). Between two calls it keeps nothing but who
// failed, and had something decrypted, how often.
class ScepEndpoint {
 public:
  struct Settings {
    scep::AlgorithmPolicy policy{};
    // Whether an unknown CA name is 404 instead of the default CA (requirements H-13).
    bool is_ca_identifier_strict = false;
    // Replies without a content get an empty one (scep::ReplyContext::has_empty_content).
    bool gives_empty_content = false;
    // How long GetCACert and GetCACaps may be cached; short, so that a new RA is seen.
    std::chrono::seconds ca_max_age{60};
    // PKIOperations that fail: guessing a challenge takes more, and a device that works needs none.
    SourceBudget::Settings failures{.per_source = 60, .in_all = 6000};
    // Envelopes that a private key is used on, whatever becomes of them: an attack on the decryption takes ten thousand
    // at least (requirements S-05), and each costs us more than its sender.
    SourceBudget::Settings decrypts{.per_source = 600, .in_all = 60000};
  };
  // Parts are what it works with; they outlive it, and `workers` has run its last task before it goes.
  struct Parts {
    std::function<std::shared_ptr<const CaSnapshot>()> snapshot;  // Null until the engine was reached once.
    EngineClient& engine;
    service::WorkerPool& workers;  // Runs the private-key operations.
    std::function<pki::TimePoint()> now;
  };

  ScepEndpoint(Settings settings, Parts parts);

  // Handle answers `call` exactly once, from this or another thread; it never blocks. Safe from any thread.
  void Handle(ScepCall call, ScepDone done);

 private:
  struct Exchange;
  using ExchangePtr = std::shared_ptr<Exchange>;

  ScepAnswer ServeCa(const CaSnapshot& snapshot, const ScepCall& call) const;
  ScepAnswer ServeCertificates(const CaEntry& ca, std::string_view content_type) const;
  ScepAnswer Cacheable(ScepAnswer answer) const;
  ScepDone Charging(const std::string& peer, ScepDone done);
  void BeginOperation(const CaSnapshot& snapshot, ScepCall call, ScepDone done);
  void Decode(const ExchangePtr& exchange);
  bool MayDecrypt(Exchange& exchange);
  void Retrieve(const ExchangePtr& exchange);
  void AskEngine(const ExchangePtr& exchange);
  EngineClient::Answer EncodeLater(const ExchangePtr& exchange);
  ScepAnswer AnswerRefusal(const Exchange& exchange, const scep::Refusal& refusal) const;
  ScepAnswer AnswerDecision(const Exchange& exchange, const result::Result<Decision>& decision) const;
  ScepAnswer AnswerIssued(const Exchange& exchange, const Issued& issued) const;
  ScepAnswer AnswerPending(const Exchange& exchange) const;
  ScepAnswer AnswerFailure(const Exchange& exchange, scep::FailInfo fail_info, std::string reason) const;

  const Settings settings_;
  const Parts parts_;
  const std::string capabilities_;
  SourceBudget failures_;
  SourceBudget decrypts_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_SCEP_ENDPOINT_H
