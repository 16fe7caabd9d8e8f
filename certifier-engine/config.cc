#include "config.h"

#include "transparency/seal.h"

namespace engine {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours kDay = hours(24);

void BindBounds(Config& config, service::Options& options) {
  options.Number("--workers", config.workers, 0, 1024, "threads that verify and sign; 0: one for each core");
  options.Number("--max-queued-requests", config.max_queued_requests, 1, 100'000,
                 "requests that wait for a worker; past it they are answered UNAVAILABLE");
  options.Number("--admin-workers", config.admin_workers, 1, 64, "threads for administrators' calls");
  options.Number("--max-queued-admin-calls", config.max_queued_admin_calls, 1, 10'000,
                 "administrators' calls that wait for a thread");
  options.Number("--database-connections", config.database_connections, 2, 256, "connections to the database");
  options.Number("--pending-per-source", config.pending_per_source, 1, 1'000'000,
                 "requests of one source that may wait for an operator");
  options.Number("--pending-per-ca", config.pending_per_ca, 1, 10'000'000, "requests to one CA that may wait");
  options.Number("--pending-per-key", config.pending_per_requester_key, 1, 100'000,
                 "requests of one device key to one CA that may wait");
  options.Number("--request-aliases", config.request_aliases, 0, 1000,
                 "further transactionIDs under which one waiting request may be asked for");
  options.Number("--max-judgements", config.max_judgements, 1, 100,
                 "how often one request is judged where others change meanwhile what its policy counts");
  options.Number("--writer-batch", config.writer_batch, 1, 1000, "outcomes that one database transaction takes");
  options.Number("--max-queued-decisions", config.max_queued_decisions, 1, 1'000'000,
                 "decision records that wait to be written; past it requests are answered UNAVAILABLE");
  options.Number("--crl-kept", config.crl_kept, 0, 1000, "older CRLs of each CA that the database keeps");
}

void BindTimes(Config& config, service::Options& options) {
  options.Duration("--batch-interval", config.batch_interval, milliseconds(0), seconds(1),
                   "how far apart two database transactions of enrolment begin");
  options.Duration("--drain-timeout", config.drain_timeout, milliseconds(0), minutes(10),
                   "how long requests in flight may take after SIGTERM");
  options.Duration("--directory-refresh", config.directory_refresh, milliseconds(100), minutes(5),
                   "how often CAs and policies are read where no notification came");
  options.Duration("--directory-retry", config.directory_retry, milliseconds(50), minutes(1),
                   "how often while the database is away");
  options.Duration("--pending-ttl", config.pending_ttl, minutes(1), kDay * 3650,
                   "how long a request waits for an operator before it expires");
  options.Duration("--approval-ttl", config.approval_ttl, minutes(1), kDay * 365,
                   "how long an operator's approval counts where a request waits for more of them");
  options.Duration("--pending-delay", config.pending_delay, seconds(1), kDay,
                   "when a device shall come back that was turned away because as much waits as may");
  options.Duration("--retention", config.retention, minutes(1), kDay * 3650,
                   "how long an outcome is repeated to who sends the same request again");
  options.Duration("--decision-retention", config.decision_retention, kDay, kDay * 3650,
                   "how long the decision records of refusals, repetitions and polls are kept");
  options.Duration("--expiry-interval", config.expiry_interval, seconds(1), kDay,
                   "how often requests are looked at for expiry");
  options.Duration("--crl-lifetime", config.crl_lifetime, minutes(10), kDay * 365,
                   "from a CRL's thisUpdate to its nextUpdate; the next one is made at half of it");
  options.Duration("--crl-interval", config.crl_interval, seconds(1), minutes(2),
                   "how often CRLs are looked at where no notification came");
  options.Duration("--key-lifetime", config.key_lifetime, minutes(1), kDay * 3650,
                   "how long a pre-shared key is good that is made without an end");
  options.Duration("--key-batch-window", config.key_batch_window, hours(1), kDay * 30,
                   "how long keys made in bulk can be asked for again");
  options.Duration("--ra-validity", config.registration_authority_validity, kDay, kDay * 3650,
                   "how long an RA's certificate is good");
  options.Duration("--ra-renewal", config.registration_authority_renewal, minutes(1), kDay * 3650,
                   "how long before its end an RA is renewed");
  options.Duration("--ra-lead", config.registration_authority_lead, seconds(0), kDay,
                   "how long gateways know a renewed RA before devices are told of it");
  options.Duration("--key-retirement", config.key_retirement, seconds(1), kDay * 3650,
                   "how long a retired RA opens envelopes and signs replies");
  options.Duration("--ra-interval", config.registration_authority_interval, seconds(1), kDay,
                   "how often RAs are looked at for renewal and retirement");
  options.Duration("--backdating", config.backdating, milliseconds(0), kDay,
                   "how long before its issue a certificate becomes valid");
  options.Duration("--max-reception-skew", config.max_reception_skew, seconds(1), kDay,
                   "how far from our clock a gateway's reception time is believed");
}

void BindAudit(Config& config, service::Options& options) {
  options.Number("--audit-seal-batch", config.audit_seal_batch, 1, transparency::kMaxBatch,
                 "events of the audit log under one seal");
  options.Duration("--audit-seal-interval", config.audit_seal_interval, milliseconds(100), hours(1),
                   "how often the audit log's events are sealed");
  options.Duration("--audit-key-use-interval", config.audit_key_use_interval, seconds(1), kDay,
                   "how often the audit log is told what gateways did with the keys of CAs without an RA");
}

void BindGateways(Config& config, service::Options& options) {
  options.Duration("--gateway-report-ttl", config.gateway_report_ttl, seconds(1), kDay,
                   "how long a gateway counts as alive after it reported");
  options.Number("--max-gateway-reports", config.max_gateway_reports, 1, 10'000,
                 "processes of one gateway's name that are remembered");
  options.Number("--max-queued-gateway-reports", config.max_queued_gateway_reports, 1, 100'000,
                 "reports of gateways that wait to be written");
}

void BindChallenges(Config& config, service::Options& options) {
  options.Number("--challenge-failures-per-source", config.challenge_failures_per_source, 0, 1'000'000,
                 "wrong pre-shared keys of one source at one CA before it must wait; 0: any number");
  options.Number("--challenge-failures-per-ca", config.challenge_failures_per_ca, 0, 100'000'000,
                 "of all sources together before an alarm is raised and each that is wrong must wait; 0: any number");
  options.Duration("--challenge-window", config.challenge_window, seconds(1), kDay,
                   "in which so many are forgiven, evenly");
  options.Duration("--challenge-delay", config.challenge_delay, milliseconds(1), hours(1),
                   "the wait after the first wrong key past the bound; it doubles with each further one");
  options.Duration("--max-challenge-delay", config.max_challenge_delay, milliseconds(1), kDay, "the longest wait");
  options.Duration("--challenge-ca-delay", config.challenge_ca_delay, milliseconds(0), kDay,
                   "the wait after each wrong key at a CA that is past its bound; 0: none");
  options.Number("--max-challenge-sources", config.max_challenge_sources, 1, 10'000'000, "sources remembered for that");
}

void BindWebhooks(Config& config, service::Options& options) {
  options.Texts("--webhook-hosts", config.webhook_hosts,
                "HOST[:PORT] that policies may ask; repeatable; none: no webhooks");
  options.Text("--webhook-secrets", config.webhook_secrets, "directory of the secrets that sign what they are asked");
  options.Text("--webhook-ca", config.webhook_ca,
               "PEM of who may sign their certificates; none: whom the system trusts");
  options.Number("--webhook-workers", config.webhook_workers, 1, 256, "threads that wait for their answers");
  options.Number("--max-queued-webhooks", config.max_queued_webhooks, 1, 10'000,
                 "requests that wait for such a thread; past it they are answered UNAVAILABLE");
  options.Duration("--webhook-queue-timeout", config.webhook_queue_timeout, milliseconds(100), minutes(10),
                   "how long a request waits for such a thread before it is answered UNAVAILABLE");
  options.Size("--max-webhook-answer", config.max_webhook_answer, 1024, 1024 * 1024, "the longest answer that is read");
  options.Number("--webhook-failures", config.webhook_failures, 1, 1000,
                 "failures in a row after which a server is not asked for a while");
  options.Duration("--webhook-pause", config.webhook_pause, milliseconds(100), hours(1), "how long that is");
}

void BindOperators(Config& config, service::Options& options) {
  options.Duration("--session-ttl", config.session_ttl, minutes(1), kDay * 30, "how long an operator's session lasts");
  options.Duration("--session-idle", config.session_idle, minutes(2), kDay * 30, "how long it lasts without a call");
  options.Number("--operator-sessions", config.operator_sessions, 1, 1000,
                 "sessions of one operator; past it his oldest one ends");
  options.Size("--password-memory", config.password_memory, 1024 * 1024, 1024 * 1024 * 1024,
               "memory that one look at a password takes (Argon2id)");
  options.Number("--password-iterations", config.password_iterations, 1, 100, "passes over that memory");
  options.Number("--password-workers", config.password_workers, 1, 64,
                 "logins and initializations that are looked at at once");
  options.Number("--max-queued-passwords", config.max_queued_passwords, 1, 10'000,
                 "calls that wait for that; past it they are answered UNAVAILABLE");
  options.Number("--login-failures-per-source", config.login_failures_per_source, 0, 1'000'000,
                 "wrong passwords of one source for one login before it must wait; 0: any number");
  options.Number("--login-failures-per-login", config.login_failures_per_login, 0, 1'000'000,
                 "of all sources for one login before each that is wrong must wait, and of one source for all logins");
  options.Number("--token-failures-per-source", config.token_failures_per_source, 0, 1'000'000,
                 "tokens of no session that one source shows before it must wait; 0: any number");
  options.Duration("--login-window", config.login_window, seconds(1), kDay, "in which so many are forgiven, evenly");
  options.Duration("--login-delay", config.login_delay, milliseconds(1), hours(1),
                   "the wait after the first wrong password past the bound; it doubles with each further one");
  options.Duration("--max-login-delay", config.max_login_delay, milliseconds(1), kDay, "the longest wait");
}

}  // namespace

result::Result<void> Config::Check() const {
  if (!webhook_hosts.empty() && webhook_secrets.empty()) {
    return result::Fail(result::Reason::kMalformed,
                        "--webhook-secrets must be set where --webhook-hosts is: every question is signed");
  }
  if (registration_authority_renewal >= registration_authority_validity) {
    return result::Fail(result::Reason::kMalformed,
                        "--ra-renewal must be shorter than --ra-validity: a new RA would be due for renewal at once");
  }
  if (registration_authority_renewal <= registration_authority_lead + key_retirement) {
    return result::Fail(result::Reason::kMalformed,
                        "--ra-renewal must be longer than --ra-lead and --key-retirement together: devices would use "
                        "the certificate of an RA that has ended");
  }
  return {};
}

void Config::BindDatabase(service::Options& options) {
  options.Required("--database", database, "libpq connection string, without a password");
  options.Text("--database-password-file", database_password_file, "file with the database password");
}

void Config::Bind(service::Options& options) {
  options.Text("--listen", listen, "HOST:PORT for gRPC");
  options.Text("--health-listen", health_listen, "HOST:PORT for health and metrics, in plain HTTP");
  BindDatabase(options);
  options.File("--key-encryption-key", key_encryption_key, "file that `key-encryption-key` made");
  tls.Bind(options);
  options.Choice("--log-level", log_level, {"debug", "info", "warning", "error"}, "lowest level that is logged");
  options.Text("--port-file", port_file, "file to write the ports to once both listen");
  BindBounds(*this, options);
  BindTimes(*this, options);
  BindChallenges(*this, options);
  BindWebhooks(*this, options);
  BindOperators(*this, options);
  BindGateways(*this, options);
  BindAudit(*this, options);
}

}  // namespace engine
