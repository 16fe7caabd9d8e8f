#include "http_server.h"

#include <sys/resource.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "http_client.h"

namespace gateway {
namespace {

using namespace std::chrono_literals;

// Echo answers "METHOD target body" from the event loop's own thread.
void Echo(HttpRequest request, Respond respond) {
  HttpResponse response;
  response.body = request.method + " " + request.target + " " + request.body;
  respond(std::move(response));
}

// Hold keeps what it is asked until it is told to answer.
class Hold {
 public:
  void Handle(HttpRequest, Respond respond) {
    const std::lock_guard lock(mutex_);
    held_.push_back(std::move(respond));
    changed_.notify_all();
  }
  bool WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return held_.size() >= count; });
  }
  void AnswerAll() {
    const std::lock_guard lock(mutex_);
    for (const Respond& respond : held_) respond(StatusResponse(200));
    held_.clear();
  }

 private:
  std::mutex mutex_;  // Guards held_.
  std::vector<Respond> held_;
  std::condition_variable changed_;
};

std::unique_ptr<HttpServer> Serve(HttpHandler handler, HttpLimits limits = {}) {
  auto server = std::make_unique<HttpServer>(std::vector<std::string>{"127.0.0.1:0"}, limits, std::move(handler));
  REQUIRE(server->Start());
  return server;
}

HttpHandler To(Hold& hold) {
  return [&hold](HttpRequest request, Respond respond) { hold.Handle(std::move(request), std::move(respond)); };
}

// Eventually waits on a condition that another thread makes true.
template <class Condition>
bool Eventually(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

void RaiseDescriptorLimit() {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
  REQUIRE(limit.rlim_cur >= 6000);
}

TEST_CASE("an HTTP/1.0 request without Host is answered with a length and closed", "[http]") {
  const auto server = Serve(Echo);
  HttpClient client(server->port());
  const auto reply = client.Exchange("GET /a HTTP/1.0\r\n\r\n");
  REQUIRE(reply);
  CHECK(reply->status == 200);
  CHECK(reply->body == "GET /a ");
  CHECK(reply->Field("Content-Length") == "7");
  CHECK(reply->Field("Connection") == "close");
  CHECK(reply->Field("Transfer-Encoding").empty());
  CHECK(reply->Field("Server").empty());
  CHECK(client.IsClosed());
}

TEST_CASE("a connection is kept alive until the client asks to close it", "[http]") {
  const auto server = Serve(Echo);
  HttpClient client(server->port());
  for (int i = 0; i < 3; ++i) REQUIRE(client.Exchange("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")->status == 200);
  CHECK(client.Exchange("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")->Field("Connection") == "close");
  CHECK(client.IsClosed());
}

TEST_CASE("pipelined requests are answered in order", "[http]") {
  const auto server = Serve(Echo);
  HttpClient client(server->port());
  client.Send("GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 2\r\n\r\nabGET /3 HTTP/1.1\r\n\r\n");
  CHECK(client.Read()->body == "GET /1 ");
  CHECK(client.Read()->body == "POST /2 ab");
  CHECK(client.Read()->body == "GET /3 ");
}

TEST_CASE("a client that waits for 100 Continue gets it and then its answer", "[http]") {
  const auto server = Serve(Echo);
  HttpClient client(server->port());
  client.Send("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
  REQUIRE(client.ReadOctets(25) == "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(client.Read()->body == "POST /a abcde");
}

TEST_CASE("a body that comes octet by octet is put together", "[http]") {
  const auto server = Serve(Echo);
  HttpClient client(server->port());
  const std::string request = "POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello";
  for (const char c : request) REQUIRE(client.Send(std::string(1, c)));
  CHECK(client.Read()->body == "POST /a hello");
}

TEST_CASE("HEAD gets the head of the answer and leaves the connection usable", "[http]") {
  const auto server = Serve(Echo);
  HttpClient client(server->port());
  client.Send("HEAD /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
  const auto reply = client.Read(false);
  REQUIRE(reply);
  CHECK(reply->Field("Content-Length") == "8");
  CHECK(client.Read()->body == "GET /b ");
}

TEST_CASE("a client that half-closes still gets its answer", "[http]") {
  Hold hold;
  const auto server = Serve(To(hold));
  HttpClient client(server->port());
  client.Send("GET /a HTTP/1.1\r\n\r\n");
  client.FinishSending();
  REQUIRE(hold.WaitFor(1));
  hold.AnswerAll();
  CHECK(client.Read()->status == 200);
  CHECK(client.IsClosed());
}

TEST_CASE("what is over a limit is refused, and the refusal arrives whole while the client still sends", "[http]") {
  const auto server = Serve(Echo);
  const auto [status, head] = GENERATE(
      table<int, std::string>({{413, "POST /a HTTP/1.1\r\nContent-Length: 700000\r\n\r\n"},
                               {414, "GET /" + std::string(70000, 'a') + " HTTP/1.1\r\n\r\n"},
                               {431, "GET / HTTP/1.1\r\nA: " + std::string(20000, 'a') + "\r\n\r\n"},
                               {400, "GET / HTTP/1.1\nHost: a\n\n"},
                               {400, "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}}));
  HttpClient client(server->port());
  client.Send(head + std::string(700000, 'x'));
  const auto reply = client.Read();
  REQUIRE(reply);
  CHECK(reply->status == status);
  CHECK(reply->Field("Connection") == "close");
}

TEST_CASE("a peer is named by its address without a port, over IPv4 and IPv6", "[http]") {
  const std::string host = GENERATE(as<std::string>(), "127.0.0.1", "::1");
  const auto name_peer = [](HttpRequest request, Respond respond) {
    HttpResponse response;
    response.body = request.peer;
    respond(std::move(response));
  };
  HttpServer server({host == "::1" ? "[::1]:0" : "127.0.0.1:0"}, {}, name_peer);
  REQUIRE(server.Start());
  HttpClient client(server.port(), host);
  CHECK(client.Exchange("GET / HTTP/1.0\r\n\r\n")->body == host);
}

TEST_CASE("a taken address is an error that names it", "[http]") {
  const auto server = Serve(Echo);
  const std::string address = "127.0.0.1:" + std::to_string(server->port());
  HttpServer second({address}, {}, Echo);
  const auto started = second.Start();
  REQUIRE_FALSE(started);
  CHECK(started.error().reason == result::Reason::kUnavailable);
  CHECK(started.error().detail.find(address) != std::string::npos);
  CHECK(HttpServer({"nonsense"}, {}, Echo).Start().error().reason == result::Reason::kMalformed);
}

TEST_CASE("a request that is not whole at its deadline is 408 and closed, however it drips", "[http]") {
  HttpLimits limits;
  limits.request_deadline = 200ms;
  const auto server = Serve(Echo, limits);
  HttpClient client(server->port());
  client.Send("GET /");
  const auto began = std::chrono::steady_clock::now();
  std::optional<HttpReply> reply;
  while (!reply && std::chrono::steady_clock::now() - began < 10s) {
    client.Send("a");
    reply = client.Read(true, 10ms);
  }
  REQUIRE(reply);
  CHECK(reply->status == 408);
}

TEST_CASE("a silent connection is closed without a word", "[http]") {
  HttpLimits limits;
  limits.request_deadline = limits.idle_timeout = 100ms;
  const auto server = Serve(Echo, limits);
  HttpClient fresh(server->port()), kept(server->port());
  REQUIRE(kept.Exchange("GET / HTTP/1.1\r\n\r\n"));
  CHECK(fresh.IsClosed());
  CHECK(kept.IsClosed());
  CHECK(Eventually([&] { return server->connections() == 0; }));
}

TEST_CASE("a handler that takes too long is answered for with 503, and its late answer is dropped", "[http]") {
  HttpLimits limits;
  limits.handling_deadline = 100ms;
  Hold hold;
  const auto server = Serve(To(hold), limits);
  HttpClient client(server->port());
  CHECK(client.Exchange("GET / HTTP/1.1\r\n\r\n")->status == 503);
  CHECK(client.IsClosed());
  hold.AnswerAll();
  CHECK(Eventually([&] { return server->in_flight() == 0; }));
}

TEST_CASE("a client that takes no answer is closed at its deadline", "[http]") {
  HttpLimits limits;
  limits.write_deadline = 200ms;
  const auto flood = [](HttpRequest, Respond respond) {
    HttpResponse response;
    response.body = std::string(64 << 20, 'a');
    respond(std::move(response));
  };
  const auto server = Serve(flood, limits);
  HttpClient client(server->port());
  client.Send("GET / HTTP/1.1\r\n\r\n");
  CHECK(Eventually([&] { return server->connections() == 1; }));
  CHECK(Eventually([&] { return server->connections() == 0; }));
}

TEST_CASE("more requests in flight than the bound are 503 with Retry-After", "[http]") {
  HttpLimits limits;
  limits.max_in_flight = 2;
  Hold hold;
  const auto server = Serve(To(hold), limits);
  HttpClient first(server->port()), second(server->port()), third(server->port());
  first.Send("GET / HTTP/1.1\r\n\r\n");
  second.Send("GET / HTTP/1.1\r\n\r\n");
  REQUIRE(hold.WaitFor(2));
  const auto reply = third.Exchange("GET / HTTP/1.1\r\n\r\n");
  CHECK(reply->status == 503);
  CHECK(reply->Field("Retry-After") == "5");
  hold.AnswerAll();
  CHECK(first.Read()->status == 200);
  CHECK(second.Read()->status == 200);
}

TEST_CASE("past the connection bound the longest idle one makes room, and busy ones never do", "[http]") {
  HttpLimits limits;
  limits.max_connections = 2;
  Hold hold;
  const auto server = Serve(To(hold), limits);
  HttpClient busy(server->port());
  busy.Send("GET / HTTP/1.1\r\n\r\n");
  REQUIRE(hold.WaitFor(1));
  HttpClient idle(server->port());
  REQUIRE(Eventually([&] { return server->connections() == 2; }));
  HttpClient third(server->port());
  third.Send("GET / HTTP/1.1\r\n\r\n");
  REQUIRE(hold.WaitFor(2));
  CHECK(idle.IsClosed());
  HttpClient fourth(server->port());
  CHECK(fourth.Read()->status == 503);
  hold.AnswerAll();
  CHECK(busy.Read()->status == 200);
  CHECK(third.Read()->status == 200);
}

TEST_CASE("requests that together exceed the buffer bound are 503, and memory is given back", "[http]") {
  HttpLimits limits;
  limits.max_buffered_octets = 100 << 10;
  const auto server = Serve(Echo, limits);
  HttpClient holder(server->port()), second(server->port());
  const std::string part = "POST /a HTTP/1.1\r\nContent-Length: 60001\r\n\r\n" + std::string(60000, 'x');
  holder.Send(part);
  HttpClient probe(server->port());
  REQUIRE(probe.Exchange("GET / HTTP/1.1\r\n\r\n")->status == 200);
  second.Send(part);
  CHECK(second.Read()->status == 503);
  holder.Send("x");
  CHECK(holder.Read()->status == 200);
  HttpClient third(server->port());
  CHECK(third.Exchange(part + "x")->status == 200);
}

TEST_CASE("an exception in the handler is 500 and the server goes on", "[http]") {
  const auto server = Serve([](HttpRequest request, Respond respond) {
    if (request.target == "/throw") throw std::runtime_error("secret detail");
    respond(StatusResponse(200));
  });
  const auto reply = Get(server->port(), "/throw");
  CHECK(reply->status == 500);
  CHECK(reply->body.find("secret") == std::string::npos);
  CHECK(Get(server->port(), "/")->status == 200);
}

TEST_CASE("an answer may come after its client and after its server", "[http]") {
  Hold hold;
  auto server = Serve(To(hold));
  {
    HttpClient client(server->port());
    client.Send("GET / HTTP/1.1\r\n\r\n");
    REQUIRE(hold.WaitFor(1));
  }
  HttpClient second(server->port());
  second.Send("GET / HTTP/1.1\r\n\r\n");
  REQUIRE(hold.WaitFor(2));
  server.reset();
  hold.AnswerAll();
  CHECK(second.IsClosed());
}

TEST_CASE("2000 silent and 200 dripping clients do not slow an honest one", "[http][load]") {
  RaiseDescriptorLimit();
  const auto server = Serve(Echo);
  std::list<HttpClient> idle, dripping;
  for (int i = 0; i < 2000; ++i) idle.emplace_back(server->port());
  for (int i = 0; i < 200; ++i) dripping.emplace_back(server->port()).Send("POST /a HTTP/1.1\r\nContent-Le");
  std::atomic<bool> is_done = false;
  std::thread drip([&] {
    while (!is_done) {
      for (HttpClient& client : dripping) client.Send("n");
    }
  });
  auto slowest = 0ns;
  for (int i = 0; i < 20; ++i) {
    const auto began = std::chrono::steady_clock::now();
    const auto reply = Get(server->port(), "/a");
    slowest = std::max<std::chrono::nanoseconds>(slowest, std::chrono::steady_clock::now() - began);
    CHECK((reply && reply->status == 200));
  }
  is_done = true;
  drip.join();
  CHECK(slowest < 1s);
}

TEST_CASE("a drain answers what is in flight, closes the idle and takes nothing new", "[http]") {
  Hold hold;
  const auto server = Serve(To(hold));
  HttpClient idle(server->port()), busy(server->port());
  busy.Send("GET / HTTP/1.1\r\n\r\n");
  REQUIRE(hold.WaitFor(1));
  REQUIRE(Eventually([&] { return server->connections() == 2; }));
  bool is_drained = false;
  std::thread drain([&] { is_drained = server->Drain(10s); });
  CHECK(idle.IsClosed());
  CHECK_THROWS(HttpClient(server->port()));
  hold.AnswerAll();
  const auto reply = busy.Read();
  REQUIRE(reply);
  CHECK(reply->Field("Connection") == "close");
  drain.join();
  CHECK(is_drained);
}

TEST_CASE("a drain past its deadline cuts what is left and says so", "[http]") {
  Hold hold;
  const auto server = Serve(To(hold));
  HttpClient client(server->port());
  client.Send("GET / HTTP/1.1\r\n\r\n");
  REQUIRE(hold.WaitFor(1));
  CHECK_FALSE(server->Drain(50ms));
  CHECK(client.IsClosed());
}

// ServesShared answers every request with the same large octets.
HttpHandler ServesShared(std::shared_ptr<const std::string> octets) {
  return [octets = std::move(octets)](HttpRequest, Respond respond) {
    HttpResponse response;
    response.shared_body = octets;
    respond(std::move(response));
  };
}

TEST_CASE("a large shared body arrives whole, and the connection goes on", "[http][server]") {
  std::string octets(8 << 20, 'x');
  for (std::size_t i = 0; i < octets.size(); i += 4096) octets[i] = static_cast<char>('a' + i / 4096 % 26);
  const auto server = Serve(ServesShared(std::make_shared<const std::string>(octets)));
  HttpClient client(server->port());
  for (int i = 0; i < 2; ++i) {
    const auto reply = client.Exchange("GET /crl/demo.crl HTTP/1.1\r\n\r\n");
    REQUIRE(reply);
    CHECK((reply->body == octets));
  }
  REQUIRE(client.Send("HEAD /crl/demo.crl HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n"));
  CHECK(client.Read(false)->Field("Content-Length") == std::to_string(octets.size()));
  CHECK((client.Read()->body == octets));
}

}  // namespace
}  // namespace gateway
