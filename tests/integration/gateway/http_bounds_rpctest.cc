#include <atomic>
#include <catch2/catch.hpp>
#include <list>
#include <thread>

#include "gateway_fixture.h"

namespace gateway {
namespace {

using namespace std::chrono_literals;

std::string Post(std::size_t octets) {
  return "POST /scep?operation=PKIOperation HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(octets) +
         "\r\n\r\n";
}

std::string GetOf(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

TEST_CASE_METHOD(GatewayFixture, "what is no SCEP request is refused before the engine hears of it",
                 "[gateway][http]") {
  const auto engine = MakeEngine();
  StartReady();
  const auto [status, request] = GENERATE(table<int, std::string>(
      {{413, Post((256 << 10) + 1) + std::string((256 << 10) + 1, 'x')},
       {414, GetOf("/scep?operation=PKIOperation&message=" + std::string(64 << 10, 'A'))},
       {400, GetOf("/scep?operation=PKIOperation&message=%%%")},
       {400, GetOf("/scep?operation=PKIOperation&message=MII*AAAA")},
       {400, GetOf("/scep?operation=PKIOperation&message=")},
       {400, GetOf("/scep?operation=PKIOperation")},
       {400, Post(5) + "hello"},
       {400, GetOf("/scep?operation=Frobnicate")},
       {400, GetOf("/scep")},
       {404, GetOf("/elsewhere?operation=GetCACert")},
       {405, "PUT /scep?operation=PKIOperation HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"},
       {405, "DELETE /scep HTTP/1.1\r\nHost: a\r\n\r\n"}}));
  HttpClient client(port());
  client.Send(request);
  const auto reply = client.Read();
  REQUIRE(reply);
  CHECK(reply->status == status);
  CHECK((status != 405 || reply->Field("Allow") == "GET, HEAD, POST"));
  CHECK(engine->enrollment().calls().empty());
  CHECK(EnrolInWords() == "SUCCESS");
}

TEST_CASE_METHOD(GatewayFixture, "a client that is slow with its request is cut off with 408", "[gateway][http]") {
  const auto engine = MakeEngine();
  StartReady({"--request-deadline", "200ms"});
  HttpClient slow(port());
  slow.Send(Post(4000));
  const auto began = std::chrono::steady_clock::now();
  std::optional<HttpReply> reply;
  while (!reply && std::chrono::steady_clock::now() - began < 10s) {
    slow.Send("x");
    reply = slow.Read(true, 10ms);
  }
  REQUIRE(reply);
  CHECK(reply->status == 408);
  CHECK(EnrolInWords() == "SUCCESS");
}

TEST_CASE_METHOD(GatewayFixture, "500 silent and 100 dripping clients do not keep an honest one from its certificate",
                 "[gateway][http][load]") {
  const auto engine = MakeEngine();
  StartReady();
  std::list<HttpClient> silent, dripping;
  for (int i = 0; i < 500; ++i) silent.emplace_back(port());
  for (int i = 0; i < 100; ++i) dripping.emplace_back(port()).Send(Post(200'000));
  std::atomic<bool> is_done = false;
  std::thread drip([&] {
    while (!is_done) {
      for (HttpClient& client : dripping) {
        client.Send("x");
        client.Read(true, 1ms);
      }
    }
  });
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) CHECK(EnrolInWords() == "SUCCESS");
  const auto took = std::chrono::steady_clock::now() - began;
  is_done = true;
  drip.join();
  CHECK(took < 10s);
}

TEST_CASE_METHOD(GatewayFixture, "connections past the bound cost the idle ones, not the honest one",
                 "[gateway][http]") {
  const auto engine = MakeEngine();
  StartReady({"--max-connections", "20"});
  std::list<HttpClient> silent;
  for (int i = 0; i < 60; ++i) silent.emplace_back(port());
  for (int i = 0; i < 5; ++i) CHECK(EnrolInWords() == "SUCCESS");
  CHECK(silent.front().IsClosed());
}

}  // namespace
}  // namespace gateway
