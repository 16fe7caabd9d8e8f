#include <malloc.h>

#include <cstdio>
#include <functional>
#include <map>
#include <string>

#include "config.h"
#include "database.h"
#include "engine.h"
#include "keys/key_encryption_key.h"
#include "operators/initialization.h"
#include "service/grpc_library.h"
#include "service/log.h"
#include "service/metrics.h"
#include "service/options.h"
#include "service/scheduling.h"
#include "service/shutdown.h"
#include "service_identity.h"

namespace {

// More arenas than this cost memory and gain nothing: the workers allocate little.
constexpr int kMallocArenas = 2;

int Report(const result::Result<void>& outcome) {
  if (outcome) return 0;
  std::fprintf(stderr, "certifier-engine: %s\n", outcome.error().detail.c_str());
  return 1;
}

int Serve(const engine::Config& config, const service::Options& options) {
  service::StartLog("certifier-engine", config.log_level);
  for (const std::string& setting : options.Effective()) service::LogInfo("setting", {{"value", setting}});
  auto started = engine::Engine::Start(config);
  if (!started) {
    service::LogError("start_failed", {{"detail", started.error().detail}});
    service::FlushLog();
    return 1;
  }
  service::RegisterGauge("certifier_engine_queued_requests", "Requests that wait for a worker",
                         [&engine = **started] { return static_cast<double>(engine.queued_requests()); });
  service::RegisterGauge("certifier_engine_queued_webhooks", "Requests that wait to ask a webhook",
                         [&engine = **started] { return static_cast<double>(engine.queued_webhooks()); });
  service::RegisterGauge("certifier_login_slowed_sources", "Sources that brought too many wrong passwords",
                         [&engine = **started] { return static_cast<double>(engine.slowed_logins()); });
  service::RegisterGauge("certifier_challenge_slowed_sources", "Sources that brought too many wrong pre-shared keys",
                         [&engine = **started] { return static_cast<double>(engine.slowed_sources()); });
  const int signal = service::WaitForSignal();
  service::LogInfo("stopping", {{"signal", std::int64_t{signal}}});
  (*started)->Stop();
  started->reset();
  service::LogInfo("stopped", {});
  service::FlushLog();
  return 0;
}

int Migrate(const engine::Config& config) {
  engine::DatabaseSettings settings;
  settings.connection = config.database;
  settings.password_file = config.database_password_file;
  const auto applied = engine::Database::Migrate(settings);
  if (!applied) return Report(tl::unexpected<result::Error>(applied.error()));
  for (const std::string& migration : *applied) std::printf("applied %s\n", migration.c_str());
  if (applied->empty()) std::puts("the schema is up to date");
  return 0;
}

// The token is for whoever runs this command, at his terminal: it is in no log.
int OfferInitialization(const engine::Config& config, std::chrono::milliseconds ttl, bool is_recovery) {
  engine::DatabaseSettings settings;
  settings.connection = config.database;
  settings.password_file = config.database_password_file;
  const auto database = engine::Database::Open(settings);
  if (!database) return Report(tl::unexpected<result::Error>(database.error()));
  const auto token =
      engine::operators::OfferInitialization((*database)->operators(), std::chrono::system_clock::now(),
                                             std::chrono::duration_cast<std::chrono::seconds>(ttl), is_recovery);
  if (!token) return Report(tl::unexpected<result::Error>(token.error()));
  std::printf("%s\n", std::string(token->Reveal()).c_str());
  std::fprintf(stderr, "Give it to `certifierctl init` once, within %lld minutes.\n",
               static_cast<long long>(std::chrono::duration_cast<std::chrono::minutes>(ttl).count()));
  return 0;
}

void BindIdentity(engine::ServiceIdentity& identity, service::Options& options) {
  options.Required("--directory", identity.directory, "where the internal CA and the certificates are");
  options.Required("--role", identity.role, "gateway, engine, admin or operator");
  options.Required("--name", identity.name, "commonName: the host, or the operator's login");
  options.Texts("--host", identity.hosts, "DNS name or address under which the service is reached; repeatable");
  options.Number("--days", identity.days, 1, 3650, "days that the certificate is good for");
}

}  // namespace

int main(int argc, char** argv) {
  service::BlockSignals();
  service::UseBatchScheduling();
  mallopt(M_ARENA_MAX, kMallocArenas);
  const service::GrpcLibrary grpc_library;
  engine::Config config;
  engine::Config migrated, initialized;
  std::chrono::milliseconds token_ttl = std::chrono::hours(1);
  bool is_recovery = false;
  engine::ServiceIdentity identity;
  std::string key_file;
  service::Options options("certifier-engine", "The authority: CA keys, policy, state and signing");
  service::Options& serve = options.Subcommand("serve", "Serve gateways and administrators");
  config.Bind(serve);
  migrated.BindDatabase(options.Subcommand("migrate", "Bring the database's schema up to date"));
  service::Options& initialization =
      options.Subcommand("initialization-token", "Print the token with which the first super-user makes himself");
  initialized.BindDatabase(initialization);
  initialization.Duration("--ttl", token_ttl, std::chrono::minutes(1), std::chrono::hours(24), "how long it is good");
  initialization.Flag("--recover", is_recovery, "although there is a super-user: nobody of them can come in any more");
  BindIdentity(identity, options.Subcommand("service-certificate", "Make a service's or an operator's certificate"));
  options.Subcommand("key-encryption-key", "Make the key that the CA keys are wrapped with")
      .Required("--out", key_file, "file to write; it must not exist");
  if (const auto code = options.Parse(argc, argv)) return *code;

  const std::map<std::string, std::function<int()>> commands = {
      {"serve", [&] { return Serve(config, serve); }},
      {"migrate", [&] { return Migrate(migrated); }},
      {"initialization-token", [&] { return OfferInitialization(initialized, token_ttl, is_recovery); }},
      {"service-certificate", [&] { return Report(engine::MakeServiceCertificate(identity)); }},
      {"key-encryption-key", [&] { return Report(engine::keys::KeyEncryptionKey::Create(key_file)); }}};
  return commands.at(options.chosen())();
}
