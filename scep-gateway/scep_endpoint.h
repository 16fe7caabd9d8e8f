#ifndef CERTIFIER_SCEP_GATEWAY_SCEP_ENDPOINT_H
#define CERTIFIER_SCEP_GATEWAY_SCEP_ENDPOINT_H

#include <chrono>
#include <memory>
#include <optional>

#include "ca_snapshot.h"
#include "engine_client.h"
#include "scep_answer.h"
#include "service/worker_pool.h"
#include "source_budget.h"
#include "turns.h"

namespace gateway {

// ScepEndpoint answers SCEP without a socket (RFC 8894 sections 3 and 4). Between two calls it keeps nothing but who
// failed, had something decrypted and polled how often.
class ScepEndpoint {
 public:
  struct Settings {
    // How long GetCACert and GetCACaps may be cached; short, so that a new RA is seen.
    std::chrono::seconds ca_max_age{60};
    // PKIOperations that fail: guessing a challenge takes more, and a device that works needs none.
    SourceBudget::Settings failures{.per_source = 60, .in_all = 6000};
    // Envelopes that a private key is used on, whatever becomes of them: an attack on the decryption takes ten thousand
    // at least (requirements S-05), and each costs us more than its sender.
    SourceBudget::Settings decrypts{.per_source = 600, .in_all = 60000};
    // Polls that were signed well, whatever becomes of them: none is decrypted, but each is a call to the engine and a
    // signature of ours, and one that is answered PENDING is no failure.
    SourceBudget::Settings polls{.per_source = 600, .in_all = 60000};
    // GetCRLs whose replies are made or sent at once; each holds a CRL of its own, sealed for one device, for as long
    // as the device takes to read it. Past it 503. No source has them all.
    Turns::Settings crl_replies{.in_all = 16, .per_source = 4};
  };
  // Parts are what it works with; they outlive it, and the workers have run their last task before it goes.
  struct Parts {
    std::function<std::shared_ptr<const CaSnapshot>()> snapshot;  // Null until the engine was reached once.
    EngineClient& engine;
    service::WorkerPool& workers;  // Runs the private-key operations.
    // Runs those of messages that may be for a CA without an RA: such a task waits for the engine, and must keep nobody
    // else waiting.
    service::WorkerPool& engine_key_workers;
    // The newest CRL of a generation, DER; null where there is none yet.
    std::function<std::shared_ptr<const std::string>(const CrlName& name)> crl;
    std::function<pki::TimePoint()> now;
  };

  ScepEndpoint(Settings settings, Parts parts);

  // Handle answers `call` exactly once, from this or another thread; it never blocks. Safe from any thread.
  void Handle(ScepCall call, ScepDone done);

 private:
  struct Exchange;
  using ExchangePtr = std::shared_ptr<Exchange>;

  ScepAnswer ServeCa(const CaSnapshot& snapshot, const ScepCall& call) const;
  ScepAnswer ServeNextCa(const CaEntry& ca) const;
  ScepAnswer ServeCertificates(const pki::Bytes& certificates, std::string_view content_type) const;
  ScepAnswer Cacheable(ScepAnswer answer) const;
  ScepDone Charging(const std::string& peer, ScepDone done);
  void BeginOperation(std::shared_ptr<const CaSnapshot> snapshot, ScepCall call, ScepDone done);
  service::WorkerPool& WorkersOf(const Exchange& exchange) const;
  void Decode(const ExchangePtr& exchange);
  bool MayDecrypt(Exchange& exchange);
  std::optional<ScepAnswer> RefuseUnasked(Exchange& exchange);
  void Retrieve(const ExchangePtr& exchange);
  ScepAnswer AnswerGetCrl(const Exchange& exchange);
  void AskEngine(const ExchangePtr& exchange);
  EngineClient::Answer EncodeLater(const ExchangePtr& exchange);
  ScepAnswer AnswerRefusal(const Exchange& exchange, scep::Refusal& refusal) const;
  // The context's failInfoText is the id under which the engine keeps the reason; empty where it keeps none.
  ScepAnswer SignFailure(const Exchange& exchange, scep::ReplyContext context, const scep::Recipient& signer,
                         scep::FailInfo fail_info) const;
  ScepAnswer AnswerDecision(const Exchange& exchange, const result::Result<Decision>& decision) const;
  ScepAnswer AnswerIssued(const Exchange& exchange, const Issued& issued) const;
  ScepAnswer AnswerPending(const Exchange& exchange) const;
  // Of a failure of our own; the engine is told of it.
  ScepAnswer AnswerFailure(const Exchange& exchange, scep::FailInfo fail_info, std::string reason) const;
  // Report has the engine keep a failure, under the id that comes back.
  std::string Report(const Exchange& exchange, FailureReport report) const;
  ScepAnswer AnswerRejected(const Exchange& exchange, const Rejected& rejected) const;

  const Settings settings_;
  const Parts parts_;
  SourceBudget failures_;
  SourceBudget decrypts_;
  SourceBudget polls_;
  Turns crl_replies_;  // Each reply holds its turn until it was sent.
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_SCEP_ENDPOINT_H
