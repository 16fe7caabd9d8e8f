#include <catch2/catch.hpp>

#include "gateway_fixture.h"

namespace gateway {
namespace {

// Octets; Linux lets both ends of a loopback connection keep 10 MiB together at the most, by default.
constexpr std::size_t kMoreThanSocketsHold = 16 << 20;

// PublicationFixture is the program in front of an engine that has a CRL for CA "demo".
class PublicationFixture : public GatewayFixture {
 public:
  PublicationFixture() : engine(MakeEngine()) { Announce(1, "first"); }

  // Announce has the engine name CRL `number` in its directory, and number 1 of the further CAs; `octets` empty: it
  // cannot be fetched.
  void Announce(std::uint64_t number, const std::string& octets, const std::vector<std::string>& further = {}) {
    if (!octets.empty()) engine->directory().SetCrl("demo", {.number = number, .octets = octets});
    auto directory = DirectoryOf(further, ++version_);
    for (auto& ca : *directory.mutable_cas()) ca.mutable_active()->set_crl_number(1);
    directory.mutable_cas(0)->mutable_active()->set_crl_number(number);
    engine->directory().Publish(directory);
  }
  HttpReply Fetch(const std::string& target = "/crl/demo.crl") const {
    const auto reply = Get(port(), target);
    REQUIRE(reply);
    return *reply;
  }
  bool Serves(const std::string& octets) const {
    return Eventually([&] { return Fetch().body == octets; });
  }

  // GetCrl is a device's request for the CRL, as the octets of a POST.
  std::string GetCrl() const {
    const auto issuer = pki::Certificate::Parse(DirectoryOf({}, 1).cas(0).active().certificate()).value();
    const auto wanted =
        pki::der::Encode(pki::der::kSequence, {issuer.subject(), pki::der::Encode(pki::der::kInteger, "*")});
    return AsPost(Device().MakeMessage("22", wanted).value());
  }
  bool HasMetric(const std::string& line) const {
    return Eventually([&] { return Health("/metrics").second.find("\n" + line + "\n") != std::string::npos; });
  }

  const std::unique_ptr<FakeEngineServer> engine;

 private:
  std::uint64_t version_ = 1;
};

TEST_CASE_METHOD(PublicationFixture, "the CRL of a CA is served with what caches need", "[gateway][publication]") {
  StartReady();
  REQUIRE(Serves("first"));
  const auto reply = Fetch("/crl/DEMO.crl");
  CHECK(reply.status == 200);
  CHECK(reply.Field("Content-Type") == "application/pkix-crl");
  CHECK(reply.Field("Cache-Control") == "max-age=600");
  CHECK(reply.Field("Last-Modified") == "Sun, 06 Nov 1994 08:49:37 GMT");
  HttpClient client(port());
  const auto known = "GET /crl/demo.crl HTTP/1.1\r\nIf-None-Match: " + reply.Field("ETag") + "\r\n\r\n";
  REQUIRE(client.Send(known));
  CHECK(client.Read(false)->status == 304);
  Announce(2, "second");
  REQUIRE(Serves("second"));
  REQUIRE(client.Send(known));
  CHECK(client.Read()->body == "second");
}

TEST_CASE_METHOD(PublicationFixture, "how long a CRL is cached is a setting", "[gateway][publication]") {
  StartReady({"--crl-max-age", "7s"});
  REQUIRE(Serves("first"));
  CHECK(Fetch().Field("Cache-Control") == "max-age=7");
}

TEST_CASE_METHOD(PublicationFixture, "a CA certificate is served, and unknown names are not",
                 "[gateway][publication]") {
  StartReady();
  const auto reply = Fetch("/ca/demo.crt");
  CHECK(reply.status == 200);
  CHECK(reply.Field("Content-Type") == "application/pkix-cert");
  CHECK(reply.body == DirectoryOf({}, 1).cas(0).active().certificate());
  CHECK(Fetch("/ca/nobody.crt").status == 404);
  CHECK(Fetch("/crl/nobody.crl").status == 404);
}

TEST_CASE_METHOD(PublicationFixture, "a CRL is fetched when another one is named, and only then",
                 "[gateway][publication]") {
  StartReady();
  REQUIRE(Serves("first"));
  Announce(1, "another that was never named");
  Announce(2, "second");
  REQUIRE(Serves("second"));
  CHECK(engine->directory().fetches() == 2);
}

TEST_CASE_METHOD(PublicationFixture, "an engine that is behind is asked again, and the newer CRL stays",
                 "[gateway][publication]") {
  Announce(5, "fifth");
  StartReady();
  REQUIRE(Serves("fifth"));
  engine->directory().SetCrl("demo", {.number = 4, .octets = "fourth"});
  Announce(6, "");
  REQUIRE(Eventually([&] { return engine->directory().fetches() >= 3; }));
  CHECK(Fetch().body == "fifth");
  engine->directory().SetCrl("demo", {.number = 6, .octets = "sixth"});
  CHECK(Serves("sixth"));
}

TEST_CASE_METHOD(PublicationFixture, "a directory that names an older CRL takes no newer one away, nor has it fetched",
                 "[gateway][publication]") {
  Announce(5, "fifth");
  StartReady();
  REQUIRE(Serves("fifth"));
  const int fetches = engine->directory().fetches();
  engine->directory().SetCrl("later", {.number = 1, .octets = "of a CA that comes after demo"});
  Announce(4, "fourth", {"later"});
  REQUIRE(Eventually([this] { return Fetch("/crl/later.crl").status == 200; }));
  CHECK(Fetch().body == "fifth");
  CHECK(engine->directory().fetches() == fetches + 1);
  Announce(6, "sixth");
  CHECK(Serves("sixth"));
}

TEST_CASE_METHOD(PublicationFixture, "a CRL that is cut, or larger than allowed, does not replace the one before",
                 "[gateway][publication]") {
  StartReady({"--max-crl", "64KiB"});
  REQUIRE(Serves("first"));
  const bool is_cut = GENERATE(true, false);
  FakeCrl bad{.number = 2, .octets = std::string((64 << 10) + 1, 'x')};
  if (is_cut) bad = {.number = 2, .octets = "short", .announced_size = 6};
  engine->directory().SetCrl("demo", bad);
  Announce(2, "");
  REQUIRE(Eventually([&] { return engine->directory().fetches() >= 3; }));
  CHECK(Fetch().body == "first");
  const std::string largest(64 << 10, 'y');
  engine->directory().SetCrl("demo", {.number = 2, .octets = largest});
  CHECK(Serves(largest));
}

TEST_CASE_METHOD(PublicationFixture, "a CA without a CRL yet is 503, and the engine's end takes no CRL away",
                 "[gateway][publication]") {
  Announce(0, "");
  StartReady();
  CHECK(Fetch().status == 503);
  Announce(1, "first");
  REQUIRE(Serves("first"));
  engine->Stop();
  CHECK(Fetch().body == "first");
}

TEST_CASE_METHOD(PublicationFixture,
                 "past the turns of a source, or of all, a GetCRL is 503 until a device took its reply",
                 "[gateway][publication][get-crl]") {
  const std::string outcomes = "certifier_scep_requests_total{operation=\"PKIOperation\",outcome=";
  Announce(2, std::string(kMoreThanSocketsHold, 'x'));
  const auto [flag, budget] = GENERATE(
      table<std::string, std::string>({{"--max-crl-replies", "all"}, {"--max-crl-replies-per-source", "source"}}));
  CAPTURE(flag);
  StartReady({flag, "2"});
  REQUIRE(Eventually([&] { return Fetch().status == 200; }));
  HttpClient first(port()), second(port()), third(port());
  for (HttpClient* client : {&first, &second}) client->Send(GetCrl());
  REQUIRE(HasMetric(outcomes + "\"success\"} 2"));
  const auto turned_away = third.Exchange(GetCrl());
  REQUIRE(turned_away);
  CHECK(turned_away->status == 503);
  CHECK(turned_away->Field("Retry-After") == "5");
  CHECK(HasMetric(outcomes + "\"unavailable\"} 1"));
  CHECK(HasMetric("certifier_scep_crl_turned_away_total{budget=\"" + budget + "\"} 1"));
  REQUIRE(first.Read());
  const auto is_served = [&] {
    const auto reply = third.Exchange(GetCrl());
    return reply && reply->status == 200;
  };
  CHECK(Eventually(is_served));
}

}  // namespace
}  // namespace gateway
