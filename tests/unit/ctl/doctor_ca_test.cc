#include "doctor_fixture.h"
#include "pki/pem.h"

using namespace doctor_test;

namespace {

constexpr unsigned kBoth = pki::kDigitalSignature | pki::kKeyEncipherment;

Identity Root(const CertificateWish& wish = {.name = "CA", .is_ca = true, .usage = pki::kKeyCertSign | pki::kCrlSign}) {
  return Certify(wish);
}

}  // namespace

TEST_CASE("lists of capabilities are judged by what clients read in them", "[ctl][doctor]") {
  const auto [body, check, verdict] = GENERATE(table<std::string, std::string, Verdict>({
      {"AES\nSHA-256\nPOSTPKIOperation\n", "caps-lines", Verdict::kPass},
      {"AES\r\nSHA-256\r\n", "caps-lines", Verdict::kWarn},
      {"AES\rSHA-256\r", "caps-lines", Verdict::kFail},
      {"AES\n\nSHA-256\n", "caps-lines", Verdict::kWarn},
      {"AES \nSHA-256\n", "caps-lines", Verdict::kWarn},
      {"AES\nSHA-1\n", "caps-digest", Verdict::kWarn},
      {"SCEPStandard", "caps-digest", Verdict::kPass},
      {"SCEPStandard", "caps-cipher", Verdict::kPass},
      {"SCEPStandard", "caps-post", Verdict::kPass},
      {"DES3\nSHA-256\n", "caps-cipher", Verdict::kWarn},
      {"AES\nSHA-256\n", "caps-post", Verdict::kWarn},
      {"AES\nUpdate\n", "caps-keywords", Verdict::kWarn},
      {"", "caps-answer", Verdict::kWarn},
      {"<html>", "caps-answer", Verdict::kFail},
      {std::string(2000, 'x'), "caps-answer", Verdict::kWarn},
  }));
  ScriptedServer server;
  server.capabilities = body;
  CAPTURE(body);
  // Only the capabilities matter, and messages take time.
  server.ca_answer.clear();
  CheckVerdict(Examined(server), check, verdict);
}

TEST_CASE("a server without AES and SHA-256 is written to as it can read", "[ctl][doctor]") {
  ScriptedServer server;
  server.capabilities = "DES3\nSHA-1\nPOSTPKIOperation\n";
  CheckVerdict(Examined(server, true), "enrol", Verdict::kPass);
  CHECK(server.contexts.front().cipher == pki::ContentCipher::kDes3Cbc);
  CHECK(server.contexts.front().digest == pki::DigestAlgorithm::kSha1);
}

TEST_CASE("GetCACert that brings no certificate ends the examination", "[ctl][doctor]") {
  ScriptedServer server;
  server.ca_answer = GENERATE(Bytes(), Bytes("<html>login</html>"), Bytes("\x30\x03\x02\x01\x05"));
  const Report report = Examined(server);
  CheckVerdict(report, "ca-answer", Verdict::kFail);
  CheckVerdict(report, "ca-chain", Verdict::kSkipped);
  CheckVerdict(report, "everything-else", Verdict::kSkipped);
}

TEST_CASE("the content type of GetCACert must be that of its body", "[ctl][doctor]") {
  ScriptedServer server;
  SECTION("a PKCS#7 as one certificate") {
    server.ca_type = "application/x-x509-ca-cert";
    CheckVerdict(Examined(server), "ca-type", Verdict::kFail);
  }
  SECTION("one certificate as a PKCS#7") {
    server.ca_answer = server.ra.certificate.der();
    CheckVerdict(Examined(server), "ca-type", Verdict::kFail);
  }
  SECTION("PEM") {
    server.ca_answer = server.ra.certificate.ToPem();
    CheckVerdict(Examined(server), "ca-type", Verdict::kFail);
  }
  SECTION("parameters") {
    server.ca_type += "; charset=utf-8";
    CheckVerdict(Examined(server), "ca-type", Verdict::kWarn);
  }
  SECTION("an old name") {
    server.ca_type = "application/x-x509-ra-ca-certs";
    CheckVerdict(Examined(server), "ca-type", Verdict::kWarn);
  }
}

TEST_CASE("a CA without an RA is written to itself", "[ctl][doctor]") {
  ScriptedServer server;
  server.ca = server.ra = Root({.name = "lone CA", .is_ca = true, .usage = kBoth | pki::kKeyCertSign});
  server.ca_answer = server.ca.certificate.der();
  server.ca_type = "application/x-x509-ca-cert";
  CHECK(Bad(Examined(server, true)).empty());
}

TEST_CASE("split RAs are told apart by their usages", "[ctl][doctor]") {
  ScriptedServer server;
  const Identity receiver = Certify({.name = "receiver", .key = "RA", .usage = pki::kKeyEncipherment}, &server.ca);
  server.ra.certificate =
      Certify({.name = "signer", .key = "RA", .usage = pki::kDigitalSignature}, &server.ca).certificate;
  server.Publish({server.ra, receiver, server.ca});
  const Report report = Examined(server, true);
  CHECK(Bad(report).empty());
  CHECK(Of(report, "ca-encryption").seen.find("CN=receiver") != std::string::npos);
  CHECK(Of(report, "reply-signature").seen == "by CN=signer");
}

TEST_CASE("certificates that some clients stumble over are named", "[ctl][doctor]") {
  ScriptedServer server;
  SECTION("the CA first") {
    server.Publish({server.ca, server.ra});
    CheckVerdict(Examined(server), "ca-order", Verdict::kWarn);
  }
  SECTION("a CA that may receive beside its RA") {
    server.ca = Root({.name = "CA", .is_ca = true, .usage = kBoth | pki::kKeyCertSign});
    server.ra = Certify({.name = "RA"}, &server.ca);
    server.Publish({server.ra, server.ca});
    CheckVerdict(Examined(server), "ca-encryption", Verdict::kWarn);
  }
  SECTION("an RA without keyUsage") {
    server.ra = Certify({.name = "RA", .usage = 0}, &server.ca);
    server.Publish({server.ra, server.ca});
    CheckVerdict(Examined(server), "ca-encryption", Verdict::kWarn);
  }
  SECTION("an RA without its CA") {
    server.Publish({server.ra});
    CheckVerdict(Examined(server), "ca-chain", Verdict::kFail);
  }
  SECTION("a CA without its root") {
    const Identity root = server.ca;
    server.ca = Certify({.name = "low", .is_ca = true, .usage = pki::kKeyCertSign}, &root);
    server.ra = Certify({.name = "RA"}, &server.ca);
    server.Publish({server.ra, server.ca});
    CheckVerdict(Examined(server), "ca-chain", Verdict::kWarn);
    server.Publish({server.ra, server.ca, root});
    CheckVerdict(Examined(server), "ca-chain", Verdict::kPass);
  }
  SECTION("only ECDSA") {
    server.ca_answer = Root({.name = "elliptic", .algorithm = "ecdsa-p256", .is_ca = true}).certificate.der();
    CheckVerdict(Examined(server), "ca-encryption", Verdict::kFail);
  }
}

TEST_CASE("certificates that have ended, or soon will, are named", "[ctl][doctor]") {
  const auto [until, verdict] =
      GENERATE(table<int, Verdict>({{-1, Verdict::kFail}, {7, Verdict::kWarn}, {60, Verdict::kPass}}));
  ScriptedServer server;
  server.ra = Certify({.name = "RA", .until = std::chrono::days(until)}, &server.ca);
  server.Publish({server.ra, server.ca});
  CheckVerdict(Examined(server), "ca-validity", verdict);
}

TEST_CASE("names that clients cannot change must be answered", "[ctl][doctor]") {
  ScriptedServer server;
  server.on_answer = [](const Call& call, result::Result<Answer>& answer) {
    if (call.operation == "GetCACert" && call.message == "default") answer = Answer{404, "text/plain", "", "which?"};
  };
  CheckVerdict(Examined(server), "ca-name", Verdict::kWarn);
}

TEST_CASE("a named CA is asked for by its name, and once without", "[ctl][doctor]") {
  ScriptedServer server;
  doctor::Settings settings = NewSettings();
  settings.ca = "plant 7";
  CheckVerdict(Must(doctor::Examine(server, settings)), "ca-name", Verdict::kPass);
  CHECK(server.calls.front().message == "plant 7");
  const auto nameless = std::count_if(server.calls.begin(), server.calls.end(), [](const Call& call) {
    return call.operation == "GetCACert" && !call.message.has_value();
  });
  CHECK(nameless == 1);
}

TEST_CASE("a next CA must be vouched for by the CA of today", "[ctl][doctor]") {
  ScriptedServer server;
  server.capabilities += "GetNextCACert\n";
  const auto signed_by = [](const Identity& signer, const Identity& next) {
    return Must(pki::SignContent(pki::CertsOnly({next.certificate.der()}), {}, signer.certificate, *signer.key,
                                 pki::DigestAlgorithm::kSha256, std::chrono::system_clock::now()));
  };
  const Identity next = Root({.name = "next CA", .is_ca = true, .usage = pki::kKeyCertSign});
  SECTION("sound") {
    server.next_ca_answer = signed_by(server.ca, next);
    const Report report = Examined(server);
    CheckVerdict(report, "next-ca", Verdict::kPass);
    CHECK(Of(report, "next-ca").seen == "next: CN=next CA");
  }
  SECTION("by itself") {
    server.next_ca_answer = signed_by(next, next);
    CheckVerdict(Examined(server), "next-ca", Verdict::kFail);
  }
  SECTION("not there") {
    CheckVerdict(Examined(server), "next-ca", Verdict::kFail);
  }
}

TEST_CASE("queries are percent-encoded", "[ctl][doctor]") {
  CHECK(doctor::QueryOf({"GetCACert", std::nullopt, std::nullopt}) == "operation=GetCACert");
  CHECK(doctor::QueryOf({"PKIOperation", "a+/=", std::nullopt}) == "operation=PKIOperation&message=a%2B%2F%3D");
  CHECK(doctor::QueryOf({"GetCACert", "\xc3\xa4 b", std::nullopt}) == "operation=GetCACert&message=%C3%A4%20b");
}

TEST_CASE("what a server chose is quoted only so far, in whole characters", "[ctl][doctor]") {
  CHECK(doctor::Excerpt("short") == "short");
  const std::string cut = doctor::Excerpt(std::string(79, 'a') + "äää");
  CHECK(cut == std::string(79, 'a') + "…");
}
