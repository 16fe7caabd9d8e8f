#ifndef CERTIFIER_TESTS_UNIT_ENGINE_POLICY_FIXTURE_H
#define CERTIFIER_TESTS_UNIT_ENGINE_POLICY_FIXTURE_H

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../device.h"
#include "certifier/v1/policy_document.pb.h"
#include "policy/evaluation.h"

// What tests of the policy say with: situations that chains are asked about, and modules in the JSON of documents.
namespace engine_test {

using engine::TimePoint;
using engine::issuance::CertificateTemplate;
using engine::policy::Attributes;

inline const TimePoint kNow = TimePoint(std::chrono::hours(480'000));
inline constexpr std::chrono::hours kDay{24};
inline const TimePoint kCaEnd = kNow + kDay * 1000;

// Predecessor is a certificate of ours that signed the message.
struct Predecessor {
  std::string subject = Ask().subject;
  std::vector<std::string> alternative_names = {};
  // In the middle of the window in which most policies let it be renewed.
  TimePoint not_before = kNow - kDay * 75;
  TimePoint not_after = kNow + kDay * 25;
  int key_number = 1;  // Of Device.
  std::uint32_t renewal_count = 0;
};

// Situation is what a chain is asked about: a device's request, and who stands behind it. Nobody, at first.
class Situation {
 public:
  Situation() : Situation(Ask()) {}
  explicit Situation(const Ask& ask, const Device& device = Device());

  Situation& WithKey(Attributes attributes = {});  // "reference-1".
  Situation& For(std::string entity, Attributes attributes = {});
  Situation& SignedBy(const Predecessor& predecessor);
  Situation& ApprovedBy(std::string login, std::vector<std::string> groups = {});

  // They borrow from this situation, until it is asked again.
  engine::policy::Facts facts() const;

  std::shared_ptr<const pki::CertificateRequest> request;
  std::optional<engine::policy::EntityFacts> entity;
  engine::policy::KeyUse key_use = engine::policy::KeyUse::kNobody;
  std::vector<engine::policy::Approval> approvals;
  engine::policy::WebhookCaller* webhooks = nullptr;
  TimePoint now = kNow, ca_not_after = kCaEnd;

 private:
  std::optional<engine::policy::KeyFacts> key_;
  pki::Certificate certificate_;
  std::optional<engine::store::RenewableCertificate> record_;
  mutable std::optional<engine::policy::SignerFacts> signer_;
};

// Judged is what one module said, and what it left.
struct Judged {
  std::string verdict;  // "pass", "accept", "hold", "deny".
  engine::policy::Finding finding;
  CertificateTemplate certificate;
  bool is_vouched_for = false;
};

// ModuleOf and PolicyOf read documents as JSON: {"deny": {"reason": "no"}}.
certifier::v1::Module ModuleOf(const std::string& json);
certifier::v1::Policy PolicyOf(const std::string& json);

// Judge runs a module over what the situation's request asks for, or over `certificate`.
Judged Judge(const std::string& module, const Situation& situation);
Judged Judge(const std::string& module, const Situation& situation, const CertificateTemplate& certificate);
std::string VerdictOf(const std::string& module, const Situation& situation = Situation());
// FaultsOf is what is wrong with a module's parameters, "" for nothing.
std::string FaultsOf(const std::string& module);

// Template is what the request of a situation begins as.
CertificateTemplate Template(const Situation& situation = Situation());
// TextsOf writes "kind:value".
std::vector<std::string> TextsOf(const std::vector<pki::GeneralName>& names);

}  // namespace engine_test

#endif  // CERTIFIER_TESTS_UNIT_ENGINE_POLICY_FIXTURE_H
