#include <random>
#include <set>
#include <sstream>

#include "ctl/program.h"
#include "doctor/dialogue.h"
#include "doctor_fixture.h"

using namespace doctor_test;
using scep::PkiStatus;

namespace {

// Answering replaces the answer to every PKIOperation.
std::function<void(const Call&, result::Result<Answer>&)> Answering(result::Result<Answer> answer) {
  return [answer](const Call& call, result::Result<Answer>& out) {
    if (call.operation == "PKIOperation") out = answer;
  };
}

}  // namespace

TEST_CASE("a sound server passes every check that it can be held to", "[ctl][doctor]") {
  ScriptedServer server;
  const Report report = Examined(server, true);
  CHECK(Bad(report).empty());
  std::set<std::string> names, skipped;
  for (const Finding& finding : report.findings()) {
    CHECK(names.insert(finding.check).second);
    if (finding.verdict == Verdict::kSkipped) skipped.insert(finding.check);
  }
  CHECK(skipped == std::set<std::string>{"next-ca", "poll"});
  CHECK(server.calls.size() < doctor::Dialogue::kMaxRequests);
  CHECK(server.issued == 2);
}

TEST_CASE("without a challenge nothing is enrolled", "[ctl][doctor]") {
  ScriptedServer server;
  const Report report = Examined(server);
  CHECK(Bad(report).empty());
  CHECK(server.issued == 0);
  CHECK_FALSE(server.challenges.contains(server.challenge));
  for (const char* check : {"enrol", "enrol-replay", "renewal"}) CheckVerdict(report, check, Verdict::kSkipped);
}

TEST_CASE("a challenge is sent to no CA but the one with the fingerprint", "[ctl][doctor]") {
  ScriptedServer server;
  doctor::Settings settings = NewSettings(server.challenge);
  settings.fingerprint = pki::FingerprintsOf(server.ca.certificate.der()).sha256;
  CheckVerdict(Must(doctor::Examine(server, settings)), "ca-fingerprint", Verdict::kPass);
  CHECK(server.challenges.contains(server.challenge));
  server.challenges.clear();
  settings.fingerprint = Bytes(32, 'x');
  const Report report = Must(doctor::Examine(server, settings));
  CheckVerdict(report, "ca-fingerprint", Verdict::kFail);
  CheckVerdict(report, "enrol", Verdict::kSkipped);
  CHECK_FALSE(server.challenges.contains(server.challenge));
}

TEST_CASE("a server that holds requests is polled", "[ctl][doctor]") {
  ScriptedServer server;
  server.without_challenge = PkiStatus::kPending;
  const Report report = Examined(server);
  CHECK(Bad(report).empty());
  CHECK(Of(report, "poll").seen == "PENDING");
  CHECK(Of(report, "poll-unknown").seen == "FAILURE badCertId");
}

TEST_CASE("a server that issues to anybody fails", "[ctl][doctor]") {
  ScriptedServer server;
  server.without_challenge = PkiStatus::kSuccess;
  const Report report = Examined(server);
  CheckVerdict(report, "no-challenge", Verdict::kFail);
  CheckVerdict(report, "wrong-challenge", Verdict::kFail);
}

TEST_CASE("a server that takes a type for an authentication fails", "[ctl][doctor]") {
  const auto [type, check] = GENERATE(
      table<std::string, std::string>({{"17", "renewal-type"}, {"18", "update-type"}, {"99", "unknown-type"}}));
  ScriptedServer server;
  server.open_types = {type};
  CheckVerdict(Examined(server), check, Verdict::kFail);
}

TEST_CASE("a server that verifies no signature fails", "[ctl][doctor]") {
  ScriptedServer server;
  server.is_verifying = false;
  server.without_challenge = PkiStatus::kPending;
  CheckVerdict(Examined(server), "broken-signature", Verdict::kFail);
}

TEST_CASE("a server that issues twice for one message fails", "[ctl][doctor]") {
  ScriptedServer server;
  server.is_issuing_anew = true;
  CheckVerdict(Examined(server, true), "enrol-replay", Verdict::kFail);
}

TEST_CASE("a renewal that is refused so soon tells nothing", "[ctl][doctor]") {
  ScriptedServer server;
  server.is_renewing = false;
  CheckVerdict(Examined(server, true), "renewal", Verdict::kSkipped);
}

TEST_CASE("a challenge that brings nothing fails, and the certificate's checks are skipped", "[ctl][doctor]") {
  ScriptedServer server;
  const Report report = Must(doctor::Examine(server, NewSettings("wrong")));
  CheckVerdict(report, "enrol", Verdict::kFail);
  CheckVerdict(report, "certificate-key", Verdict::kSkipped);
}

TEST_CASE("a reply that does not fit its request fails", "[ctl][doctor]") {
  ScriptedServer server;
  SECTION("nonce") {
    server.on_context = [](scep::ReplyContext& context) { context.sender_nonce = scep::Nonce(Bytes(16, 'n')); };
    const Report report = Examined(server, true);
    CheckVerdict(report, "reply-nonces", Verdict::kFail);
    CheckVerdict(report, "enrol", Verdict::kFail);
  }
  SECTION("no nonce") {
    server.on_context = [](scep::ReplyContext& context) { context.sender_nonce.reset(); };
    CheckVerdict(Examined(server), "reply-nonces", Verdict::kFail);
  }
  SECTION("transactionID") {
    server.on_context = [](scep::ReplyContext& context) {
      context.transaction_id = scep::TransactionId("\x1b[2Jother");
    };
    CheckVerdict(Examined(server), "reply-transaction", Verdict::kFail);
  }
  SECTION("digest") {
    server.on_context = [](scep::ReplyContext& context) { context.digest = pki::DigestAlgorithm::kSha1; };
    CheckVerdict(Examined(server), "reply-digest", Verdict::kFail);
  }
  SECTION("signer") {
    // Another certificate for the same key, by another CA.
    const Identity other_ca = Certify({.name = "other CA", .is_ca = true, .usage = pki::kKeyCertSign});
    server.ra.certificate = Certify({.name = "RA"}, &other_ca).certificate;
    CheckVerdict(Examined(server), "reply-signature", Verdict::kFail);
  }
  SECTION("signer of the same CA") {
    server.ra.certificate = Certify({.name = "second RA", .key = "RA"}, &server.ca).certificate;
    CheckVerdict(Examined(server), "reply-signature", Verdict::kWarn);
  }
}

TEST_CASE("a cipher that the request did not use is warned of", "[ctl][doctor]") {
  ScriptedServer server;
  server.on_context = [](scep::ReplyContext& context) { context.cipher = pki::ContentCipher::kDesCbc; };
  CheckVerdict(Examined(server, true), "enrol-cipher", Verdict::kWarn);
}

TEST_CASE("what is no CertRep fails, whatever it is", "[ctl][doctor]") {
  const Answer answer = GENERATE(Answer{500, "text/plain", "", "panic"}, Answer{403, "text/plain", "", "no"},
                                 Answer{200, "text/html", "", "<html>"}, Answer{200, "", "", ""},
                                 Answer{200, "application/x-pki-message", "", Bytes(300, '\x30')});
  ScriptedServer server;
  server.on_answer = Answering(answer);
  const Report report = Examined(server, true);
  CAPTURE(answer.status, answer.body);
  CheckVerdict(report, "request-post", Verdict::kFail);
  CheckVerdict(report, "request-get", Verdict::kWarn);
  CheckVerdict(report, "reply-signature", Verdict::kSkipped);
  CheckVerdict(report, "enrol", Verdict::kFail);
}

TEST_CASE("an answer without an end fails as what it is", "[ctl][doctor]") {
  ScriptedServer server;
  server.on_answer = Answering(result::Fail(result::Reason::kMalformed, "an answer longer than 1048576 octets"));
  const Report report = Examined(server);
  CheckVerdict(report, "request-post", Verdict::kFail);
  CHECK(Of(report, "request-post").seen == "an answer longer than 1048576 octets");
}

TEST_CASE("a server that falls silent is left alone soon", "[ctl][doctor]") {
  ScriptedServer server;
  server.on_answer = Answering(result::Fail(result::Reason::kUnavailable, "no whole answer within 10 ms"));
  const Report report = Examined(server, true);
  CheckVerdict(report, "broken-signature", Verdict::kFail);
  const auto operations = std::count_if(server.calls.begin(), server.calls.end(),
                                        [](const Call& call) { return call.operation == "PKIOperation"; });
  CHECK(operations == doctor::Dialogue::kMaxSilences);
}

TEST_CASE("a server that bounds its clients is not called bad for it", "[ctl][doctor]") {
  ScriptedServer server;
  server.on_answer = Answering(Answer{429, "text/plain", "", "later"});
  const Report report = Examined(server);
  CHECK(report.Count(Verdict::kFail) == 0);
  CheckVerdict(report, "request-post", Verdict::kSkipped);
}

TEST_CASE("another content type than a CertRep's fails, parameters are warned of", "[ctl][doctor]") {
  const auto [type, verdict] = GENERATE(table<std::string, Verdict>(
      {{"text/plain", Verdict::kFail}, {"application/x-pki-message; charset=utf-8", Verdict::kWarn}}));
  ScriptedServer server;
  server.on_answer = [type = type](const Call&, result::Result<Answer>& answer) {
    if (answer->content_type == "application/x-pki-message") answer->content_type = type;
  };
  CheckVerdict(Examined(server), "request-post", verdict);
}

TEST_CASE("a server without GET, or without POST, is told so", "[ctl][doctor]") {
  ScriptedServer server;
  SECTION("GET") {
    server.on_answer = [](const Call& call, result::Result<Answer>& answer) {
      if (call.operation == "PKIOperation" && !call.body.has_value()) answer = Answer{405, "text/plain", "", ""};
    };
    CheckVerdict(Examined(server), "request-get", Verdict::kWarn);
  }
  SECTION("POST") {
    server.capabilities = "AES\nSHA-256\n";
    server.on_answer = [](const Call& call, result::Result<Answer>& answer) {
      if (call.body.has_value()) answer = Answer{405, "text/plain", "", ""};
    };
    const Report report = Examined(server, true);
    CheckVerdict(report, "caps-post", Verdict::kWarn);
    CheckVerdict(report, "request-post", Verdict::kWarn);
    CheckVerdict(report, "request-get", Verdict::kPass);
    CheckVerdict(report, "enrol", Verdict::kPass);
  }
}

TEST_CASE("a server that is away, or elsewhere, is asked nothing more", "[ctl][doctor]") {
  ScriptedServer server;
  const result::Result<Answer> answer =
      GENERATE(result::Result<Answer>(result::Fail(result::Reason::kUnavailable, "no connection to a:80")),
               result::Result<Answer>(Answer{301, "", "https://elsewhere/", ""}));
  server.on_answer = [&answer](const Call&, result::Result<Answer>& out) { out = answer; };
  const Report report = Examined(server);
  CheckVerdict(report, "reachable", Verdict::kFail);
  CHECK(server.calls.size() == 1);
}

TEST_CASE("damaged answers are judged, and end nothing", "[ctl][doctor]") {
  const auto seed = Catch::rngSeed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  constexpr int kExaminations = 40;
  for (int i = 0; i < kExaminations; ++i) {
    ScriptedServer server;
    server.on_answer = [&random](const Call& call, result::Result<Answer>& answer) {
      if (answer->body.empty() || random() % 4 != 0 || call.operation == "GetCACaps") return;
      answer->body[random() % answer->body.size()] ^= static_cast<char>(1u << random() % 8);
      if (random() % 8 == 0) answer->body.resize(random() % answer->body.size());
    };
    const Report report = Examined(server, true);
    CHECK(report.Count(Verdict::kPass) > 0);
    CHECK(server.calls.size() <= doctor::Dialogue::kMaxRequests);
  }
}

TEST_CASE("each finding is told as it is made, in the order of the report", "[ctl][doctor][progress]") {
  ScriptedServer server;
  auto settings = NewSettings();
  std::vector<std::string> told;
  std::set<std::size_t> asked;  // How often the server had been asked by then.
  settings.heard = [&](const Finding& finding) {
    told.push_back(finding.check);
    asked.insert(server.calls.size());
  };
  const Report report = Must(doctor::Examine(server, settings));
  std::vector<std::string> found;
  for (const Finding& finding : report.findings()) found.push_back(finding.check);
  CHECK(told == found);
  CHECK(asked.size() > 3);
}

TEST_CASE("at a terminal the doctor says what it is at, and takes that away", "[ctl][doctor][progress]") {
  const auto examine = [](std::size_t width, const std::vector<std::string>& flags) {
    std::vector<std::string> words = {"doctor", "http://127.0.0.1:1/scep"};
    words.insert(words.end(), flags.begin(), flags.end());
    std::ostringstream out, err;
    CHECK(ctl::RunProgram(words, out, err, width) == ctl::ExitCode::kChecksFailed);
    return err.str();
  };
  const std::string told = examine(80, {});
  CHECK(told.find("Asking http://127.0.0.1:1/scep") != std::string::npos);
  CHECK(told.find("1 check made, ") != std::string::npos);
  CHECK(told.find("2 checks made, the last one everything-else\r\x1b[K") != std::string::npos);
  CHECK(examine(80, {"--json"}).empty());
  CHECK(examine(0, {}).find("Asking") == std::string::npos);
}
