#include "scep_endpoint.h"

#include <algorithm>
#include <exception>
#include <optional>

#include "ca_selection.h"
#include "scep/reply.h"
#include "scep_refusal.h"
#include "service/metrics.h"

namespace gateway {
namespace {

using result::Reason;
using scep::FailInfo;

constexpr std::size_t kIncidentOctets = 8;

ScepAnswer CertRep(result::Result<pki::Bytes> message, ScepOutcome outcome) {
  // Outcome 13: an RA that cannot sign is no verdict on the device.
  if (!message) return Unavailable("reply not signed: " + message.error().detail);
  ScepAnswer answer;
  answer.response.content_type = "application/x-pki-message";
  answer.response.cache_control = "no-store";  // A cached poll would stay PENDING (requirements H-53).
  answer.response.body = *std::move(message);
  answer.outcome = outcome;
  return answer;
}

// NewIncident is the id under which the log has the reason of a failure; empty where there are no random octets, and
// then nothing can be signed either.
std::string NewIncident() {
  const auto octets = pki::RandomBytes(kIncidentOctets);
  return octets ? pki::HexLower(*octets) : std::string();
}

// IsTimely tells whether a message's signingTime is within the CA's max_skew (requirements M-13).
bool IsTimely(const scep::Request& request, const certifier::v1::CaOptions& options, pki::TimePoint now) {
  if (options.max_skew() == 0) return true;
  if (!request.signing_time) return false;
  const auto skew = *request.signing_time < now ? now - *request.signing_time : *request.signing_time - now;
  return skew <= std::chrono::seconds(options.max_skew());
}

// FailInfoFor is the outcome table (requirements part 6.6) for failures of the engine's call; nothing means 503.
// INTERNAL and PERMISSION_DENIED are faults of ours, not the device's: it shall try again when they are mended, and
// CONFLICT is a lost race that the next attempt settles.
std::optional<FailInfo> FailInfoFor(Reason reason, scep::MessageType type) {
  switch (reason) {
    case Reason::kMalformed:
    case Reason::kPolicyRefused:
      return FailInfo::kBadRequest;
    case Reason::kNotFound:
      return type == scep::MessageType::kCertPoll ? FailInfo::kBadCertId : FailInfo::kBadRequest;
    case Reason::kBadAlgorithm:
      return FailInfo::kBadAlg;
    case Reason::kBadMessageCheck:
      return FailInfo::kBadMessageCheck;
    case Reason::kBadTime:
      return FailInfo::kBadTime;
    case Reason::kUnknownCertificate:
      return FailInfo::kBadCertId;
    case Reason::kUnauthorized:
    case Reason::kConflict:
    case Reason::kUnavailable:
    case Reason::kInternal:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string NotAllowed(std::string_view operation) {
  return "the SCEP service does not allow " + std::string(operation);
}

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};

}  // namespace

// Exchange is one PKIOperation on its way; one thread at a time works on it.
struct ScepEndpoint::Exchange {
  ScepCall call;
  ScepDone done;
  std::shared_ptr<const CaSnapshot> snapshot;
  Recipients candidates;
  pki::TimePoint received_at;
  std::optional<scep::Request> request;
  SourceBudget::Verdict decrypts = SourceBudget::Verdict::kOk;  // That of the budget, once it was asked.

  // The options of the CA that `recipient` stands for.
  const certifier::v1::CaOptions& OptionsOf(const scep::Recipient& recipient) const {
    const CaEntry* const ca = snapshot->Find(recipient.ca);
    return ca != nullptr ? ca->options : certifier::v1::CaOptions::default_instance();
  }

  // What the decoded message asks for. Where enrolment and renewal are treated alike, either stands for both.
  certifier::v1::ScepOperation Kind() const {
    const CaEntry* const ca = snapshot->Find(request->recipient->ca);
    const bool is_open = request->type == scep::MessageType::kPkcsReq && !snapshot->serving().treats_renewal_alike();
    return KindOf(request->type, is_open && ca != nullptr && IsIssuedBy(*ca, request->signer));
  }

  // Answer runs `make` and hands on its answer. This is the edge at which an escaping exception is caught.
  template <class Make>
  void Answer(Make make) {
    ScepAnswer answer;
    try {
      answer = make();
    } catch (const std::exception& e) {
      answer = WithoutCertRep(500, ScepOutcome::kBroken, e.what());
    }
    if (request) {
      answer.ca = request->recipient->ca;
      answer.message_type = scep::ToString(request->type);
      answer.transaction_id = scep::PrintableTransactionId(request->reply.transaction_id);
      answer.digest = ToString(request->reply.digest);
      answer.cipher = ToString(request->reply.cipher);
    }
    done(std::move(answer));
  }
};

ScepEndpoint::ScepEndpoint(Settings settings, Parts parts)
    : settings_(settings),
      parts_(std::move(parts)),
      failures_(settings_.failures),
      decrypts_(settings_.decrypts),
      polls_(settings_.polls),
      crl_replies_(settings_.crl_replies) {}

void ScepEndpoint::Handle(ScepCall call, ScepDone done) {
  auto snapshot = parts_.snapshot();
  if (!snapshot) return done(Unavailable("no CA directory from the engine yet"));
  if (!snapshot->serving().is_active()) return done(Disabled());
  if (!snapshot->serving().Allows(call.operation)) {
    return done(Refused(400, NotAllowed(ToString(call.operation))));
  }
  switch (call.operation) {
    case Operation::kGetCaCaps:
    case Operation::kGetCaCert:
    case Operation::kGetCaCertChain:
    case Operation::kGetNextCaCert:
      return done(ServeCa(*snapshot, call));
    case Operation::kPkiOperation:
      return BeginOperation(std::move(snapshot), std::move(call), std::move(done));
  }
}

ScepAnswer ScepEndpoint::ServeCa(const CaSnapshot& snapshot, const ScepCall& call) const {
  const CaHint hint{call.profile, call.identifier};
  const auto ca = SelectCa(snapshot, hint);
  if (!ca && ca.error().reason == Reason::kNotFound) return Refused(404, Describe(ca.error()));
  if (!ca) return Unavailable(Describe(ca.error()));
  ScepAnswer answer;
  switch (call.operation) {
    case Operation::kGetCaCaps:
      answer.response.body = (*ca)->capabilities;
      answer = Cacheable(std::move(answer));
      break;
    case Operation::kGetCaCert:
      answer = ServeCertificates((*ca)->certificates, (*ca)->certificates_type);
      break;
    case Operation::kGetCaCertChain:
      answer = ServeCertificates((*ca)->chain_certificates, "application/x-x509-ca-ra-cert-chain");
      break;
    case Operation::kGetNextCaCert:
      answer = ServeNextCa(**ca);
      break;
    case Operation::kPkiOperation:
      answer = WithoutCertRep(500, ScepOutcome::kBroken, "no operation of a CA");
      break;
  }
  answer.ca = (*ca)->name;
  return answer;
}

ScepAnswer ScepEndpoint::ServeNextCa(const CaEntry& ca) const {
  if (ca.next_ca_certificates.empty()) return Refused(404, "no next CA");
  return ServeCertificates(ca.next_ca_certificates, "application/x-x509-next-ca-cert");
}

ScepAnswer ScepEndpoint::ServeCertificates(const pki::Bytes& certificates, std::string_view content_type) const {
  ScepAnswer answer;
  answer.response.content_type = content_type;
  answer.response.body = certificates;
  return Cacheable(std::move(answer));
}

ScepAnswer ScepEndpoint::Cacheable(ScepAnswer answer) const {
  answer.response.cache_control = "max-age=" + std::to_string(settings_.ca_max_age.count());
  return answer;
}

// Charging hands the answer on, and charges the source for a failure. To be put off is none.
ScepDone ScepEndpoint::Charging(const std::string& peer, ScepDone done) {
  return [this, peer, done = std::move(done)](ScepAnswer answer) {
    const bool is_refused = answer.outcome == ScepOutcome::kRefused && answer.response.status != 429;
    if (answer.outcome == ScepOutcome::kFailure || is_refused) {
      failures_.Charge(peer, SourceBudget::TimePoint::clock::now());
    }
    done(std::move(answer));
  };
}

void ScepEndpoint::BeginOperation(std::shared_ptr<const CaSnapshot> snapshot, ScepCall call, ScepDone done) {
  const auto verdict = failures_.Check(call.peer, SourceBudget::TimePoint::clock::now());
  if (verdict != SourceBudget::Verdict::kOk) return done(OverBudget("failures", verdict));
  done = Charging(call.peer, std::move(done));
  auto candidates = SelectRecipients(*snapshot, call.profile);
  if (!candidates && candidates.error().reason == Reason::kNotFound) {
    return done(Refused(404, Describe(candidates.error())));
  }
  if (!candidates) return done(Unavailable(Describe(candidates.error())));
  auto exchange = std::make_shared<Exchange>();
  exchange->call = std::move(call);
  exchange->done = std::move(done);
  exchange->snapshot = std::move(snapshot);
  exchange->candidates = *std::move(candidates);
  exchange->received_at = parts_.now();
  if (!WorkersOf(*exchange).TryRun([this, exchange] { Decode(exchange); })) {
    exchange->Answer([] { return Unavailable("worker queue full"); });
  }
}

// Whom a message is for is known when it is decoded; until then it may be for any of the candidates.
service::WorkerPool& ScepEndpoint::WorkersOf(const Exchange& exchange) const {
  const bool may_wait = std::any_of(exchange.candidates.begin(), exchange.candidates.end(),
                                    [](const auto& candidate) { return candidate->is_remote; });
  return may_wait ? parts_.engine_key_workers : parts_.workers;
}

bool ScepEndpoint::MayDecrypt(Exchange& exchange) {
  static auto& decrypts = service::CounterFor("certifier_scep_decrypts_total", "Envelopes that a key was used on.", {});
  exchange.decrypts = decrypts_.Take(exchange.call.peer, SourceBudget::TimePoint::clock::now());
  if (exchange.decrypts != SourceBudget::Verdict::kOk) return false;
  decrypts.Add();
  return true;
}

// RefuseUnasked refuses what a request could be refused for without the engine.
std::optional<ScepAnswer> ScepEndpoint::RefuseUnasked(Exchange& exchange) {
  scep::Request& request = *exchange.request;
  const auto& options = exchange.OptionsOf(*request.recipient);
  request.reply.has_empty_content = options.empty_reply_content();
  const auto kind = exchange.Kind();
  if (kind != certifier::v1::SCEP_OPERATION_UNSPECIFIED && !exchange.snapshot->serving().Allows(kind)) {
    return AnswerFailure(exchange, FailInfo::kBadRequest, NotAllowed(ToString(kind)));
  }
  if (request.type == scep::MessageType::kCertPoll) {
    const auto verdict = polls_.Take(exchange.call.peer, SourceBudget::TimePoint::clock::now());
    if (verdict != SourceBudget::Verdict::kOk) return OverBudget("polls", verdict);
  }
  if (IsTimely(request, options, exchange.received_at)) return std::nullopt;
  return AnswerFailure(exchange, FailInfo::kBadTime, "signingTime is outside max_skew");
}

void ScepEndpoint::Decode(const ExchangePtr& exchange) {
  std::optional<ScepAnswer> refusal;
  try {
    auto request =
        scep::DecodeRequest(exchange->call.message, exchange->candidates, [&] { return MayDecrypt(*exchange); });
    if (exchange->decrypts != SourceBudget::Verdict::kOk) {
      refusal = OverBudget("decrypts", exchange->decrypts);
    } else if (request) {
      exchange->request = *std::move(request);
      refusal = RefuseUnasked(*exchange);
    } else {
      refusal = AnswerRefusal(*exchange, request.error());
    }
  } catch (const std::exception& e) {
    refusal = WithoutCertRep(500, ScepOutcome::kBroken, e.what());
  }
  if (refusal) return exchange->Answer([&] { return *std::move(refusal); });
  AskEngine(exchange);
}

void ScepEndpoint::AskEngine(const ExchangePtr& exchange) {
  scep::Request& request = *exchange->request;
  const std::string& ca = request.recipient->ca;
  switch (request.type) {
    case scep::MessageType::kPkcsReq:
    case scep::MessageType::kRenewalReq:
      return parts_.engine.Submit({.ca = ca,
                                   .transaction_id = request.reply.transaction_id,
                                   .message_type = request.type,
                                   .signer_certificate = request.signer.der(),
                                   .certification_request = std::move(request.content),
                                   .digest = request.reply.digest,
                                   .cipher = request.reply.cipher,
                                   .source_address = exchange->call.peer,
                                   .received_at = exchange->received_at,
                                   .ca_generation = request.recipient->generation},
                                  EncodeLater(exchange));
    case scep::MessageType::kCertPoll:
      return parts_.engine.Poll({.ca = ca,
                                 .transaction_id = request.reply.transaction_id,
                                 .signer_certificate = request.signer.der(),
                                 .source_address = exchange->call.peer},
                                EncodeLater(exchange));
    case scep::MessageType::kGetCert:
      return Retrieve(exchange);
    case scep::MessageType::kGetCrl:
      return exchange->Answer([&] { return AnswerGetCrl(*exchange); });
    case scep::MessageType::kCertRep:
      return exchange->Answer([&] { return AnswerFailure(*exchange, FailInfo::kBadRequest, "type not served"); });
  }
}

void ScepEndpoint::Retrieve(const ExchangePtr& exchange) {
  const scep::Request& request = *exchange->request;
  auto wanted = scep::ParseIssuerAndSerialNumber(request.content.Reveal());
  if (!wanted) {
    return exchange->Answer([&] { return AnswerFailure(*exchange, FailInfo::kBadRequest, Describe(wanted.error())); });
  }
  parts_.engine.Retrieve({.ca = request.recipient->ca,
                          .signer_certificate = request.signer.der(),
                          .wanted = *std::move(wanted),
                          .source_address = exchange->call.peer},
                         EncodeLater(exchange));
}

// The CRL is the gateway's own copy, so nobody is asked. The reply is as large as it, and made for one device.
ScepAnswer ScepEndpoint::AnswerGetCrl(const Exchange& exchange) {
  const scep::Request& request = *exchange.request;
  const auto refuse = [&](const result::Error& error) {
    return AnswerFailure(exchange, FailInfoFor(error.reason, request.type).value_or(FailInfo::kBadRequest),
                         Describe(error));
  };
  const auto wanted = scep::ParseIssuerAndSerialNumber(request.content.Reveal());
  if (!wanted) return refuse(wanted.error());
  const auto name = SelectCrl(*exchange.snapshot, *wanted, *request.recipient);
  if (!name) return refuse(name.error());
  const auto crl = parts_.crl(*name);
  if (!crl) return refuse({Reason::kUnknownCertificate, "the CA has no CRL yet"});
  auto [turn, verdict] = crl_replies_.Take(exchange.call.peer);
  if (verdict != Turns::Verdict::kOk) return OverCrlReplies(verdict);
  auto message = scep::EncodeCrl(request.reply, *request.recipient, request.signer, *crl, parts_.now());
  if (!message && message.error().reason == Reason::kBadAlgorithm) return refuse(message.error());
  ScepAnswer answer = CertRep(std::move(message), ScepOutcome::kSuccess);
  // The octets keep their turn until the connection lets go of them.
  auto held = std::make_shared<std::pair<std::string, Turns::Turn>>(std::move(answer.response.body), std::move(turn));
  answer.response.body.clear();
  answer.response.shared_body = std::shared_ptr<const std::string>(held, &held->first);
  return answer;
}

EngineClient::Answer ScepEndpoint::EncodeLater(const ExchangePtr& exchange) {
  // Run, not TryRun: the request was admitted when it was decoded, and gRPC's threads must not sign.
  return [this, exchange](result::Result<Decision> decision) {
    WorkersOf(*exchange).Run([this, exchange, decision = std::move(decision)] {
      exchange->Answer([&] { return AnswerDecision(*exchange, decision); });
    });
  };
}

ScepAnswer ScepEndpoint::SignFailure(const Exchange& exchange, scep::ReplyContext context,
                                     const scep::Recipient& signer, FailInfo fail_info) const {
  const bool is_told = exchange.OptionsOf(signer).fail_info_text();
  if (is_told && context.fail_info_text.empty()) context.fail_info_text = NewIncident();
  std::string incident = context.fail_info_text;
  if (!is_told) context.fail_info_text.clear();
  ScepAnswer answer = CertRep(scep::EncodeFailure(context, signer, fail_info, parts_.now()), ScepOutcome::kFailure);
  answer.ca = signer.ca;
  answer.transaction_id = scep::PrintableTransactionId(context.transaction_id);
  answer.digest = ToString(context.digest);
  answer.incident = std::move(incident);
  if (answer.outcome == ScepOutcome::kFailure) answer.fail_info = scep::ToString(fail_info);
  return answer;
}

ScepAnswer ScepEndpoint::AnswerRefusal(const Exchange& exchange, scep::Refusal& refusal) const {
  if (!refusal.reply) return AnswerWithoutContext(refusal.error);
  const scep::Recipient& signer = refusal.recipient ? *refusal.recipient : *exchange.candidates.front();
  refusal.reply->has_empty_content = exchange.OptionsOf(signer).empty_reply_content();
  FailureReport report;
  report.ca = signer.ca;
  report.transaction_id = refusal.reply->transaction_id;
  report.reason = ReasonOf(refusal, *exchange.snapshot);
  std::string reason = report.reason;
  refusal.reply->fail_info_text = Report(exchange, std::move(report));
  ScepAnswer answer = SignFailure(exchange, *refusal.reply, signer, refusal.fail_info);
  if (answer.reason.empty()) answer.reason = std::move(reason);
  return answer;
}

ScepAnswer ScepEndpoint::AnswerDecision(const Exchange& exchange, const result::Result<Decision>& decision) const {
  if (!decision) {
    const auto fail_info = FailInfoFor(decision.error().reason, exchange.request->type);
    if (!fail_info) return Unavailable("engine: " + Describe(decision.error()));
    return AnswerFailure(exchange, *fail_info, "engine: " + Describe(decision.error()));
  }
  const Match cases{[&](const Issued& issued) { return AnswerIssued(exchange, issued); },
                    [&](const Pending&) { return AnswerPending(exchange); },
                    [&](const Rejected& rejected) { return AnswerRejected(exchange, rejected); },
                    [&](const Delayed& delayed) { return PutOff(delayed); }};
  return std::visit(cases, *decision);
}

ScepAnswer ScepEndpoint::AnswerIssued(const Exchange& exchange, const Issued& issued) const {
  const scep::Request& request = *exchange.request;
  std::vector<pki::ByteView> certificates = {issued.certificate};
  // GetCert brings the one certificate that it names (requirements M-46).
  const CaEntry* const ca = exchange.snapshot->Find(request.recipient->ca);
  if (ca != nullptr && request.type != scep::MessageType::kGetCert) {
    const auto above = CertificatesAbove(*ca, issued.certificate, parts_.now());
    certificates.insert(certificates.end(), above.begin(), above.end());
  }
  auto message = scep::EncodeSuccess(request.reply, *request.recipient, request.signer, certificates, parts_.now());
  if (!message && message.error().reason == Reason::kBadAlgorithm) {
    return AnswerFailure(exchange, FailInfo::kBadAlg, Describe(message.error()));
  }
  return CertRep(std::move(message), ScepOutcome::kSuccess);
}

ScepAnswer ScepEndpoint::AnswerPending(const Exchange& exchange) const {
  const scep::Request& request = *exchange.request;
  return CertRep(scep::EncodePending(request.reply, *request.recipient, parts_.now()), ScepOutcome::kPending);
}

ScepAnswer ScepEndpoint::AnswerRejected(const Exchange& exchange, const Rejected& rejected) const {
  const scep::Request& request = *exchange.request;
  scep::ReplyContext context = request.reply;
  context.fail_info_text = rejected.decision_id;
  ScepAnswer answer = SignFailure(exchange, std::move(context), *request.recipient, rejected.fail_info);
  if (answer.reason.empty()) answer.reason = "rejected by the engine";
  return answer;
}

ScepAnswer ScepEndpoint::AnswerFailure(const Exchange& exchange, FailInfo fail_info, std::string reason) const {
  const scep::Request& request = *exchange.request;
  FailureReport report;
  report.ca = request.recipient->ca;
  report.transaction_id = request.reply.transaction_id;
  report.message_type = static_cast<std::uint32_t>(request.type);
  report.reason = reason;
  report.digest = ToString(request.reply.digest);
  report.cipher = ToString(request.reply.cipher);
  scep::ReplyContext context = request.reply;
  context.fail_info_text = Report(exchange, std::move(report));
  ScepAnswer answer = SignFailure(exchange, std::move(context), *request.recipient, fail_info);
  if (answer.reason.empty()) answer.reason = std::move(reason);
  return answer;
}

std::string ScepEndpoint::Report(const Exchange& exchange, FailureReport report) const {
  report.source_address = exchange.call.peer;
  report.received_at = exchange.received_at;
  NameFailure(report);
  std::string id = report.decision_id;
  parts_.engine.Report(std::move(report));
  return id;
}

}  // namespace gateway
