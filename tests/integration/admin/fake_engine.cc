#include "fake_engine.h"

#include <stdexcept>

#include "service/operator_credentials.h"
#include "service/status_mapping.h"

namespace admin_test {

namespace {

namespace v1 = certifier::v1;
using result::Reason;

constexpr auto kPatience = std::chrono::seconds(10);
constexpr std::int64_t kReceivedAt = 1'795'486'200;

}  // namespace

void EngineJournal::Record(const grpc::ServerContext& context) {
  const auto credentials = service::ForwardedCredentials(context);
  const std::lock_guard lock(mutex_);
  if (!credentials) {
    callers_.push_back("nobody: " + credentials.error().detail);
  } else if (!credentials->certificate_sha256.empty()) {
    callers_.push_back("certificate " + pki::HexLower(credentials->certificate_sha256));
  } else {
    callers_.push_back("token " + std::string(credentials->token.Reveal()));
  }
  if (credentials && credentials->is_watching) ++watching_;
  last_source_ = credentials ? credentials->source : "";
  last_time_left_ =
      std::chrono::duration_cast<std::chrono::milliseconds>(context.deadline() - std::chrono::system_clock::now());
}

std::vector<std::string> EngineJournal::callers() const {
  const std::lock_guard lock(mutex_);
  return callers_;
}

std::string EngineJournal::last_source() const {
  const std::lock_guard lock(mutex_);
  return last_source_;
}

std::chrono::milliseconds EngineJournal::last_time_left() const {
  const std::lock_guard lock(mutex_);
  return last_time_left_;
}

int EngineJournal::watching() const {
  const std::lock_guard lock(mutex_);
  return watching_;
}

grpc::Status FakeCas::CreateCa(grpc::ServerContext* context, const v1::CreateCaRequest* request,
                               v1::CreateCaResponse* response) {
  journal_.Record(*context);
  v1::Ca ca;
  ca.set_name(request->name());
  ca.set_status("active");
  ca.set_subject("CN=" + request->name() + " CA");
  ca.mutable_fingerprints()->mutable_sha256()->set_colon("AA:BB");
  const std::lock_guard lock(mutex_);
  if (!cas_.emplace(ca.name(), ca).second) {
    return service::ToStatus({Reason::kConflict, "there is a CA named \"" + ca.name() + "\" already"});
  }
  *response->mutable_ca() = ca;
  return grpc::Status::OK;
}

grpc::Status FakeCas::ListCas(grpc::ServerContext* context, const v1::ListCasRequest*, v1::ListCasResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  for (const auto& [name, ca] : cas_) *response->add_cas() = ca;
  return grpc::Status::OK;
}

grpc::Status FakeCas::GetCa(grpc::ServerContext* context, const v1::GetCaRequest* request,
                            v1::GetCaResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  const auto found = cas_.find(request->name());
  if (found == cas_.end()) return service::ToStatus({Reason::kNotFound, "no CA is named \"" + request->name() + "\""});
  *response->mutable_ca() = found->second;
  return grpc::Status::OK;
}

void FakeCas::Put(const v1::Ca& ca) {
  const std::lock_guard lock(mutex_);
  cas_[ca.name()] = ca;
}

grpc::Status FakeEntities::ListEntities(grpc::ServerContext* context, const v1::ListEntitiesRequest*,
                                        v1::ListEntitiesResponse* response) {
  journal_.Record(*context);
  std::unique_lock lock(mutex_);
  is_waiting_ = true;
  changed_.notify_all();
  while (!is_released_ && !context->IsCancelled()) changed_.wait_for(lock, std::chrono::milliseconds(5));
  is_cancelled_ = !is_released_;
  is_waiting_ = false;
  changed_.notify_all();
  response->add_entities()->set_name("router-7");
  return grpc::Status::OK;
}

bool FakeEntities::WaitForCall() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [this] { return is_waiting_; });
}

bool FakeEntities::WaitForCancel() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [this] { return is_cancelled_; });
}

void FakeEntities::Release() {
  const std::lock_guard lock(mutex_);
  is_released_ = true;
  changed_.notify_all();
}

grpc::Status FakePolicies::Add(const v1::Policy& policy, std::optional<std::uint32_t> expected,
                               v1::PolicyVersion* added) {
  auto& versions = policies_[policy.name()];
  if (expected && *expected != versions.size()) return service::ToStatus({Reason::kConflict, "not the latest"});
  added->set_version(static_cast<std::uint32_t>(versions.size()) + 1);
  *added->mutable_policy() = policy;
  added->set_applied_by("alice");
  added->mutable_applied_at()->set_seconds(kReceivedAt);
  versions.push_back(*added);
  return grpc::Status::OK;
}

grpc::Status FakeKeys::MintPreSharedKeys(grpc::ServerContext* context, const v1::MintPreSharedKeysRequest* request,
                                         v1::MintPreSharedKeysResponse* response) {
  journal_.Record(*context);
  ++mint_calls_;
  created_entities_ = request->create_entities();
  if (request->items().empty() || request->items_size() > 500) return {grpc::StatusCode::INVALID_ARGUMENT, "items"};
  std::uint32_t number = request->first_item();
  for (const auto& item : request->items()) {
    if (item.entity() == "late" && is_late_) return {grpc::StatusCode::UNAVAILABLE, "the engine is away"};
    if (item.entity() == "forgotten") continue;
    if (item.ca() == "nowhere") {
      auto& fault = *response->add_faults();
      fault.set_item(number);
      fault.set_field("ca");
      fault.mutable_error()->set_reason(v1::REASON_NOT_FOUND);
      fault.mutable_error()->set_message("no CA is named nowhere");
    }
    auto& key = *response->add_keys();
    key.set_reference_number("R" + std::to_string(number));
    key.set_key("K" + std::to_string(number++) + "-" +
                std::to_string(static_cast<unsigned char>(request->batch_token()[0])) +
                std::to_string(static_cast<unsigned char>(request->batch_token()[1])));
    key.set_use_limit(item.use_limit() == 0 ? 1 : item.use_limit());
    key.mutable_not_before()->set_seconds(1'700'000'000);
    *key.mutable_expires_at() = item.expires_at();
  }
  if (response->faults_size() > 0) response->clear_keys();
  return grpc::Status::OK;
}

grpc::Status FakePolicies::ApplyPolicy(grpc::ServerContext* context, const v1::ApplyPolicyRequest* request,
                                       v1::ApplyPolicyResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  std::optional<std::uint32_t> expected;
  if (request->has_expected_version()) expected = request->expected_version();
  return Add(request->policy(), expected, response->mutable_policy());
}

grpc::Status FakePolicies::ListPolicies(grpc::ServerContext* context, const v1::ListPoliciesRequest*,
                                        v1::ListPoliciesResponse*) {
  journal_.Record(*context);
  return grpc::Status::OK;
}

grpc::Status FakePolicies::RollbackPolicy(grpc::ServerContext* context, const v1::RollbackPolicyRequest* request,
                                          v1::RollbackPolicyResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  const auto& versions = policies_[request->name()];
  if (request->version() > versions.size()) return service::ToStatus({Reason::kNotFound, "no such version"});
  const v1::Policy policy = versions[request->version() - 1].policy();
  return Add(policy, request->expected_version(), response->mutable_policy());
}

grpc::Status FakePolicies::GetPolicy(grpc::ServerContext* context, const v1::GetPolicyRequest* request,
                                     v1::GetPolicyResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  const auto& versions = policies_[request->name()];
  const std::size_t version = request->version() == 0 ? versions.size() : request->version();
  if (version == 0 || version > versions.size()) return service::ToStatus({Reason::kNotFound, "no such policy"});
  *response->mutable_policy() = versions[version - 1];
  return grpc::Status::OK;
}

grpc::Status FakePolicies::ListPolicyVersions(grpc::ServerContext* context,
                                              const v1::ListPolicyVersionsRequest* request,
                                              v1::ListPolicyVersionsResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  const auto& versions = policies_[request->name()];
  std::size_t next = request->page_token().empty() ? versions.size() : std::stoul(request->page_token());
  for (std::uint32_t i = 0; i < request->page_size() && next > 0; ++i, --next) {
    auto& summary = *response->add_versions();
    summary.set_version(versions[next - 1].version());
    summary.set_applied_by(versions[next - 1].applied_by());
    *summary.mutable_applied_at() = versions[next - 1].applied_at();
    summary.set_description(versions[next - 1].policy().description());
  }
  if (next > 0) response->set_next_page_token(std::to_string(next));
  return grpc::Status::OK;
}

grpc::Status FakePolicies::TestPolicy(grpc::ServerContext* context, const v1::TestPolicyRequest* request,
                                      v1::TestPolicyResponse* response) {
  journal_.Record(*context);
  auto& decision = *response->mutable_decision();
  decision.set_classification(v1::CLASSIFICATION_TEST);
  decision.mutable_message()->set_ca(request->ca());
  decision.mutable_message()->set_subject(request->certification_request());
  decision.set_reference_number(request->reference_number());
  decision.set_policy(request->policy().name());
  decision.set_outcome(v1::DECISION_OUTCOME_REJECTED);
  decision.set_reason("deny: " + request->signer_certificate());
  return grpc::Status::OK;
}

grpc::Status FakePolicies::ReplayPolicy(grpc::ServerContext* context, const v1::ReplayPolicyRequest* request,
                                        v1::ReplayPolicyResponse* response) {
  journal_.Record(*context);
  const bool is_first = request->page_token().empty();
  auto& change = *response->add_changes();
  change.set_request_id(is_first ? "17" : "3");
  change.set_subject("CN=router\x1b[2J");
  change.mutable_received_at()->set_seconds(kReceivedAt);
  change.set_before(v1::DECISION_OUTCOME_ISSUED);
  change.set_after(v1::DECISION_OUTCOME_REJECTED);
  change.set_reason("deny: of " + request->decided_by());
  change.set_policy("default");
  change.set_policy_version(3);
  response->set_run(request->page_size());
  response->set_unreadable(1);
  response->mutable_reached_at()->set_seconds(kReceivedAt);
  if (is_first) response->set_next_page_token("7");
  return grpc::Status::OK;
}

grpc::Status FakePolicies::DescribeModules(grpc::ServerContext* context, const v1::DescribeModulesRequest* request,
                                           v1::DescribeModulesResponse* response) {
  journal_.Record(*context);
  if (request->name() == "none") return service::ToStatus({Reason::kNotFound, "no module has this name"});
  auto& module = *response->add_modules();
  module.set_name("deny");
  module.set_help("deny denies.");
  module.add_verdicts(v1::VERDICT_DENY);
  auto& parameter = *module.add_parameters();
  parameter.set_name("reason");
  parameter.set_type("text");
  parameter.set_help("For the record.");
  return grpc::Status::OK;
}

grpc::Status FakeCertificates::ListCertificates(grpc::ServerContext* context,
                                                const v1::ListCertificatesRequest* request,
                                                v1::ListCertificatesResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  if (request->search().terms() == "three" && request->status() == v1::CERTIFICATE_STATUS_GOOD) {
    for (const char* serial_number : {"a1", kStubborn, "c3"}) {
      auto& certificate = *response->add_certificates();
      certificate.set_serial_number(serial_number);
      certificate.set_ca("demo");
    }
    return grpc::Status::OK;
  }
  *response->add_certificates() = certificate_;
  return grpc::Status::OK;
}

grpc::Status FakeCertificates::GetCertificate(grpc::ServerContext* context, const v1::GetCertificateRequest* request,
                                              v1::GetCertificateResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  auto& certificate = *response->mutable_certificate();
  certificate = certificate_;
  certificate.set_serial_number(request->serial_number());
  certificate.set_ca("demo");
  if (certificate.status() == v1::CERTIFICATE_STATUS_UNSPECIFIED) certificate.set_status(v1::CERTIFICATE_STATUS_GOOD);
  certificate.set_issuer("CN=Demo CA");
  certificate.set_signature_algorithm("sha256WithRSAEncryption");
  auto& extension = *certificate.add_extensions();
  extension.set_name("X509v3 Subject Alternative Name");
  extension.set_text("DNS:a.example\nDNS:<b>.example");
  extension.set_is_critical(true);
  certificate.set_certificate_pem("the certificate\n");
  certificate.add_chain_pem("the issuer\n");
  certificate.add_chain_pem("the root\n");
  return grpc::Status::OK;
}

grpc::Status FakeCertificates::RevokeCertificate(grpc::ServerContext* context,
                                                 const v1::RevokeCertificateRequest* request,
                                                 v1::RevokeCertificateResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  revoked_.push_back(request->serial_number());
  const bool is_of_three = request->serial_number() == "a1" || request->serial_number() == "c3";
  if (request->serial_number() == kStubborn ||
      (certificate_.status() == v1::CERTIFICATE_STATUS_REVOKED && !is_of_three)) {
    return service::ToStatus({Reason::kConflict, "the certificate is revoked already"});
  }
  certificate_.set_serial_number(request->serial_number());
  certificate_.set_ca(request->ca());
  certificate_.set_status(v1::CERTIFICATE_STATUS_REVOKED);
  auto& revocation = *certificate_.mutable_revocation();
  revocation.set_reason(request->reason());
  if (request->has_invalidity_date()) *revocation.mutable_invalidity_date() = request->invalidity_date();
  revocation.set_comment(request->comment());
  revocation.mutable_revoked_at()->set_seconds(kReceivedAt);
  revocation.set_revoked_by("alice");
  *response->mutable_certificate() = certificate_;
  return grpc::Status::OK;
}

grpc::Status FakeCertificates::SuspendCertificate(grpc::ServerContext* context,
                                                  const v1::SuspendCertificateRequest* request,
                                                  v1::SuspendCertificateResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  certificate_.set_serial_number(request->serial_number());
  certificate_.set_status(v1::CERTIFICATE_STATUS_SUSPENDED);
  certificate_.mutable_revocation()->set_reason(v1::REVOCATION_REASON_CERTIFICATE_HOLD);
  certificate_.mutable_revocation()->set_comment(request->comment());
  *response->mutable_certificate() = certificate_;
  return grpc::Status::OK;
}

grpc::Status FakeCertificates::ReactivateCertificate(grpc::ServerContext* context,
                                                     const v1::ReactivateCertificateRequest* request,
                                                     v1::ReactivateCertificateResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  certificate_.set_serial_number(request->serial_number());
  certificate_.set_status(v1::CERTIFICATE_STATUS_GOOD);
  certificate_.clear_revocation();
  *response->mutable_certificate() = certificate_;
  return grpc::Status::OK;
}

FakeCrls::FakeCrls(EngineJournal& journal) : journal_(journal) {
  v1::Crl crl;
  crl.set_ca("demo");
  crl.set_crl_number(7);
  crl.set_revoked_count(3);
  crl.set_size(512);
  Put(crl);
}

grpc::Status FakeCrls::GetCrl(grpc::ServerContext* context, const v1::GetCrlRequest* request,
                              v1::GetCrlResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  const auto found = crls_.find(request->ca());
  if (found == crls_.end()) return service::ToStatus({Reason::kNotFound, "no such CA"});
  *response->mutable_crl() = found->second;
  return grpc::Status::OK;
}

void FakeCrls::Put(const v1::Crl& crl) {
  const std::lock_guard lock(mutex_);
  crls_[crl.ca()] = crl;
}

FakeEngine::FakeEngine(const service::TlsFiles& tls) : server_({.tls = tls}) {
  server_.Add(cas_, v1::CaService::service_full_name(), {service::Role::kAdmin});
  server_.Add(entities_, v1::EntityService::service_full_name(), {service::Role::kAdmin});
  server_.Add(keys_, v1::PreSharedKeyService::service_full_name(), {service::Role::kAdmin});
  server_.Add(policies_, v1::PolicyService::service_full_name(), {service::Role::kAdmin});
  server_.Add(requests_, v1::RequestService::service_full_name(), {service::Role::kAdmin});
  server_.Add(certificates_, v1::CertificateService::service_full_name(), {service::Role::kAdmin});
  server_.Add(crls_, v1::CrlService::service_full_name(), {service::Role::kAdmin});
  server_.Add(reports_, v1::ReportService::service_full_name(), {service::Role::kAdmin});
  server_.Add(scep_, v1::ScepService::service_full_name(), {service::Role::kAdmin});
  server_.Add(operators_, v1::OperatorService::service_full_name(), {service::Role::kAdmin});
  if (const auto started = server_.Start(); !started) throw std::runtime_error(started.error().detail);
  server_.SetServing(true);
}

void FakeEngine::Stop() {
  if (is_stopped_) return;
  is_stopped_ = true;
  entities_.Release();
  server_.Shutdown(std::chrono::seconds(1));
}

}  // namespace admin_test
