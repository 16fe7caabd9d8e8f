#ifndef CERTIFIER_TESTS_UNIT_ENGINE_ENROLLMENT_FIXTURE_H
#define CERTIFIER_TESTS_UNIT_ENGINE_ENROLLMENT_FIXTURE_H

#include <atomic>
#include <future>
#include <memory>
#include <string>

#include "authority/ca_factory.h"
#include "authority/rollover.h"
#include "device.h"
#include "enrollment/approve.h"
#include "enrollment/key_mint.h"
#include "enrollment/poll.h"
#include "enrollment/retrieve.h"
#include "enrollment/submit.h"
#include "enrollment/template_edit.h"
#include "keys/key_encryption_key.h"
#include "support/memory_store.h"
#include "support/policy_documents.h"

namespace engine_test {

using certifier::v1::VERDICT_ACCEPT, certifier::v1::VERDICT_DENY, certifier::v1::VERDICT_HOLD;
using engine::TimePoint;

// Reply is an answer in words: "issued", "pending", "badRequest", "badCertId", "delayed", or the reason of a failure.
struct Reply {
  std::string outcome;
  pki::Bytes certificate;       // Issued.
  std::int64_t request_id = 0;  // Pending.
  std::string decision_id;      // Rejected.
};

// Message is a PKCSReq; what is not set is as a well-behaved device sends it.
struct Message {
  Ask ask = {};
  std::string transaction_id = "tx-1";
  std::string ca = "demo";
  std::uint32_t message_type = 19;
  pki::Bytes request = {};  // Instead of `ask`.
  pki::Bytes signer = {};   // Instead of the device's own.
  std::chrono::seconds received_ago{0};
  std::uint32_t ca_generation = 0;
  std::string source = "192.0.2.7";
};

// How long outcomes are repeated.
// Of an operator who may sign with every issuer's key.
inline result::Result<void> MaySignAll(const std::string&) {
  return {};
}

inline constexpr std::chrono::seconds kRetention = std::chrono::hours(24) * 30;
inline constexpr std::chrono::seconds kApprovalTtl = std::chrono::hours(24) * 7;

// EnrollmentFixture is an engine without gRPC and PostgreSQL: one CA "demo" whose policy "default" issues with a key
// and holds without one, and the entity "device-1".
class EnrollmentFixture {
 public:
  EnrollmentFixture();

  std::future<Reply> Start(const Device& device, const Message& message);
  Reply Submit(const Device& device, const Message& message = {});
  Reply Poll(const Device& device, const std::string& transaction_id = "tx-1");
  // Mint makes a key for entity "device-1" and CA "demo" unless `key` says otherwise; its value comes back.
  std::string Mint(engine::enrollment::KeySpecification key = {});
  std::uint32_t UseCount();
  void ApplyPolicy(const std::string& name, certifier::v1::Verdict with_key, certifier::v1::Verdict without_key,
                   const certifier::v1::RequireSigner& renewal = {});
  void ApplyPolicy(const certifier::v1::Policy& document);
  void CreateCa(const std::string& name);
  void Pass(std::chrono::seconds time) { now_ = now_.load() + time; }
  TimePoint now() const { return now_; }
  // SetOptions changes the options of a CA that `options` has.
  void SetOptions(const std::string& ca, const certifier::v1::CaOptions& options);
  // Sealers of the fixture's key-encryption key, for another directory.
  engine::authority::Directory::Sealers Sealers() const {
    return {key_.CaKeySealer(), key_.RegistrationAuthorityKeySealer()};
  }

 private:
  std::atomic<TimePoint> now_;
  const engine::keys::KeyEncryptionKey key_;

 public:
  const engine::Clock clock = [this] { return now_.load(); };
  const pki::Secret key_index;
  const engine::keys::Sealer request_sealer;
  const engine::authority::Directory::Sealers sealers;
  engine::store::MemoryStore store{{}, clock};
  engine::authority::Directory directory;
  const engine::authority::GenerationMaker maker;
  engine::authority::CaFactory factory;
  engine::authority::Rollover rollover;
  const engine::issuance::CertificateIssuer issuer;
  const engine::enrollment::Decider decider;
  const engine::enrollment::HeldRequests held_requests;
  const engine::enrollment::OperatorApproval approval;
  const engine::enrollment::TemplateEdit template_edit;
  const engine::enrollment::KeyMint mint;
  service::WorkerPool workers;
  engine::enrollment::ChallengeGuard guard;
  const engine::enrollment::Submitter submitter;
  const engine::enrollment::Poller poller;
  const engine::enrollment::Retriever retriever;
};

// ReplyOf puts an answer into words.
Reply ReplyOf(result::Result<engine::enrollment::Answer> answer);
// Await waits for a reply, at most ten seconds.
Reply Await(std::future<Reply> reply);

}  // namespace engine_test

#endif  // CERTIFIER_TESTS_UNIT_ENGINE_ENROLLMENT_FIXTURE_H
