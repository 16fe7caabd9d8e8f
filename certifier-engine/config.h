#ifndef CERTIFIER_ENGINE_CONFIG_H
#define CERTIFIER_ENGINE_CONFIG_H

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "result/result.h"
#include "service/options.h"
#include "service/tls_files.h"

namespace engine {

// Config is everything that `certifier-engine serve` can be told. Only main.cc and engine.cc read it.
struct Config {
  // gRPC, mutual TLS: HOST:PORT; port 0 takes a free one.
  std::string listen = "127.0.0.1:9440";
  // Health and metrics in plain HTTP.
  std::string health_listen = "127.0.0.1:9441";
  // libpq connection string without a password; several hosts for failover.
  std::string database;
  std::string database_password_file;
  std::string key_encryption_key;
  service::TlsFiles tls;
  std::string log_level = "info";
  // Where to write {"grpc":N,"health":N} once both listen; empty: nowhere.
  std::string port_file;

  // Threads that verify and sign; 0: one for each core.
  std::uint64_t workers = 0;
  // Requests that wait for a worker; past it they are answered UNAVAILABLE.
  std::uint64_t max_queued_requests = 512;
  // The same for administrators' calls.
  std::uint64_t admin_workers = 2;
  std::uint64_t max_queued_admin_calls = 64;
  // What may wait for an operator at once, over all engines: of one source, at one CA, of one key at one CA; and under
  // how many further transactionIDs one request may be asked for. Past any of them a device is told to come back later.
  std::uint64_t pending_per_source = 100;
  std::uint64_t pending_per_ca = 10'000;
  std::uint64_t pending_per_requester_key = 16;
  std::uint64_t request_aliases = 16;
  std::chrono::milliseconds pending_delay = std::chrono::minutes(1);
  // How often one message is judged where others change meanwhile what its policy counts; then it is UNAVAILABLE.
  std::uint64_t max_judgements = 4;
  // Connections to the database.
  std::uint64_t database_connections = 4;
  // Wrong pre-shared keys of one source at one CA before it must wait, and of all sources before an alarm and before
  // each that is wrong must wait; so many are forgiven in the window. 0: any number. See enrollment::ChallengeGuard.
  std::uint64_t challenge_failures_per_source = 10;
  std::uint64_t challenge_failures_per_ca = 200;
  std::chrono::milliseconds challenge_window = std::chrono::minutes(10);
  // The wait after the first wrong key past the bound, which doubles with each, and the longest one.
  std::chrono::milliseconds challenge_delay = std::chrono::seconds(1);
  std::chrono::milliseconds max_challenge_delay = std::chrono::minutes(15);
  // The wait after each wrong key at a CA that is past its bound, no longer than the longest; 0: none.
  std::chrono::milliseconds challenge_ca_delay = std::chrono::minutes(2);
  // Sources remembered for that.
  std::uint64_t max_challenge_sources = 65536;
  // Outcomes that one database transaction takes.
  std::uint64_t writer_batch = 64;
  // How far apart two such transactions begin, so that under load they gather.
  std::chrono::milliseconds batch_interval = std::chrono::milliseconds(8);

  // Decision records that wait to be written; past it nothing is decided. And how long those are kept that belong to no
  // stored request.
  std::uint64_t max_queued_decisions = 8192;
  std::chrono::milliseconds decision_retention = std::chrono::hours(24) * 90;

  // Servers that policies may ask, "HOST[:PORT]", and where the secrets are that sign the questions; empty: none is
  // asked. See webhook/README.md.
  std::vector<std::string> webhook_hosts;
  std::string webhook_secrets;
  std::string webhook_ca;  // PEM of who may sign their certificates; empty: whom the system trusts.
  // Threads that wait for them, and requests that wait for such a thread; past it they are answered UNAVAILABLE.
  std::uint64_t webhook_workers = 8;
  std::uint64_t max_queued_webhooks = 64;
  // How long a request waits for such a thread; it is answered UNAVAILABLE then, and nobody is asked.
  std::chrono::milliseconds webhook_queue_timeout = std::chrono::seconds(10);
  std::uint64_t max_webhook_answer = 64 * 1024;
  // So many failures in a row, and a server is not asked for that long.
  std::uint64_t webhook_failures = 5;
  std::chrono::milliseconds webhook_pause = std::chrono::seconds(30);

  // Operators: how long a session lasts, how long without a call, and how many one operator has at most.
  std::chrono::milliseconds session_ttl = std::chrono::hours(8);
  std::chrono::milliseconds session_idle = std::chrono::hours(1);
  std::uint64_t operator_sessions = 20;
  // What one look at a password takes (Argon2id): octets of memory, a multiple of 1 KiB, and passes over it. So many
  // are looked at at once, and so many calls wait for that.
  std::uint64_t password_memory = 64 * 1024 * 1024;
  std::uint64_t password_iterations = 3;
  std::uint64_t password_workers = 2;
  std::uint64_t max_queued_passwords = 16;
  // Wrong passwords for one login of one source before it must wait; and of all sources for one login before each that
  // is wrong must, as of one source for all logins before it must. So many are forgiven in the window. 0: any number.
  std::uint64_t login_failures_per_source = 5;
  std::uint64_t login_failures_per_login = 50;
  // Tokens of no session, by the same rules.
  std::uint64_t token_failures_per_source = 100;
  std::chrono::milliseconds login_window = std::chrono::minutes(15);
  // The wait after the first wrong one past the bound, which doubles with each, and the longest one.
  std::chrono::milliseconds login_delay = std::chrono::seconds(2);
  std::chrono::milliseconds max_login_delay = std::chrono::minutes(15);

  // How long a gateway counts as alive after it reported, how many processes of one gateway's name are remembered, and
  // how many reports wait to be written; past it a gateway reports again.
  std::chrono::milliseconds gateway_report_ttl = std::chrono::minutes(2);
  std::uint64_t max_gateway_reports = 100;
  std::uint64_t max_queued_gateway_reports = 256;

  // How long requests in flight may take after SIGTERM.
  std::chrono::milliseconds drain_timeout = std::chrono::seconds(20);
  // How often the directory is read where no notification came; also how soon a lost database is noticed.
  std::chrono::milliseconds directory_refresh = std::chrono::seconds(5);
  // How often while the database is away.
  std::chrono::milliseconds directory_retry = std::chrono::milliseconds(500);
  // How long a request waits for an operator before it expires, and how often that is looked at.
  std::chrono::milliseconds pending_ttl = std::chrono::hours(24) * 30;
  // How long an operator's approval counts where a request waits for more of them.
  std::chrono::milliseconds approval_ttl = std::chrono::hours(24) * 7;
  // How long a rejection is repeated to who asks again with the same PKCS#10. Both are for CAs that name no days.
  std::chrono::milliseconds retention = std::chrono::hours(24) * 30;
  std::chrono::milliseconds expiry_interval = std::chrono::minutes(10);
  // From a CRL's thisUpdate to its nextUpdate; the next one is made at half of it. The least is more than twice the
  // longest interval below, so that no CRL runs out between two looks.
  std::chrono::milliseconds crl_lifetime = std::chrono::hours(24) * 7;
  // How often CRLs are looked at where no notification came, and how many older ones of each CA the database keeps.
  std::chrono::milliseconds crl_interval = std::chrono::seconds(60);
  std::uint64_t crl_kept = 2;
  // How long a pre-shared key is good that was made without an end.
  std::chrono::milliseconds key_lifetime = std::chrono::hours(24) * 30;
  // How long keys made in bulk can be asked for again, in whole hours.
  std::chrono::milliseconds key_batch_window = std::chrono::hours(24);
  // How long an RA's certificate is good, cut at its CA's end.
  std::chrono::milliseconds registration_authority_validity = std::chrono::hours(24) * 730;
  // How long before its end an RA is renewed, how long gateways know its successor before it is published, how long a
  // retired one opens envelopes and signs replies, and how often all that is looked at. The first is more than the
  // second and third together: who fetched the old one uses it as long.
  std::chrono::milliseconds registration_authority_renewal = std::chrono::hours(24) * 60;
  std::chrono::milliseconds registration_authority_lead = std::chrono::minutes(1);
  std::chrono::milliseconds key_retirement = std::chrono::hours(24) * 30;
  std::chrono::milliseconds registration_authority_interval = std::chrono::minutes(10);
  // How often the audit log's events are sealed, and how many are under one seal: at most 4096.
  std::chrono::milliseconds audit_seal_interval = std::chrono::seconds(10);
  std::uint64_t audit_seal_batch = 4096;
  // How often what gateways did with the keys of CAs without an RA is told, one event for each key, gateway and use.
  std::chrono::milliseconds audit_key_use_interval = std::chrono::minutes(10);
  // How long before its issue a certificate becomes valid.
  std::chrono::milliseconds backdating = std::chrono::minutes(5);
  // How far from our clock a gateway's reception time is believed.
  std::chrono::milliseconds max_reception_skew = std::chrono::minutes(5);

  // Check finds values that do not go together: malformed, with what to change.
  result::Result<void> Check() const;
  // Bind adds the flags of `serve` to `options`.
  void Bind(service::Options& options);
  // BindDatabase adds those that `migrate` and `initialization-token` have too.
  void BindDatabase(service::Options& options);
};

}  // namespace engine

#endif  // CERTIFIER_ENGINE_CONFIG_H
