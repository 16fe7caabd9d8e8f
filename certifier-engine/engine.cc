#include "engine.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "audit/event_sealer.h"
#include "audit/key_uses.h"
#include "authority/ca_factory.h"
#include "authority/key_operations.h"
#include "authority/registration_authority_keeper.h"
#include "authority/rollover.h"
#include "background_task.h"
#include "database.h"
#include "enrollment/approve.h"
#include "enrollment/key_batch.h"
#include "enrollment/key_mint.h"
#include "enrollment/poll.h"
#include "enrollment/submit.h"
#include "enrollment/template_edit.h"
#include "issuance/crl_issuer.h"
#include "issuance/revoker.h"
#include "keys/key_encryption_key.h"
#include "operators/door.h"
#include "operators/log_in.h"
#include "policy/book.h"
#include "readiness.h"
#include "rpc/audit_service.h"
#include "rpc/ca_directory_service.h"
#include "rpc/ca_service.h"
#include "rpc/certificate_service.h"
#include "rpc/crl_service.h"
#include "rpc/enrollment_service.h"
#include "rpc/entity_service.h"
#include "rpc/key_operation_service.h"
#include "rpc/operator_service.h"
#include "rpc/policy_service.h"
#include "rpc/pre_shared_key_service.h"
#include "rpc/report_service.h"
#include "rpc/request_service.h"
#include "rpc/scep_service.h"
#include "service/grpc_server.h"
#include "service/health.h"
#include "service/log.h"
#include "service/port_file.h"
#include "webhook/https_webhook_caller.h"

namespace engine {

namespace {

using service::Role;
using std::chrono::duration_cast;

std::size_t WorkersFor(const Config& config) {
  if (config.workers != 0) return config.workers;
  return std::max(1u, std::thread::hardware_concurrency());
}

DatabaseSettings DatabaseSettingsOf(const Config& config) {
  return {config.database,
          config.database_password_file,
          config.database_connections,
          config.writer_batch,
          config.batch_interval,
          config.max_queued_decisions,
          {config.pending_per_source, config.pending_per_ca, config.pending_per_requester_key, config.request_aliases}};
}

service::GrpcServer::Settings GrpcSettingsOf(const Config& config) {
  service::GrpcServer::Settings settings;
  settings.listen = config.listen;
  settings.tls = config.tls;
  return settings;
}

enrollment::ChallengeGuard::Settings ChallengeSettingsOf(const Config& config) {
  enrollment::ChallengeGuard::Settings settings;
  settings.per_source = config.challenge_failures_per_source;
  settings.per_ca = config.challenge_failures_per_ca;
  settings.window = config.challenge_window;
  settings.first_delay = config.challenge_delay;
  settings.longest_delay = config.max_challenge_delay;
  settings.ca_delay = std::min(config.challenge_ca_delay, config.max_challenge_delay);
  settings.max_sources = config.max_challenge_sources;
  return settings;
}

operators::PasswordCost PasswordCostOf(const Config& config) {
  return {static_cast<std::uint32_t>(config.password_memory / 1024),
          static_cast<std::uint32_t>(config.password_iterations)};
}

operators::LogIn::Settings LogInSettingsOf(const Config& config) {
  operators::LogIn::Settings settings;
  settings.session_ttl = duration_cast<std::chrono::seconds>(config.session_ttl);
  settings.most_sessions = static_cast<std::uint32_t>(config.operator_sessions);
  settings.cost = PasswordCostOf(config);
  settings.guard.per_source = config.login_failures_per_source;
  settings.guard.per_ca = config.login_failures_per_login;
  settings.guard.window = config.login_window;
  settings.guard.first_delay = config.login_delay;
  settings.guard.longest_delay = config.max_login_delay;
  settings.guard.ca_delay = std::min(config.login_delay, config.max_login_delay);
  return settings;
}

enrollment::ChallengeGuard::Settings TokenGuardOf(const Config& config) {
  auto guard = LogInSettingsOf(config).guard;
  guard.per_source = config.token_failures_per_source;
  guard.per_ca = 0;
  return guard;
}

// Null where no host is listed: nothing is called.
result::Result<std::unique_ptr<webhook::HttpsWebhookCaller>> MakeWebhooks(const Config& config) {
  if (config.webhook_hosts.empty()) return std::unique_ptr<webhook::HttpsWebhookCaller>();
  webhook::HttpsWebhookCaller::Settings settings;
  settings.hosts = config.webhook_hosts;
  settings.secrets = config.webhook_secrets;
  settings.connection = {config.webhook_ca, config.max_webhook_answer};
  settings.circuit = {config.webhook_failures, config.webhook_pause};
  return webhook::HttpsWebhookCaller::Create(std::move(settings), [] { return std::chrono::system_clock::now(); });
}

}  // namespace

// Parts are built from top to bottom and destroyed from bottom to top: nothing outlives what it refers to.
struct Engine::Parts {
  Parts(const Config& settings, const keys::KeyEncryptionKey& key, std::unique_ptr<Database> stores,
        std::unique_ptr<policy::WebhookCaller> caller);
  void AddServices();
  std::chrono::milliseconds Refresh();
  std::chrono::milliseconds Expire();
  std::chrono::milliseconds IssueCrls();
  std::chrono::milliseconds KeepRegistrationAuthorities();
  std::chrono::milliseconds SealEvents();
  std::chrono::milliseconds TellKeyUses();
  void StartTasks();

  const Config config;
  const Clock clock = [] { return std::chrono::system_clock::now(); };
  const pki::Secret key_index;
  const keys::Sealer request_sealer;
  const authority::Directory::Sealers sealers;
  const std::unique_ptr<Database> database;
  authority::Directory directory;
  Readiness readiness;
  const issuance::CrlIssuer crl_issuer;
  std::optional<BackgroundTask> crls;  // Outlives all that reloads the directory, since that wakes it.
  authority::Directory::Subscription crls_wake;
  service::WorkerPool workers;
  service::WorkerPool admin_workers;
  service::WorkerPool password_workers;
  service::WorkerPool report_workers;
  // Both null where no host is listed.
  const std::unique_ptr<policy::WebhookCaller> webhooks;
  const std::unique_ptr<service::WorkerPool> webhook_workers;

  const issuance::CertificateIssuer issuer;
  const enrollment::Decider decider;
  enrollment::ChallengeGuard challenges;
  enrollment::ChallengeGuard tested_challenges;
  enrollment::LatelyWrong wrong_in_tests;
  const enrollment::Submitter submitter;
  const enrollment::Poller poller;
  const enrollment::Retriever retriever;
  const enrollment::FailureKeeper failures;
  const enrollment::HeldRequests held;
  const enrollment::OperatorApproval approval;
  const enrollment::TemplateEdit template_edit;
  const enrollment::PolicyTrial policy_trial;
  const enrollment::PolicyReplay policy_replay;
  const enrollment::KeyMint mint;
  const enrollment::KeyBatchMint batch_mint;
  const authority::GenerationMaker maker;
  authority::CaFactory factory;
  authority::Rollover rollover;
  authority::RegistrationAuthorityKeeper registration_authorities;
  const authority::KeyOperations key_operations;
  const issuance::Revoker revoker;
  audit::EventSealer event_sealer;
  audit::KeyUses key_uses;
  const operators::Door door;
  operators::LogIn log_in;

  rpc::EnrollmentService enrollment_service;
  rpc::CaDirectoryService directory_service;
  rpc::KeyOperationService key_operation_service;
  rpc::CaService ca_service;
  rpc::EntityService entity_service;
  rpc::PreSharedKeyService key_service;
  rpc::PolicyService policy_service;
  rpc::RequestService request_service;
  rpc::CertificateService certificate_service;
  rpc::CrlService crl_service;
  rpc::OperatorService operator_service;
  rpc::ScepService scep_service;
  rpc::AuditService audit_service;
  rpc::ReportService report_service;

  service::GrpcServer grpc;
  service::HealthServer health;
  std::optional<BackgroundTask> refresh;
  std::optional<BackgroundTask> expiry;
  std::optional<BackgroundTask> keeping;
  std::optional<BackgroundTask> sealing;
  std::optional<BackgroundTask> telling;
  bool is_schema_right = false;  // Of the refresh's thread.
  bool is_stopped = false;
};

Engine::Parts::Parts(const Config& settings, const keys::KeyEncryptionKey& key, std::unique_ptr<Database> stores,
                     std::unique_ptr<policy::WebhookCaller> caller)
    : config(settings),
      key_index(key.PreSharedKeyIndex()),
      request_sealer(key.RequestSealer()),
      sealers{key.CaKeySealer(), key.RegistrationAuthorityKeySealer()},
      database(std::move(stores)),
      directory(database->administration(), {key.CaKeySealer(), key.RegistrationAuthorityKeySealer()},
                policy::Book::Open),
      crl_issuer(database->administration(), directory, clock,
                 {duration_cast<std::chrono::seconds>(config.crl_lifetime), config.crl_kept}),
      workers("enroll", WorkersFor(config), config.max_queued_requests),
      admin_workers("admin", config.admin_workers, config.max_queued_admin_calls),
      password_workers("password", config.password_workers, config.max_queued_passwords),
      report_workers("reports", 1, config.max_queued_gateway_reports),
      webhooks(std::move(caller)),
      webhook_workers(webhooks ? std::make_unique<service::WorkerPool>(
                                     "webhook", config.webhook_workers, config.max_queued_webhooks,
                                     service::QueueTimeout{config.webhook_queue_timeout})
                               : nullptr),
      issuer(duration_cast<std::chrono::seconds>(config.backdating)),
      decider(issuer, request_sealer, clock, duration_cast<std::chrono::seconds>(config.retention), webhooks.get()),
      challenges(ChallengeSettingsOf(config)),
      tested_challenges(ChallengeSettingsOf(config)),
      submitter({directory, database->enrollment(), database->decisions(), workers, decider, key_index, challenges,
                 clock, webhook_workers.get()},
                {duration_cast<std::chrono::seconds>(config.max_reception_skew),
                 duration_cast<std::chrono::seconds>(config.pending_delay),
                 static_cast<std::uint32_t>(config.max_judgements)}),
      poller({directory, database->enrollment(), database->decisions(), workers, clock,
              duration_cast<std::chrono::seconds>(config.retention)}),
      retriever({directory, database->enrollment(), workers, clock}),
      failures(directory, database->decisions(), clock),
      held({database->administration(), directory, request_sealer, clock,
            duration_cast<std::chrono::seconds>(config.approval_ttl), webhooks.get()}),
      approval({database->administration(), database->decisions(), held, issuer, clock}),
      template_edit({database->administration(), database->decisions(), held}),
      policy_trial({directory, database->enrollment(), database->administration(), decider, key_index, clock,
                    tested_challenges, wrong_in_tests, webhooks.get()}),
      policy_replay({directory, database->administration(), request_sealer}),
      mint(database->administration(), key_index, clock, {duration_cast<std::chrono::hours>(config.key_lifetime)}),
      batch_mint(mint, database->key_batches(), key_index, key.PreSharedKeyMinting(),
                 duration_cast<std::chrono::hours>(config.key_batch_window)),
      maker(sealers, clock,
            {duration_cast<std::chrono::seconds>(config.backdating),
             duration_cast<std::chrono::hours>(config.registration_authority_validity)}),
      factory(database->administration(), directory, maker),
      rollover(database->administration(), directory, maker, clock),
      registration_authorities(database->administration(), directory, maker, clock,
                               {duration_cast<std::chrono::seconds>(config.registration_authority_renewal),
                                duration_cast<std::chrono::seconds>(config.registration_authority_lead),
                                duration_cast<std::chrono::seconds>(config.key_retirement)}),
      key_operations(directory, clock, {duration_cast<std::chrono::seconds>(config.key_retirement)}),
      revoker(database->administration(), clock),
      event_sealer(database->audit(), key.AuditLogKeySealer(), static_cast<std::uint32_t>(config.audit_seal_batch)),
      key_uses(database->audit(), clock),
      door(database->operators(), clock, duration_cast<std::chrono::seconds>(config.session_idle),
           TokenGuardOf(config)),
      log_in(database->operators(), clock, LogInSettingsOf(config)),
      enrollment_service(submitter, poller, retriever, failures),
      directory_service({directory, database->scep_service(), report_workers, clock,
                         static_cast<std::uint32_t>(config.max_gateway_reports)}),
      key_operation_service(key_operations, key_uses, workers),
      ca_service({factory, rollover, directory, database->administration(), door, admin_workers}),
      entity_service(database->administration(), door, admin_workers),
      key_service(mint, batch_mint, database->administration(), door, admin_workers),
      policy_service({database->administration(), directory, policy_trial, policy_replay, door, admin_workers,
                      webhooks.get(), webhook_workers.get()}),
      request_service(
          {approval, template_edit, held, database->administration(), door, admin_workers, webhook_workers.get()}),
      certificate_service(revoker, database->administration(), door, admin_workers),
      crl_service(directory, door, admin_workers),
      operator_service(
          {database->operators(), log_in, door, admin_workers, password_workers, clock, PasswordCostOf(config)}),
      scep_service({database->scep_service(), door, admin_workers, clock,
                    duration_cast<std::chrono::seconds>(config.gateway_report_ttl)}),
      audit_service(database->audit(), door, admin_workers),
      report_service({database->reports(), door, admin_workers, clock}),
      grpc(GrpcSettingsOf(config)),
      health(config.health_listen, [this] { return readiness.Missing(); }) {
  AddServices();
}

void Engine::Parts::AddServices() {
  grpc.Add(enrollment_service, "certifier.v1.EnrollmentService", {Role::kGateway});
  grpc.Add(directory_service, "certifier.v1.CaDirectoryService", {Role::kGateway});
  grpc.Add(key_operation_service, "certifier.v1.KeyOperationService", {Role::kGateway});
  grpc.Add(ca_service, "certifier.v1.CaService", {Role::kAdmin});
  grpc.Add(entity_service, "certifier.v1.EntityService", {Role::kAdmin});
  grpc.Add(key_service, "certifier.v1.PreSharedKeyService", {Role::kAdmin});
  grpc.Add(policy_service, "certifier.v1.PolicyService", {Role::kAdmin});
  grpc.Add(request_service, "certifier.v1.RequestService", {Role::kAdmin});
  grpc.Add(certificate_service, "certifier.v1.CertificateService", {Role::kAdmin});
  grpc.Add(crl_service, "certifier.v1.CrlService", {Role::kAdmin});
  grpc.Add(operator_service, "certifier.v1.OperatorService", {Role::kAdmin});
  grpc.Add(scep_service, "certifier.v1.ScepService", {Role::kAdmin});
  grpc.Add(audit_service, "certifier.v1.AuditService", {Role::kAdmin});
  grpc.Add(report_service, "certifier.v1.ReportService", {Role::kAdmin});
}

std::chrono::milliseconds Engine::Parts::Refresh() {
  auto loaded = is_schema_right ? result::Result<void>() : database->CheckSchema();
  is_schema_right = loaded.has_value();
  if (loaded) loaded = directory.Reload();
  readiness.Note(loaded);
  grpc.SetServing(loaded.has_value());
  return loaded ? config.directory_refresh : config.directory_retry;
}

std::chrono::milliseconds Engine::Parts::Expire() {
  const auto expired = database->administration().Expire(
      clock(),
      {duration_cast<std::chrono::seconds>(config.pending_ttl), duration_cast<std::chrono::seconds>(config.retention)});
  // A lost database is the refresh's to report.
  if (expired && *expired > 0) service::LogInfo("requests_expired", {{"count", *expired}});
  const auto ended = database->key_batches().EndKeyBatches();
  if (ended && *ended > 0) service::LogInfo("key_batches_ended", {{"count", *ended}});
  (void)database->operators().ForgetSessions(clock(), duration_cast<std::chrono::seconds>(config.session_idle));
  (void)database->scep_service().ForgetGatewayReports(clock() - config.gateway_report_ttl);
  const auto retention = duration_cast<std::chrono::seconds>(config.decision_retention);
  while (true) {
    const auto forgotten = database->administration().ForgetDecisions(clock(), retention);
    if (!forgotten || *forgotten == 0) break;
    service::LogInfo("decisions_forgotten", {{"count", *forgotten}});
  }
  return config.expiry_interval;
}

std::chrono::milliseconds Engine::Parts::IssueCrls() {
  // A lost database is the refresh's to report.
  (void)crl_issuer.IssueDue();
  return config.crl_interval;
}

std::chrono::milliseconds Engine::Parts::KeepRegistrationAuthorities() {
  // A lost database is the refresh's to report.
  (void)registration_authorities.PublishStaged();
  registration_authorities.StageDue();
  (void)registration_authorities.DestroyRetired();
  return config.registration_authority_interval;
}

std::chrono::milliseconds Engine::Parts::SealEvents() {
  if (!readiness.Missing().empty()) return config.directory_retry;
  const auto sealed = event_sealer.Seal();
  // A lost database is the refresh's to report.
  if (!sealed && sealed.error().reason != result::Reason::kUnavailable) {
    service::LogError("audit_seal_failed", {{"detail", sealed.error().detail}});
  }
  const bool is_backlog = sealed && *sealed == config.audit_seal_batch;
  return is_backlog ? std::chrono::milliseconds(0) : config.audit_seal_interval;
}

std::chrono::milliseconds Engine::Parts::TellKeyUses() {
  const auto written = key_uses.Write();
  if (!written) service::LogWarning("key_uses_unwritten", {{"detail", written.error().detail}});
  return written ? config.audit_key_use_interval : std::min(config.audit_key_use_interval, config.directory_retry);
}

void Engine::Parts::StartTasks() {
  crls.emplace("crls", [this] { return IssueCrls(); });
  crls_wake = directory.Subscribe([this] { crls->Wake(); });
  crls->Wake();  // For a change before the subscription.
  expiry.emplace("expiry", [this] { return Expire(); });
  refresh.emplace("directory", [this] { return Refresh(); });
  keeping.emplace("keeping", [this] { return KeepRegistrationAuthorities(); });
  sealing.emplace("sealing", [this] { return SealEvents(); });
  telling.emplace("telling", [this] { return TellKeyUses(); });
}

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() {
  Stop();
}

result::Result<std::unique_ptr<Engine>> Engine::Start(const Config& config) {
  RETURN_IF_ERROR(config.Check());
  ASSIGN_OR_RETURN(const auto key, keys::KeyEncryptionKey::Load(config.key_encryption_key));
  ASSIGN_OR_RETURN(auto database, Database::Open(DatabaseSettingsOf(config)));
  ASSIGN_OR_RETURN(auto webhooks, MakeWebhooks(config));
  auto engine = std::unique_ptr<Engine>(
      new Engine(std::make_unique<Parts>(config, key, std::move(database), std::move(webhooks))));
  Parts& parts = *engine->parts_;
  RETURN_IF_ERROR(parts.grpc.Start());
  RETURN_IF_ERROR(parts.health.Start());
  parts.StartTasks();
  parts.database->Watch([&parts] { parts.refresh->Wake(); });
  RETURN_IF_ERROR(
      service::WritePortFile(config.port_file, {{"grpc", parts.grpc.port()}, {"health", parts.health.port()}}));
  service::LogInfo("listening",
                   {{"grpc", std::int64_t{parts.grpc.port()}}, {"health", std::int64_t{parts.health.port()}}});
  return engine;
}

int Engine::grpc_port() const {
  return parts_->grpc.port();
}

int Engine::health_port() const {
  return parts_->health.port();
}

std::string Engine::Missing() const {
  return parts_->readiness.Missing();
}

std::size_t Engine::queued_requests() const {
  return parts_->workers.queued();
}

std::size_t Engine::queued_webhooks() const {
  return parts_->webhook_workers ? parts_->webhook_workers->queued() : 0;
}

std::size_t Engine::slowed_sources() const {
  return parts_->challenges.slowed(parts_->clock());
}

std::size_t Engine::slowed_logins() const {
  return parts_->log_in.slowed_sources();
}

void Engine::Stop() {
  if (std::exchange(parts_->is_stopped, true)) return;
  parts_->health.Drain();
  parts_->database->EndWatch();
  parts_->refresh.reset();
  parts_->expiry.reset();
  parts_->keeping.reset();
  parts_->sealing.reset();
  parts_->telling.reset();
  parts_->grpc.SetServing(false);
  parts_->directory_service.EndWatches();
  parts_->grpc.Shutdown(parts_->config.drain_timeout);
  parts_->TellKeyUses();
}

}  // namespace engine
