#include <catch2/catch.hpp>
#include <chrono>

#include "pki/tls_server.h"
#include "raw_client.h"
#include "support/child.h"
#include "web_fixture.h"

namespace admin_test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLong(120);
constexpr char kGet[] = "GET /login HTTP/1.1\r\nHost: a\r\n\r\n";

web::HttpLimits Patient() {
  return {.threads = 4, .request_timeout = kLong, .idle_timeout = kLong};
}

std::string AnswerTo(const std::string& request, const web::HttpLimits& limits) {
  const WebFixture page(limits);
  RawClient client(page.port());
  REQUIRE(client.Shake());
  client.Send(request);
  return client.ReadAll();
}

std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("who says nothing, or not all, loses the connection", "[web][limits]") {
  web::HttpLimits limits = Patient();
  SECTION("in the handshake") {
    limits.request_timeout = milliseconds(100);
    const WebFixture page(limits);
    CHECK(RawClient(page.port()).IsHungUp());
  }
  SECTION("before a request") {
    limits.idle_timeout = milliseconds(100);
    CHECK(AnswerTo("", limits).empty());
  }
  SECTION("within a request's head") {
    limits.request_timeout = seconds(2);
    CHECK(AnswerTo("GET / HT", limits).empty());
  }
  SECTION("within a request's body") {
    limits.request_timeout = seconds(2);
    CHECK(AnswerTo("POST /login HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc", limits).empty());
  }
}

TEST_CASE("a request past the limits is refused and its connection closed", "[web][limits]") {
  web::HttpLimits limits = Patient();
  limits.max_head_octets = 4096;
  limits.max_body_octets = 4096;
  const std::string head = "POST /login HTTP/1.1\r\nHost: a\r\n";
  CHECK(AnswerTo(head + "A: " + std::string(5000, 'a'), limits).starts_with("HTTP/1.1 431"));
  CHECK(AnswerTo(head + "Content-Length: 4097\r\n\r\n", limits).starts_with("HTTP/1.1 413"));
  CHECK(AnswerTo(head + "Transfer-Encoding: chunked\r\n\r\n", limits).starts_with("HTTP/1.1 411"));
}

TEST_CASE("connections past threads and places to wait are closed at once", "[web][limits]") {
  web::HttpLimits limits = Patient();
  limits.threads = 1;
  limits.max_waiting = 1;
  const WebFixture page(limits);
  RawClient served(page.port());
  REQUIRE(served.Shake());
  RawClient waiting(page.port()), turned_away(page.port());
  CHECK(turned_away.IsHungUp());
}

TEST_CASE("connections of one address past its bound are closed at once, until one of them ends", "[web][limits]") {
  web::HttpLimits limits = Patient();
  limits.max_per_source = 2;
  const WebFixture page(limits);
  RawClient first(page.port());
  REQUIRE(first.Shake());
  {
    RawClient second(page.port());
    REQUIRE(second.Shake());
    CHECK(RawClient(page.port()).IsHungUp());
  }
  CHECK(support::Eventually([&] { return RawClient(page.port()).Shake(); }));
  first.Send("GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(CountOf(first.ReadAll(), "HTTP/1.1 200 OK") == 1);
}

TEST_CASE("several requests on one connection are answered in turn", "[web]") {
  const std::string last = "GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  CHECK(CountOf(AnswerTo(std::string(kGet) + kGet + last, Patient()), "HTTP/1.1 200 OK") == 3);
}

TEST_CASE("TLS is 1.3, or 1.2 with authenticated encryption", "[web][tls]") {
  const WebFixture page(Patient());
  RawClient newest(page.port());
  REQUIRE(newest.Shake());
  CHECK(newest.version() == "TLSv1.3");
  RawClient older(page.port(), [](SSL_CTX* context) { SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION); });
  REQUIRE(older.Shake());
  CHECK(older.version() == "TLSv1.2");
  CHECK_FALSE(RawClient(page.port(), [](SSL_CTX* context) {
                SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
                SSL_CTX_set_cipher_list(context, "ALL:!AESGCM:!AESCCM:!CHACHA20");
              }).Shake());
  CHECK_FALSE(RawClient(page.port(), [](SSL_CTX* context) {
                SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
                SSL_CTX_set_cipher_list(context, "ALL@SECLEVEL=0");
              }).Shake());
}

TEST_CASE("draining ends who waits for nothing", "[web]") {
  WebFixture page(Patient());
  RawClient idle(page.port());
  REQUIRE(idle.Shake());
  const auto began = std::chrono::steady_clock::now();
  page.page().Drain(kLong);
  CHECK(std::chrono::steady_clock::now() - began < kLong / 2);
  CHECK(idle.ReadAll().empty());
}

TEST_CASE("no session of TLS is resumed", "[web][tls]") {
  const WebFixture page(Patient());
  const bool is_older = GENERATE(false, true);
  const auto limit = [](SSL_CTX* context) { SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION); };
  const auto newest = [](SSL_CTX*) {};
  RawClient first(page.port(), is_older ? +limit : +newest);
  REQUIRE(first.Shake());
  first.Send("GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK_FALSE(first.ReadAll().empty());  // And with it whatever tickets come.
  SSL_SESSION* const session = first.session();
  RawClient second(page.port(), is_older ? +limit : +newest);
  second.Resume(session);
  REQUIRE(second.Shake());
  CHECK_FALSE(second.is_resumed());
  SSL_SESSION_free(session);
}

TEST_CASE("a chain that cannot be read whole starts no page", "[web][tls]") {
  support::TestCertificates certificates;
  const auto tls = certificates.Issue(service::Role::kAdmin, "admin");
  const std::string one = support::ReadFile(tls.certificate), key = support::ReadFile(tls.key);
  CHECK(pki::TlsServer::FromPem(one, key));
  CHECK(pki::TlsServer::FromPem(one + support::ReadFile(tls.authority), key));
  std::string many;
  for (int i = 0; i < 17; ++i) many += one;
  for (const std::string& bad :
       {std::string(), many, one + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        one + "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
    const auto server = pki::TlsServer::FromPem(bad, key);
    REQUIRE_FALSE(server);
    CHECK(server.error().reason == result::Reason::kMalformed);
  }
}

TEST_CASE("a page that cannot read the authority of client certificates does not start", "[web][tls]") {
  support::TestCertificates certificates;
  const auto tls = certificates.Issue(service::Role::kAdmin, "admin");
  web::WebService page(grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials()), seconds(1));
  web::WebSettings settings{.listen = "127.0.0.1:0", .tls_certificate = tls.certificate, .tls_key = tls.key};
  for (const char* authority : {"/nowhere", "/dev/null", tls.key.c_str()}) {
    settings.client_authority = authority;
    CHECK(page.Start(settings).error().reason == result::Reason::kMalformed);
  }
  settings.client_certificates = "off";
  CHECK(page.Start(settings).has_value());
}

TEST_CASE("a page without a certificate does not start", "[web]") {
  web::WebService other(grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials()), seconds(1));
  CHECK(other.Start({.listen = ""}).has_value());
  CHECK(other.port() == 0);
  CHECK(other.Start({.listen = "127.0.0.1:0", .tls_certificate = "/nowhere", .tls_key = "/nowhere"}).error().reason ==
        result::Reason::kMalformed);
  CHECK(other.Start({.listen = "127.0.0.1:0", .tls_certificate = "/dev/null", .tls_key = "/dev/null"}).error().reason ==
        result::Reason::kMalformed);
}

}  // namespace admin_test
