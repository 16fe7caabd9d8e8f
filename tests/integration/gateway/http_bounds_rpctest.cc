#include <sys/resource.h>

#include <algorithm>
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

// AllowDescriptors raises what this process, and a program that it starts, may open.
void AllowDescriptors(rlim_t count) {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  REQUIRE(limit.rlim_max >= count);
  limit.rlim_cur = std::max(limit.rlim_cur, count);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

// Drip is a client that sends an octet of a large body every now and then, for each connection, on a thread.
class Drip {
 public:
  Drip(int port, int connections) {
    for (int i = 0; i < connections; ++i) clients_.emplace_back(port).Send(Post(200'000));
    thread_ = std::thread([this] { Run(); });
  }
  ~Drip() {
    is_done_ = true;
    thread_.join();
  }

 private:
  void Run() {
    while (!is_done_) {
      for (HttpClient& client : clients_) {
        client.Send("x");
        client.Read(true, 1ms);
      }
    }
  }
  std::list<HttpClient> clients_;
  std::atomic<bool> is_done_ = false;
  std::thread thread_;
};

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
  std::list<HttpClient> silent;
  for (int i = 0; i < 500; ++i) silent.emplace_back(port());
  const Drip dripping(port(), 100);
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) CHECK(EnrolInWords() == "SUCCESS");
  CHECK(std::chrono::steady_clock::now() - began < 10s);
}

TEST_CASE_METHOD(GatewayFixture,
                 "beside 2,000 idle and 200 dripping connections, which stay open, each enrolment takes under a second",
                 "[gateway][http][load]") {
  AllowDescriptors(4096);
  const auto engine = MakeEngine();
  StartReady();
  std::list<HttpClient> idle;
  for (int i = 0; i < 2000; ++i) idle.emplace_back(port());
  const Drip dripping(port(), 200);
  const auto are_open = [&] {
    return Health("/metrics").second.find("\ncertifier_http_connections 2200\n") != std::string::npos;
  };
  REQUIRE(Eventually(are_open));
  for (int i = 0; i < 10; ++i) {
    const auto began = std::chrono::steady_clock::now();
    CHECK(EnrolInWords() == "SUCCESS");
    CHECK(std::chrono::steady_clock::now() - began < 1s);
  }
  CHECK(Eventually(are_open));
  CHECK(idle.front().Exchange(GetOf("/scep?operation=GetCACaps"))->status == 200);
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
