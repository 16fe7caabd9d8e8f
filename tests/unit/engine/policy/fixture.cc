#include "fixture.h"

#include <google/protobuf/util/json_util.h>

#include <stdexcept>

#include "policy/modules.h"
#include "policy/text.h"

namespace engine_test {

namespace {

using engine::policy::Draft;
using engine::policy::Evaluator;
using engine::policy::Facts;
using engine::policy::Faults;

template <class T>
T Must(result::Result<T> made) {
  if (!made) throw std::runtime_error(made.error().detail);
  return *std::move(made);
}

template <class Message>
Message FromJson(const std::string& json) {
  Message message;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &message);
  if (!status.ok()) throw std::runtime_error(json + ": " + status.ToString());
  return message;
}

pki::Certificate CertificateOf(const Predecessor& predecessor) {
  const Device device("ecdsa-p256", predecessor.key_number);
  std::vector<pki::GeneralName> names;
  for (const auto& name : predecessor.alternative_names) names.push_back(Must(pki::ParseGeneralName(name)));
  pki::TbsCertificate tbs;
  tbs.serial_number = Must(pki::RandomSerialNumber());
  tbs.issuer = Must(pki::Name::FromString("CN=demo")).der();
  tbs.subject = Must(pki::Name::FromString(predecessor.subject)).der();
  tbs.not_before = predecessor.not_before;
  tbs.not_after = predecessor.not_after;
  tbs.spki = device.key().public_key().spki();
  if (!names.empty()) {
    tbs.extensions.push_back(
        {std::string(pki::kSubjectAlternativeNameOid), false, Must(pki::EncodeGeneralNames(names))});
  }
  const auto der = Must(pki::SignCertificate(tbs, device.key(), pki::DigestAlgorithm::kSha256));
  return Must(pki::Certificate::Parse(der));
}

}  // namespace

Situation::Situation(const Ask& ask, const Device& device)
    : request(std::make_shared<const pki::CertificateRequest>(device.Parsed(ask))) {}

Situation& Situation::WithKey(Attributes attributes) {
  key_ = engine::policy::KeyFacts{"reference-1", std::move(attributes)};
  return *this;
}

Situation& Situation::For(std::string name, Attributes attributes) {
  entity = engine::policy::EntityFacts{std::move(name), std::move(attributes), {}, {}};
  return *this;
}

Situation& Situation::SignedBy(const Predecessor& predecessor) {
  certificate_ = CertificateOf(predecessor);
  record_.emplace();
  record_->renewal_count = predecessor.renewal_count;
  return *this;
}

Situation& Situation::ApprovedBy(std::string login, std::vector<std::string> groups) {
  approvals.push_back({std::move(login), std::move(groups)});
  return *this;
}

Facts Situation::facts() const {
  Facts facts = {*request, 7, ca_not_after, now};
  facts.key = key_ ? &*key_ : nullptr;
  facts.entity = entity ? &*entity : nullptr;
  if (record_) {
    signer_.emplace(engine::policy::SignerFacts{certificate_, *record_});
    facts.signer = &*signer_;
  }
  facts.key_use = key_use;
  facts.approvals = approvals;
  facts.source_address = "192.0.2.7";
  facts.ca = "demo";
  facts.webhooks = webhooks;
  return facts;
}

certifier::v1::Module ModuleOf(const std::string& json) {
  return FromJson<certifier::v1::Module>(json);
}

certifier::v1::Policy PolicyOf(const std::string& json) {
  return FromJson<certifier::v1::Policy>(json);
}

Judged Judge(const std::string& module, const Situation& situation) {
  return Judge(module, situation, Template(situation));
}

Judged Judge(const std::string& module, const Situation& situation, const CertificateTemplate& certificate) {
  Faults faults;
  const auto made = engine::policy::MakeModule(ModuleOf(module), faults);
  if (!faults.text().empty()) throw std::runtime_error(module + ": " + faults.text());
  const Facts facts = situation.facts();
  Draft draft = {certificate, facts.key != nullptr};
  auto finding = made->Judge(facts, draft);
  return {ToString(finding.verdict), std::move(finding), std::move(draft.certificate), draft.is_vouched_for};
}

std::string VerdictOf(const std::string& module, const Situation& situation) {
  return Judge(module, situation).verdict;
}

std::string FaultsOf(const std::string& module) {
  Faults faults;
  engine::policy::MakeModule(ModuleOf(module), faults);
  return faults.text();
}

CertificateTemplate Template(const Situation& situation) {
  return Evaluator::Requested(*situation.request);
}

std::vector<std::string> TextsOf(const std::vector<pki::GeneralName>& names) {
  std::vector<std::string> texts;
  for (const auto& name : names) texts.push_back(pki::ToString(name));
  return texts;
}

}  // namespace engine_test
