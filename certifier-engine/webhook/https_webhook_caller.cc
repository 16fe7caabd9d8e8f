#include "webhook/https_webhook_caller.h"

#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "pki/digest.h"
#include "pki/pem.h"
#include "service/log.h"
#include "service/metrics.h"
#include "webhook/signature.h"

namespace engine::webhook {

namespace {

using result::Reason;
using std::chrono::milliseconds;
using Kind = Attempt::Kind;
using SteadyClock = std::chrono::steady_clock;

constexpr int kOk = 200, kTooManyRequests = 429, kServerError = 500;

// What another attempt may get better.
bool IsPassing(const Attempt& attempt) {
  switch (attempt.kind) {
    case Kind::kUnreachable:
    case Kind::kBroken:
    case Kind::kLate:
      return true;
    case Kind::kUntrusted:
    case Kind::kTooLong:
      return false;
    case Kind::kAnswered:
      return attempt.status == kTooManyRequests || attempt.status >= kServerError;
  }
  return false;
}

// What says that the server as a whole is away or another's, and not that it has no answer to one question.
bool IsServerDown(const Attempt& attempt) {
  return IsPassing(attempt) || attempt.kind == Kind::kUntrusted;
}

// Closed sets: one word for the metric, one sentence for the record.
std::string_view OutcomeOf(const Attempt& attempt) {
  switch (attempt.kind) {
    case Kind::kAnswered:
      return attempt.status == kOk ? "answered" : "status";
    case Kind::kUnreachable:
      return "unreachable";
    case Kind::kUntrusted:
      return "untrusted";
    case Kind::kBroken:
      return "broken";
    case Kind::kLate:
      return "late";
    case Kind::kTooLong:
      return "too_long";
  }
  return "broken";
}

std::string Reproach(const Attempt& attempt) {
  switch (attempt.kind) {
    case Kind::kAnswered:
      return "HTTP status " + std::to_string(attempt.status);
    case Kind::kUnreachable:
      return "no connection";
    case Kind::kUntrusted:
      return "its certificate is not trusted, or is another host's";
    case Kind::kBroken:
      return "the connection ended without a whole answer";
    case Kind::kLate:
      return "no whole answer in time";
    case Kind::kTooLong:
      return "an answer that is too long";
  }
  return "no answer";
}

void Count(std::string_view outcome, SteadyClock::duration took) {
  service::CounterFor("certifier_webhook_calls_total", "Calls of webhooks, by what came of them",
                      {{"outcome", std::string(outcome)}})
      .Add();
  static auto& seconds = service::HistogramFor("certifier_webhook_seconds", "How long they took, retries included", {});
  seconds.Observe(std::chrono::duration<double>(took).count());
}

// A pause of `longest`, less up to a half: of many who failed together each comes back at a time of its own.
milliseconds Jittered(milliseconds longest) {
  thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<milliseconds::rep> any(longest.count() / 2, longest.count());
  return milliseconds(any(random));
}

result::Result<void> CheckCaFile(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return result::Fail(Reason::kUnavailable, "--webhook-ca: cannot read " + path);
  ASSIGN_OR_RETURN(const auto blocks, pki::PemBlocks(text, "CERTIFICATE"));
  if (blocks.empty()) return result::Fail(Reason::kMalformed, "--webhook-ca: there is no certificate in " + path);
  return {};
}

milliseconds Left(SteadyClock::time_point deadline) {
  return std::chrono::ceil<milliseconds>(deadline - SteadyClock::now());
}

}  // namespace

result::Result<std::unique_ptr<HttpsWebhookCaller>> HttpsWebhookCaller::Create(Settings settings, Clock clock) {
  std::set<std::string> authorities;
  for (const auto& host : settings.hosts) {
    const auto endpoint = Endpoint::ParseHost(host);
    if (!endpoint) return result::Fail(Reason::kMalformed, "--webhook-hosts: " + endpoint.error().detail);
    authorities.insert(endpoint->Authority());
  }
  RETURN_IF_ERROR(CheckCaFile(settings.connection.ca_file));
  Secrets secrets;
  if (!settings.secrets.empty()) {
    ASSIGN_OR_RETURN(secrets, LoadSecrets(settings.secrets));
  }
  return std::unique_ptr<HttpsWebhookCaller>(
      new HttpsWebhookCaller(std::move(settings), std::move(authorities), std::move(secrets), std::move(clock)));
}

HttpsWebhookCaller::HttpsWebhookCaller(Settings settings, std::set<std::string> authorities, Secrets secrets,
                                       Clock clock)
    : settings_(std::move(settings)),
      authorities_(std::move(authorities)),
      secrets_(std::move(secrets)),
      clock_(std::move(clock)),
      circuit_(settings_.circuit, clock_),
      connections_(settings_.connection, clock_) {}

result::Result<void> HttpsWebhookCaller::CheckUrl(const std::string& url) const {
  ASSIGN_OR_RETURN(const auto endpoint, Endpoint::Parse(url));
  if (authorities_.contains(endpoint.Authority())) return {};
  return result::Fail(Reason::kNotFound, endpoint.Authority() + " is not in --webhook-hosts");
}

result::Result<void> HttpsWebhookCaller::CheckSecret(const std::string& secret) const {
  if (secrets_.contains(secret)) return {};
  return result::Fail(Reason::kNotFound, "there is no secret " + secret + " in --webhook-secrets");
}

result::Result<std::string> HttpsWebhookCaller::Post(const policy::WebhookCall& call) {
  RETURN_IF_ERROR(CheckUrl(call.url));
  RETURN_IF_ERROR(CheckSecret(call.secret));
  ASSIGN_OR_RETURN(const auto endpoint, Endpoint::Parse(call.url));
  const std::string server = endpoint.Authority();
  const auto begun = SteadyClock::now();
  if (!circuit_.MayCall(server)) {
    Count("circuit_open", {});
    return result::Fail(Reason::kUnavailable, server + " failed too often and is not called for a while");
  }
  unsigned attempts = 0;
  Attempt attempt = Try(call, endpoint, attempts);
  circuit_.Note(server, IsServerDown(attempt));
  Count(OutcomeOf(attempt), SteadyClock::now() - begun);
  if (attempt.kind == Kind::kAnswered && attempt.status == kOk) return std::move(attempt.body);
  const std::string reproach = Reproach(attempt);
  service::LogWarning("webhook_failed",
                      {{"server", server}, {"attempts", std::int64_t{attempts}}, {"detail", reproach}});
  const bool is_malformed = attempt.kind == Kind::kTooLong;
  return result::Fail(is_malformed ? Reason::kMalformed : Reason::kUnavailable, server + ": " + reproach);
}

// Each attempt may take its share of what is left, so that one that is late leaves time for the next.
Attempt HttpsWebhookCaller::Try(const policy::WebhookCall& call, const Endpoint& endpoint, unsigned& attempts) {
  const auto deadline = SteadyClock::now() + call.timeout;
  milliseconds pause = settings_.retry_pause;
  for (attempts = 1;; attempts++, pause *= 2) {
    const auto share = Left(deadline) / (call.retries + 2 - attempts);
    Attempt attempt = TryOnce(call, endpoint, std::max(share, milliseconds(1)));
    if (!IsPassing(attempt) || attempts > call.retries) return attempt;
    const auto wait = Jittered(pause);
    if (wait >= Left(deadline)) return attempt;
    std::this_thread::sleep_for(wait);
  }
}

Attempt HttpsWebhookCaller::TryOnce(const policy::WebhookCall& call, const Endpoint& endpoint, milliseconds timeout) {
  auto connection = connections_.Take(endpoint);
  if (!connection) return {Kind::kUntrusted, 0, {}};
  const auto secret = secrets_.find(call.secret);
  // Of the whole question: it is the same in each attempt, and in a device's repeated request that asks the same.
  const auto digest = pki::Digest(pki::DigestAlgorithm::kSha256, call.url + "\n" + call.body);
  auto attempt = (*connection)
                     ->Post(endpoint,
                            {{"Certifier-Signature", SignatureOf(secret->second, clock_(), call.body)},
                             {"Idempotency-Key", pki::HexLower(digest)}},
                            call.body, timeout);
  if (attempt.kind == Kind::kAnswered) connections_.Keep(endpoint, *std::move(connection));
  return attempt;
}

}  // namespace engine::webhook
