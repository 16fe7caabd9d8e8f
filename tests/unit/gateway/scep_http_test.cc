#include "scep_http.h"

#include <catch2/catch.hpp>

#include "service/metrics.h"
#include "tests/unit/gateway/scep_fixture.h"

namespace gateway {
namespace {

std::string Escape(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '+':
        escaped += "%2B";
        break;
      case '/':
        escaped += "%2F";
        break;
      case '=':
        escaped += "%3D";
        break;
      default:
        escaped.push_back(c);
    }
  }
  return escaped;
}

scep::PkiStatus StatusIn(const scep::Client& device, const HttpResponse& response) {
  REQUIRE(response.status == 200);
  return device.ReadReply(response.body).value().status;
}

TEST_CASE("GetCACaps is plain text with one LF at its end and no empty line", "[scep][http]") {
  ScepFixture scep;
  const HttpResponse response = scep.Get("/scep?operation=GetCACaps");
  CHECK(response.status == 200);
  CHECK(response.content_type == "text/plain");
  CHECK(response.body.ends_with("\n"));
  CHECK(response.body.find('\r') == std::string::npos);
  CHECK(("\n" + response.body).find("\n\n") == std::string::npos);
  CHECK(response.body.size() < 1024);
  CHECK(response.body.find("GetNextCACert") == std::string::npos);
  CHECK(response.cache_control.starts_with("max-age="));
}

TEST_CASE("GetCACaps does not depend on message or on case", "[scep][http]") {
  ScepFixture scep;
  const std::string body = scep.Get("/scep?operation=GetCACaps").body;
  CHECK(scep.Get("/scep?operation=GetCACaps&message=").body == body);
  CHECK(scep.Get("/scep?operation=GetCACaps&message=anything").body == body);
  CHECK(scep.Get("/scep?operation=getcacaps").body == body);
}

TEST_CASE("every path serves the same GetCACert", "[scep][http]") {
  ScepFixture scep;
  const std::string path =
      GENERATE(as<std::string>(), "/scep", "/scep/", "/scep/pkiclient.exe", "/cgi-bin/pkiclient.exe",
               "/certsrv/mscep/mscep.dll", "/certsrv/mscep/mscep.dll/pkiclient.exe", "/scep/demo/pkiclient.exe");
  const HttpResponse response = scep.Get(path + "?operation=GetCACert");
  CHECK(response.status == 200);
  CHECK(response.content_type == "application/x-x509-ca-ra-cert");
  CHECK(response.body == scep.snapshot->Find("demo")->certificates);
}

TEST_CASE("GetCACert has the RA first, with both usages, and no other that receives", "[scep][http]") {
  ScepFixture scep;
  const auto certificates = pki::ParseCertsOnly(scep.Get("/scep?operation=GetCACert&message=demo").body).value();
  REQUIRE(certificates.size() == 2);
  CHECK(certificates[0].der() == RaCertificate(scep.demo_bundle).der());
  CHECK(certificates[1].der() == scep.demo.certificate.der());
}

TEST_CASE("message names the CA, and an unknown name means the default", "[scep][http]") {
  ScepFixture scep;
  const auto body = [&](const std::string& message) {
    return scep.Get("/scep?operation=GetCACert&message=" + message).body;
  };
  CHECK(body("other") == scep.snapshot->Find("other")->certificates);
  CHECK(body("%20OTHER") == scep.snapshot->Find("other")->certificates);
  for (const char* name : {"unknownCA", "default", "0", "CAIdentifier", ""}) {
    CHECK(body(name) == scep.snapshot->Find("demo")->certificates);
  }
}

TEST_CASE("an unknown CA name is 404 where names are strict", "[scep][http]") {
  certifier::v1::CaOptions options;
  options.set_strict_ca_identifier(true);
  ScepFixture scep({}, options);
  CHECK(scep.Get("/scep?operation=GetCACert&message=unknownCA").status == 404);
  CHECK(scep.Get("/scep/unknown?operation=GetCACert").status == 404);
  CHECK(scep.Http("POST", "/scep/unknown?operation=PKIOperation", "x").status == 404);
  CHECK(scep.Get("/scep?operation=GetCACert&message=default").status == 200);
}

TEST_CASE("GetCACertChain is served under its own type", "[scep][http]") {
  ScepFixture scep;
  const HttpResponse response = scep.Get("/scep?operation=GetCACertChain&message=demo");
  CHECK(response.content_type == "application/x-x509-ca-ra-cert-chain");
  CHECK(response.body == scep.snapshot->Find("demo")->certificates);
}

TEST_CASE("GetNextCACert is 404 without a next CA", "[scep][http]") {
  ScepFixture scep;
  CHECK(scep.Get("/scep?operation=GetNextCACert").status == 404);
}

TEST_CASE("a message is answered alike by GET and POST, with or without the operation", "[scep][http]") {
  ScepFixture scep;
  scep::Client device = scep.Device();
  const pki::Bytes message = scep.PkcsReq(device);
  const std::string query = "?operation=PKIOperation";
  CHECK(StatusIn(device, scep.Http("POST", "/scep" + query, message)) == scep::PkiStatus::kPending);
  CHECK(StatusIn(device, scep.Http("POST", "/scep", message)) == scep::PkiStatus::kPending);
  CHECK(StatusIn(device, scep.Http("POST", "/scep", pki::Base64(message) + "\r\n")) == scep::PkiStatus::kPending);
  const std::string get = "/scep" + query + "&message=" + Escape(pki::Base64(message));
  CHECK(StatusIn(device, scep.Get(get)) == scep::PkiStatus::kPending);
  CHECK(StatusIn(device, scep.Get(get + "&x=y")) == scep::PkiStatus::kPending);
  CHECK(scep.engine.submissions.size() == 5);
}

TEST_CASE("POST serves the other operations like GET", "[scep][http]") {
  ScepFixture scep;
  CHECK(scep.Http("POST", "/scep?operation=GetCACaps").body == scep.Get("/scep?operation=GetCACaps").body);
}

TEST_CASE("HEAD is GET for certificates and refused for PKIOperation", "[scep][http]") {
  ScepFixture scep;
  CHECK(scep.Http("HEAD", "/scep?operation=GetCACert").status == 200);
  CHECK(scep.Http("HEAD", "/scep?operation=PKIOperation&message=MAA").status == 405);
  CHECK(scep.engine.submissions.empty());
}

TEST_CASE("a method that is not served is 405 with what is", "[scep][http]") {
  ScepFixture scep;
  const std::string method = GENERATE(as<std::string>(), "PUT", "DELETE", "TRACE", "OPTIONS", "PATCH", "get");
  const HttpResponse response = scep.Http(method, "/scep?operation=GetCACaps");
  CHECK(response.status == 405);
  CHECK(response.allow == "GET, HEAD, POST");
}

TEST_CASE("no operation, an unknown one and an undecodable message are 400 with a fixed text", "[scep][http]") {
  ScepFixture scep;
  const std::string target =
      GENERATE(as<std::string>(), "/scep", "/scep?operation=Foo", "/scep?operation=GetCAChain",
               "/scep?operation=", "/scep?operation=PKIOperation", "/scep?operation=PKIOperation&message=garbage",
               "/scep?operation=PKIOperation&message=%zz");
  const HttpResponse response = scep.Get(target);
  CHECK(response.status == 400);
  CHECK(response.body == "Bad Request\n");
  CHECK(response.content_type == "text/plain");
}

TEST_CASE("a refused message counts as the operation that it was meant for", "[scep][http]") {
  ScepFixture scep;
  const std::string line = "certifier_scep_requests_total{operation=\"PKIOperation\",outcome=\"refused\"} ";
  const auto count = [&] {
    const std::string text = service::MetricsText();
    const auto found = text.find(line);
    return found == std::string::npos ? 0 : std::stoi(text.substr(found + line.size()));
  };
  const int before = count();
  REQUIRE(scep.Get("/scep?operation=PKIOperation&message=garbage").status == 400);
  CHECK(count() == before + 1);
}

TEST_CASE("a path outside the prefixes is 404", "[scep][http]") {
  ScepFixture scep;
  CHECK(scep.Get("/?operation=GetCACaps").status == 404);
  CHECK(scep.Get("/metrics").status == 404);
}

}  // namespace
}  // namespace gateway
