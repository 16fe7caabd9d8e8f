#include <catch2/catch.hpp>

#include "gateway_fixture.h"

namespace gateway {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::size_t CountOf(const std::string& text, std::string_view word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) ++count;
  return count;
}

// An unknown CA's name is 404 here.
class CaFixture : public GatewayFixture {
 public:
  CaFixture() { options.set_strict_ca_identifier(true); }
  int CaCertStatus(const std::string& ca) const {
    const auto reply = Get(port(), "/scep?operation=GetCACert&message=" + ca);
    return reply ? reply->status : 0;
  }
};

TEST_CASE_METHOD(CaFixture, "a new CA is served within a second, without a restart", "[gateway][directory]") {
  const auto engine = MakeEngine();
  StartReady();
  REQUIRE(CaCertStatus("fresh") == 404);
  const auto directory = DirectoryOf({"fresh"}, 2);
  const auto began = Clock::now();
  engine->directory().Publish(directory);
  CHECK(Eventually([this] { return CaCertStatus("fresh") == 200; }));
  CHECK(Clock::now() - began < 1s);
  CHECK(CaCertStatus("demo") == 200);
}

TEST_CASE_METHOD(CaFixture, "a CA that the engine no longer names is no longer served", "[gateway][directory]") {
  const auto engine = MakeEngine();
  engine->directory().Publish(DirectoryOf({"old"}, 2));
  StartReady();
  REQUIRE(CaCertStatus("old") == 200);
  engine->directory().Publish(DirectoryOf({}, 3));
  CHECK(Eventually([this] { return CaCertStatus("old") == 404; }));
  CHECK(CaCertStatus("demo") == 200);
}

TEST_CASE_METHOD(CaFixture, "a directory in pieces is served as a whole, and one that breaks off is not at all",
                 "[gateway][directory]") {
  const auto engine = MakeEngine();
  engine->directory().Publish(DirectoryOf({"old"}, 2));
  StartReady();
  REQUIRE(CaCertStatus("old") == 200);
  const int watches = engine->directory().watches();
  engine->directory().PublishInPieces(DirectoryOf({"torn", "unsent"}, 3), true);
  // Each attempt brings the same pieces; two of them together are no directory either.
  REQUIRE(Eventually([&] { return engine->directory().watches() >= watches + 3; }));
  CHECK(CaCertStatus("demo") == 200);
  CHECK(CaCertStatus("old") == 200);
  CHECK(CaCertStatus("torn") == 404);
  engine->directory().PublishInPieces(DirectoryOf({"one", "two", "three"}, 4));
  CHECK(Eventually([this] { return CaCertStatus("three") == 200; }));
  for (const char* ca : {"demo", "one", "two"}) CHECK(CaCertStatus(ca) == 200);
  for (const char* ca : {"old", "torn"}) CHECK(CaCertStatus(ca) == 404);
}

TEST_CASE_METHOD(CaFixture, "until it was reached once the engine is waited for, and everything is 503",
                 "[gateway][directory]") {
  Start();
  CHECK(HealthStatus("/healthz") == 200);
  const auto [status, missing] = Health("/readyz");
  CHECK(status == 503);
  CHECK(missing.find("no CA directory") != std::string::npos);
  for (const char* target : {"/scep?operation=GetCACert", "/scep?operation=GetCACaps"}) {
    const auto reply = Get(port(), target);
    REQUIRE(reply);
    CHECK(reply->status == 503);
    CHECK_FALSE(reply->Field("Retry-After").empty());
  }
  CHECK(EnrolInWords() == "503");
  const auto engine = MakeEngine();
  CHECK(Eventually([this] { return HealthStatus("/readyz") == 200; }));
  CHECK(EnrolInWords() == "SUCCESS");
}

TEST_CASE_METHOD(CaFixture, "without an engine the last snapshot is served, and enrolling is 503 until it is back",
                 "[gateway][directory]") {
  auto engine = MakeEngine();
  StartReady();
  REQUIRE(EnrolInWords() == "SUCCESS");
  const auto before = Get(port(), "/scep?operation=GetCACert");
  REQUIRE(before);
  engine.reset();

  const HttpReply refused = Enrol();
  CHECK(refused.status == 503);
  CHECK(refused.Field("Retry-After") == "5");
  const auto after = Get(port(), "/scep?operation=GetCACert");
  REQUIRE(after);
  CHECK(after->status == 200);
  CHECK(after->body == before->body);
  CHECK(Get(port(), "/scep?operation=GetCACaps")->status == 200);
  CHECK(HealthStatus("/readyz") == 200);

  engine = MakeEngine();
  const auto directory = DirectoryOf({"fresh"}, 2);
  engine->directory().Publish(directory);
  CHECK(Eventually([this] { return EnrolInWords() == "SUCCESS"; }));
  CHECK(Eventually([this] { return CaCertStatus("fresh") == 200; }));
}

TEST_CASE_METHOD(CaFixture, "a server that is not the engine is told nothing", "[gateway][directory][access]") {
  support::TestCertificates strangers;
  const std::string kind = GENERATE(as<std::string>(), "administrator", "gateway", "nobody", "engine of another CA");
  INFO(kind);
  const auto tls = kind == "administrator" ? certificates.Issue(Role::kAdmin, "impostor")
                   : kind == "gateway"     ? certificates.Issue(Role::kGateway, "impostor")
                   : kind == "nobody"      ? certificates.IssueAs({.name = "impostor", .uris = {}})
                                           : certificates.Show(strangers.Issue(Role::kEngine, "impostor"));
  const auto impostor = MakeEngine(tls);
  Start();
  // Each line of the log is an attempt that failed.
  CHECK(Eventually([this] { return CountOf(program().err(), "ca_directory_lost") >= 3; }));
  CHECK(HealthStatus("/readyz") == 503);
  CHECK(EnrolInWords() == "503");
  CHECK(impostor->enrollment().calls().empty());
}

}  // namespace
}  // namespace gateway
