#include "scep_http.h"

#include <array>
#include <chrono>

#include "service/log.h"
#include "service/metrics.h"

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;

// Report is what the log and the metrics need of a request once it is answered.
struct Report {
  std::optional<Operation> operation;
  std::string peer;
  std::size_t octets_in = 0;
  Clock::time_point began;
};

std::string_view NameOf(const std::optional<Operation>& operation) {
  return operation ? ToString(*operation) : "none";
}

std::size_t OctetsOf(const HttpResponse& response) {
  return response.shared_body ? response.shared_body->size() : response.body.size();
}

void WriteLog(const Report& report, const ScepAnswer& answer, double seconds) {
  service::LogInfo("scep", {{"operation", NameOf(report.operation)},
                            {"ca", std::string_view(answer.ca)},
                            {"status", std::int64_t{answer.response.status}},
                            {"message_type", std::string_view(answer.message_type)},
                            {"transaction_id", std::string_view(answer.transaction_id)},
                            {"digest", std::string_view(answer.digest)},
                            {"cipher", std::string_view(answer.cipher)},
                            {"outcome", ToString(answer.outcome)},
                            {"fail_info", std::string_view(answer.fail_info)},
                            {"incident", std::string_view(answer.incident)},
                            {"reason", std::string_view(answer.reason)},
                            {"source", std::string_view(report.peer)},
                            {"octets_in", static_cast<std::int64_t>(report.octets_in)},
                            {"octets_out", static_cast<std::int64_t>(OctetsOf(answer.response))},
                            {"duration_ms", seconds * 1000}});
}

// Instruments holds the handles of one operation, so that a request looks up none.
class Instruments {
 public:
  explicit Instruments(const std::string& operation)
      : seconds_(service::HistogramFor("certifier_scep_request_seconds", "Time from a whole request to its answer.",
                                       {{"operation", operation}})) {
    for (std::size_t i = 0; i < counters_.size(); ++i) {
      const std::string outcome(ToString(static_cast<ScepOutcome>(i)));
      counters_[i] = &service::CounterFor("certifier_scep_requests_total", "SCEP requests by operation and outcome.",
                                          {{"operation", operation}, {"outcome", outcome}});
    }
  }

  void Count(ScepOutcome outcome, double seconds) const {
    counters_[static_cast<std::size_t>(outcome)]->Add();
    seconds_.Observe(seconds);
  }

 private:
  std::array<service::Counter*, kScepOutcomes> counters_{};
  service::Histogram& seconds_;
};

const Instruments& InstrumentsOf(const std::optional<Operation>& operation) {
  static const std::array<Instruments, 6> all = {Instruments("none"),          Instruments("GetCACaps"),
                                                 Instruments("GetCACert"),     Instruments("GetCACertChain"),
                                                 Instruments("GetNextCACert"), Instruments("PKIOperation")};
  return all[operation ? 1 + static_cast<std::size_t>(*operation) : 0];
}

void Finish(const Report& report, ScepAnswer answer, const Respond& respond) {
  const double seconds = std::chrono::duration<double>(Clock::now() - report.began).count();
  WriteLog(report, answer, seconds);
  InstrumentsOf(report.operation).Count(answer.outcome, seconds);
  respond(std::move(answer.response));
}

ScepAnswer Refusal(int status, std::string reason) {
  ScepAnswer answer;
  answer.response = StatusResponse(status);
  answer.outcome = ScepOutcome::kRefused;
  answer.reason = std::move(reason);
  return answer;
}

bool IsMethodServed(std::string_view method) {
  return method == "GET" || method == "POST" || method == "HEAD";
}

// OperationOf: a POST that names none is a PKIOperation, the only one that RFC 8894 defines for POST (H-06).
std::optional<Operation> OperationOf(const HttpRequest& request, const ScepQuery& query) {
  if (query.operation) return OperationFromString(*query.operation);
  if (request.method == "POST") return Operation::kPkiOperation;
  return std::nullopt;
}

result::Result<pki::Bytes> MessageOf(HttpRequest& request, const ScepQuery& query) {
  if (request.method == "POST") return DecodeMessageBody(std::move(request.body));
  return DecodeMessageParameter(query.message);
}

// ReadCall returns the call, or the answer to what is none. `operation` is set as soon as it is known.
tl::expected<ScepCall, ScepAnswer> ReadCall(HttpRequest& request, const std::vector<std::string>& paths,
                                            std::optional<Operation>& operation) {
  if (!IsMethodServed(request.method)) return tl::unexpected(Refusal(405, "method " + request.method));
  auto query = ParseScepTarget(request.target, paths);
  if (!query) return tl::unexpected(Refusal(404, "unknown path"));
  operation = OperationOf(request, *query);
  if (!operation) return tl::unexpected(Refusal(400, "no operation, or an unknown one"));
  ScepCall call;
  call.operation = *operation;
  call.profile = std::move(query->profile);
  call.peer = request.peer;
  if (*operation != Operation::kPkiOperation) {
    call.identifier = DecodeIdentifier(query->message);
    return call;
  }
  if (request.method == "HEAD") return tl::unexpected(Refusal(405, "HEAD on PKIOperation"));
  auto message = MessageOf(request, *query);
  if (!message) return tl::unexpected(Refusal(400, message.error().detail));
  call.message = *std::move(message);
  return call;
}

}  // namespace

ScepHttp::ScepHttp(std::vector<std::string> paths, ScepEndpoint& endpoint)
    : paths_(std::move(paths)), endpoint_(endpoint) {}

void ScepHttp::Handle(HttpRequest request, Respond respond) const {
  Report report;
  report.began = Clock::now();
  report.octets_in = request.target.size() + request.body.size();
  report.peer = request.peer;
  auto call = ReadCall(request, paths_, report.operation);
  if (!call) return Finish(report, std::move(call.error()), respond);
  endpoint_.Handle(*std::move(call), [report = std::move(report), respond = std::move(respond)](ScepAnswer answer) {
    Finish(report, std::move(answer), respond);
  });
}

}  // namespace gateway
