// The page's streams: what they say, how many there may be, and what ends them.
#include <catch2/catch.hpp>

#include "raw_client.h"
#include "support/child.h"
#include "web/session.h"
#include "web_fixture.h"

namespace admin_test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using support::Eventually;

constexpr seconds kLong(120);
constexpr char kStreamEnd[] = "\n\n";

web::HttpLimits Limits() {
  return {.threads = 1,
          .request_timeout = kLong,
          .idle_timeout = kLong,
          .max_streams = 1,
          .stream_interval = milliseconds(20),
          .stream_lifetime = kLong};
}

std::string Cookie() {
  const std::string set = web::SetCookie(web::kSessionCookie, std::string(32, 'b'));
  return "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
}

std::string Get(const std::string& path, const std::string& fields = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + Cookie() + fields + "\r\n";
}

// StreamClient is a browser that asked for a stream.
struct StreamClient : RawClient {
  StreamClient(int port, const std::string& path) : RawClient(port) {
    REQUIRE(Shake());
    Send(Get(path));
  }
  // The next digest; empty: the stream has ended.
  std::string Next() {
    while (true) {
      const std::string event = ReadTo(kStreamEnd);
      if (event.empty()) return "";
      const auto at = event.find("data: ");
      if (at != std::string::npos) return event.substr(at + 6, 32);
    }
  }
  // Whether it ends, long before its lifetime does.
  bool IsEnding() {
    for (int pieces = 0; pieces < 100; ++pieces) {
      if (ReadTo(kStreamEnd).empty()) return true;
    }
    return false;
  }
};

std::string Answer(int port, const std::string& request) {
  RawClient client(port);
  REQUIRE(client.Shake());
  client.Send(request);
  return client.ReadAll();
}

std::string Page(int port, const std::string& path) {
  return Answer(port, Get(path, "Connection: close\r\n"));
}

std::string DigestOf(const std::string& page) {
  const std::string mark = "data-digest=\"";
  const auto at = page.find(mark);
  return at == std::string::npos ? "" : page.substr(at + mark.size(), 32);
}

}  // namespace

TEST_CASE("a stream says what its page shows, and each time that something else is so", "[web][live]") {
  WebFixture page(Limits());
  const auto [shown, events] = GENERATE(table<std::string, std::string>(
      {{"/", "/events"}, {"/requests?state=all&ca=demo", "/requests/events?state=all&ca=demo"}}));
  const std::string first = DigestOf(Page(page.port(), shown));
  CHECK(first.size() == 32);
  StreamClient stream(page.port(), events);
  const std::string head = stream.ReadTo("\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
  CHECK(head.find("Cache-Control: no-store\r\n") != std::string::npos);
  CHECK(head.find("Content-Security-Policy: default-src 'none'") != std::string::npos);
  CHECK(stream.Next() == first);
  page.engine().requests().SetCount(90);
  const std::string second = stream.Next();
  CHECK(second != first);
  CHECK(second == DigestOf(Page(page.port(), shown)));
}

TEST_CASE("the SCEP service's page says what a gateway reports, and its stream that there is something new",
          "[web][live]") {
  WebFixture page(Limits());
  const std::string where = "/scep-service";
  const std::string before = Page(page.port(), where);
  CHECK(before.find("the port is taken") == std::string::npos);
  StreamClient stream(page.port(), where + "/events");
  CHECK(stream.Next() == DigestOf(before));
  certifier::v1::ScepGateway gateway;
  gateway.set_name("gw");
  gateway.set_instance("b");
  gateway.set_applied_version(1);
  gateway.set_listen("0.0.0.0:8080");
  gateway.mutable_reported_at()->set_seconds(1'795'486'230);
  page.engine().scep().Report(gateway);
  // That it is as before, later, is nothing new.
  const int rounds = page.engine().journal().watching();
  CHECK(Eventually([&] { return page.engine().journal().watching() > rounds + 2; }));
  CHECK(stream.ReadTo(kStreamEnd) == ":\n\n");
  gateway.set_failure(certifier::v1::LISTEN_FAILURE_PORT_TAKEN);
  page.engine().scep().Report(gateway);
  const std::string told = stream.Next();
  CHECK(told != DigestOf(before));
  const std::string after = Page(page.port(), where);
  CHECK(told == DigestOf(after));
  CHECK(after.find("<span class=\"state rejected\">the port is taken</span>") != std::string::npos);
}

TEST_CASE("a stream ends as soon as the engine gives its operator no answer", "[web][live]") {
  WebFixture page(Limits());
  StreamClient stream(page.port(), "/requests/events");
  REQUIRE_FALSE(stream.Next().empty());
  // No engine at the moment is no end.
  page.engine().requests().Refuse(grpc::StatusCode::UNAVAILABLE);
  const int before = page.engine().journal().watching();
  CHECK(Eventually([&] { return page.engine().journal().watching() > before + 2; }));
  CHECK(stream.ReadTo(kStreamEnd) == ":\n\n");
  page.engine().requests().Refuse(grpc::StatusCode::PERMISSION_DENIED);
  CHECK(stream.IsEnding());
}

TEST_CASE("what a page asks by itself is no use of a session, and what an operator asks is", "[web][live]") {
  WebFixture page(Limits());
  const auto watching = [&] { return page.engine().journal().watching(); };
  Page(page.port(), "/requests");
  CHECK(watching() == 0);
  Answer(page.port(), Get("/requests", "Certifier-Watching: yes\r\nConnection: close\r\n"));
  CHECK(watching() == 2);  // Who he is, and the list.
  const std::size_t all = page.engine().journal().callers().size();
  StreamClient stream(page.port(), "/requests/events");
  stream.Next();
  CHECK(Eventually([&] { return watching() > 6; }));
  CHECK(page.engine().journal().callers().size() - all >= 4);
}

TEST_CASE("streams leave the page its threads, and further ones are refused until one ends", "[web][live]") {
  WebFixture page(Limits());
  {
    StreamClient stream(page.port(), "/events");
    REQUIRE_FALSE(stream.Next().empty());
    CHECK(Page(page.port(), "/requests").starts_with("HTTP/1.1 200"));
    const std::string refused = Page(page.port(), "/events");
    CHECK(refused.starts_with("HTTP/1.1 503"));
    CHECK(refused.find("Retry-After: 30\r\n") != std::string::npos);
  }
  // The browser has gone.
  CHECK(Eventually([&] {
    StreamClient stream(page.port(), "/events");
    return stream.ReadTo("\r\n").starts_with("HTTP/1.1 200");
  }));
}

TEST_CASE("streams are no more than they may be, in all and of an address, and none is one of its connections",
          "[web][live]") {
  web::HttpLimits limits = Limits();
  const auto [in_all, of_source] = GENERATE(table<std::uint64_t, std::uint64_t>({{3, 10}, {10, 3}}));
  limits.max_streams = in_all;
  limits.max_streams_per_source = of_source;
  limits.max_per_source = 1;
  WebFixture page(limits);
  std::vector<std::unique_ptr<RawClient>> streams;
  // Whether another one begins; the one before leaves its address's count just after its answer has begun.
  const auto begins = [&] {
    auto stream = std::make_unique<RawClient>(page.port());
    if (!stream->Shake()) return false;
    stream->Send(Get("/events"));
    if (!stream->ReadTo("\r\n").starts_with("HTTP/1.1 200")) return false;
    streams.push_back(std::move(stream));
    return true;
  };
  for (int i = 0; i < 3; ++i) CHECK(Eventually(begins));
  CHECK_FALSE(begins());
  streams.pop_back();
  CHECK(Eventually(begins));
}

TEST_CASE("a stream lasts as long as it is set, and a new one may follow", "[web][live]") {
  web::HttpLimits limits = Limits();
  limits.stream_lifetime = milliseconds(100);
  WebFixture page(limits);
  StreamClient stream(page.port(), "/events");
  REQUIRE_FALSE(stream.Next().empty());
  CHECK(stream.IsEnding());
  StreamClient next(page.port(), "/events");
  CHECK_FALSE(next.Next().empty());
}

TEST_CASE("draining ends streams at once", "[web][live]") {
  web::HttpLimits limits = Limits();
  limits.stream_interval = kLong;
  WebFixture page(limits);
  StreamClient stream(page.port(), "/events");
  REQUIRE_FALSE(stream.Next().empty());
  const auto began = std::chrono::steady_clock::now();
  page.page().Drain(kLong);
  CHECK(std::chrono::steady_clock::now() - began < kLong / 4);
  CHECK(stream.Next().empty());
}

TEST_CASE("who asks for a stream's head, or is not logged in, gets none", "[web][live]") {
  WebFixture page(Limits());
  const std::string head =
      Answer(page.port(), "HEAD /events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + Cookie() + "\r\n");
  CHECK(head.starts_with("HTTP/1.1 200"));
  CHECK(head.ends_with("\r\n\r\n"));
  for (const char* path : {"/events", "/requests/events", "/requests/17/events", "/scep-service/events"}) {
    const std::string answer =
        Answer(page.port(), "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 401"));
  }
}

}  // namespace admin_test
