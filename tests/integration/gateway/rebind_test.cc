// An HTTP server that begins to listen elsewhere while it is in use.

#include <linux/capability.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include "http_client.h"
#include "http_server.h"
#include "support/child.h"

namespace gateway {
namespace {

using namespace std::chrono_literals;
using support::Eventually;
using Clock = std::chrono::steady_clock;
using Obstacle = Listener::Obstacle;

constexpr char kAnywhere[] = "127.0.0.1:0";
constexpr char kGet[] = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

void Echo(HttpRequest request, Respond respond) {
  HttpResponse response;
  response.body = request.method + " " + request.target + " " + request.body;
  respond(std::move(response));
}

std::string At(int port) {
  return "127.0.0.1:" + std::to_string(port);
}

std::unique_ptr<HttpServer> Serve(HttpHandler handler = Echo) {
  auto server = std::make_unique<HttpServer>(std::vector<std::string>{kAnywhere}, HttpLimits(), std::move(handler));
  REQUIRE(server->Start());
  return server;
}

bool IsAnswered(int port) {
  auto client = HttpClient::Connect(port);
  const auto reply = client ? client->Exchange(kGet) : std::nullopt;
  return reply && reply->status == 200;
}

bool IsRefused(int port) {
  return !HttpClient::Connect(port).has_value();
}

std::size_t OpenDescriptors() {
  const auto entries = std::filesystem::directory_iterator("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

// Knock begins a connection to a port of this machine and does not wait for it.
FileDescriptor Knock(int port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<std::uint16_t>(port));
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where);
  return socket;
}

bool IsLetIn(const FileDescriptor& socket) {
  tcp_info info{};
  socklen_t length = sizeof info;
  return ::getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &length) == 0 && info.tcpi_state == TCP_ESTABLISHED;
}

// The first port that everybody may bind, or 0 where that cannot be read.
int FirstUnprivilegedPort() {
  int port = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_unprivileged_port_start") >> port;
  return port;
}

// Takes from the calling thread what root may.
bool GiveUpCapabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> nothing{};
  return ::syscall(SYS_capset, &header, nothing.data()) == 0;
}

// Hammer asks as fast as it can, with a connection for each request or one for all of them while that lasts. Whoever
// came in must be answered.
class Hammer {
 public:
  Hammer(std::atomic<int>& port, bool keeps_alive)
      : port_(port), keeps_alive_(keeps_alive), thread_([this] { Run(); }) {}
  ~Hammer() { Stop(); }
  void Stop() {
    is_stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  int answered() const { return answered_; }
  int failed() const { return failed_; }

 private:
  void Run() {
    std::optional<HttpClient> client;
    while (!is_stopping_) {
      if (!client) client = HttpClient::Connect(port_);
      if (!client) continue;  // Not in, nothing begun.
      const auto reply = client->Exchange(kGet);
      ++(reply && reply->status == 200 ? answered_ : failed_);
      if (!keeps_alive_ || !reply || reply->Field("Connection") == "close") client.reset();
    }
  }

  std::atomic<int>& port_;
  const bool keeps_alive_;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<int> answered_ = 0, failed_ = 0;
  std::thread thread_;
};

TEST_CASE("a change of the port under load fails nobody who had come in, and the new port answers at once",
          "[gateway][rebind]") {
  const auto server = Serve();
  const int old_port = server->port();
  std::atomic<int> port = old_port;
  {
    Hammer alone(port, false), together(port, true);
    REQUIRE(Eventually([&] { return alone.answered() > 100 && together.answered() > 100; }));
    HttpClient slow(old_port);
    REQUIRE(slow.Send("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nha"));
    const auto began = Clock::now();
    REQUIRE(server->Rebind({kAnywhere}));
    const int new_port = server->port();
    REQUIRE(new_port != old_port);
    CHECK(IsAnswered(new_port));
    CHECK(Clock::now() - began < 2s);
    CHECK(Eventually([&] { return IsRefused(old_port); }));
    REQUIRE(slow.Send("lf"));
    const auto reply = slow.Read();
    REQUIRE(reply);
    CHECK(reply->body == "POST /slow half");
    CHECK(reply->Field("Connection") == "close");
    port = new_port;
    const int before = alone.answered() + together.answered();
    CHECK(Eventually([&] { return alone.answered() + together.answered() > before + 200; }));
    alone.Stop();
    together.Stop();
    CHECK(alone.failed() == 0);
    CHECK(together.failed() == 0);
  }
}

TEST_CASE("a request that the handler has is answered after its port is gone", "[gateway][rebind]") {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Respond> held;
  const auto server = Serve([&](HttpRequest, Respond respond) {
    const std::lock_guard lock(mutex);
    held = std::move(respond);
    changed.notify_all();
  });
  const int old_port = server->port();
  HttpClient client(old_port);
  REQUIRE(client.Send(kGet));
  {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, 10s, [&] { return held.has_value(); }));
  }
  REQUIRE(server->Rebind({kAnywhere}));
  REQUIRE(Eventually([&] { return IsRefused(old_port); }));
  (*held)(StatusResponse(200));
  const auto reply = client.Read();
  REQUIRE(reply);
  CHECK(reply->status == 200);
  CHECK(client.IsClosed());
}

TEST_CASE("whom the kernel let in before a change is answered after it", "[gateway][rebind]") {
  std::promise<void> let_go;
  auto is_let_go = let_go.get_future().share();
  std::atomic<bool> is_stuck = false;
  const auto server = Serve([&](HttpRequest request, Respond respond) {
    is_stuck = true;
    is_let_go.wait();  // The loop, which accepts nobody meanwhile.
    Echo(std::move(request), std::move(respond));
  });
  HttpClient first(server->port());
  REQUIRE(first.Send(kGet));
  REQUIRE(Eventually([&] { return is_stuck.load(); }));
  std::vector<HttpClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(server->port());
    REQUIRE(clients.back().Send(kGet));
  }
  const auto rebound = server->Rebind({kAnywhere});
  let_go.set_value();
  REQUIRE(rebound);
  for (HttpClient& client : clients) {
    const auto reply = client.Read();
    REQUIRE(reply);
    CHECK(reply->status == 200);
  }
}

TEST_CASE("a connection that waits stays until its next answer, which sends it to the new port", "[gateway][rebind]") {
  const auto server = Serve();
  const int old_port = server->port();
  HttpClient client(old_port);
  REQUIRE(client.Exchange(kGet)->Field("Connection").empty());
  REQUIRE(server->Rebind({kAnywhere}));
  REQUIRE(Eventually([&] { return IsRefused(old_port); }));
  const auto reply = client.Exchange(kGet);
  REQUIRE(reply);
  CHECK(reply->Field("Connection") == "close");
}

TEST_CASE("a port that another has is refused as taken, and the old one stays", "[gateway][rebind]") {
  const auto server = Serve();
  const auto other = Listener::Open(kAnywhere, 8);
  REQUIRE(other);
  const int port = server->port();
  HttpClient waiting(port);
  const auto rebound = server->Rebind({At(other->port())});
  REQUIRE_FALSE(rebound);
  CHECK(rebound.error().obstacle == Obstacle::kPortTaken);
  CHECK(rebound.error().error.detail.find(At(other->port())) != std::string::npos);
  CHECK(server->port() == port);
  CHECK(server->addresses() == std::vector<std::string>{At(port)});
  CHECK(IsAnswered(port));
  CHECK(waiting.Exchange(kGet)->Field("Connection").empty());
}

TEST_CASE("of several addresses all are listened on or none", "[gateway][rebind]") {
  const auto server = Serve();
  const auto other = Listener::Open(kAnywhere, 8);
  const auto spare = Listener::Open(kAnywhere, 8)->port();
  const int port = server->port();
  CHECK_FALSE(server->Rebind({At(spare), At(other->port())}));
  CHECK(IsRefused(spare));
  CHECK(IsAnswered(port));
  REQUIRE(server->Rebind({At(port), "[::1]:0"}));
  CHECK(server->addresses().size() == 2);
  CHECK(IsAnswered(port));
}

TEST_CASE("what is no address of this machine, or none at all, is refused as that", "[gateway][rebind]") {
  const auto server = Serve();
  CHECK(server->Rebind({"192.0.2.1:0"}).error().obstacle == Obstacle::kNoSuchAddress);
  CHECK(server->Rebind({"nothing.invalid:0"}).error().obstacle == Obstacle::kNoSuchAddress);
  CHECK(server->Rebind({"nonsense"}).error().obstacle == Obstacle::kMalformed);
  CHECK(server->Rebind({}).error().obstacle == Obstacle::kMalformed);
  CHECK(server->Rebind(std::vector<std::string>(17, kAnywhere)).error().obstacle == Obstacle::kMalformed);
  CHECK(IsAnswered(server->port()));
}

TEST_CASE("a listener that refuses newcomers keeps whom it let in, and takes the others once it may",
          "[gateway][rebind]") {
  const auto listener = Listener::Open(kAnywhere, 8);
  REQUIRE(listener);
  const auto early = Knock(listener->port());
  REQUIRE(IsLetIn(early));
  listener->RefuseNew();
  const auto late = Knock(listener->port());
  CHECK_FALSE(IsLetIn(late));
  CHECK(listener->Accept());
  const auto nobody = listener->Accept();
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error() == Listener::Failure::kNothingWaiting);
  listener->TakeNew();
  // The kernel knocks again for it.
  CHECK(Eventually([&] { return listener->Accept().has_value(); }));
}

TEST_CASE("a replaced port lets nobody in whom it would lose", "[gateway][rebind]") {
  std::promise<void> let_go;
  auto is_let_go = let_go.get_future().share();
  std::atomic<bool> is_stuck = false;
  const auto server = Serve([&](HttpRequest request, Respond respond) {
    if (request.target == "/stuck") {
      is_stuck = true;
      is_let_go.wait();  // The loop.
    }
    Echo(std::move(request), std::move(respond));
  });
  const int old_port = server->port();
  HttpClient stuck(old_port);
  REQUIRE(server->Rebind({kAnywhere}));
  // The new port answers once the loop knows of the change.
  REQUIRE(IsAnswered(server->port()));
  REQUIRE(stuck.Send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n"));
  REQUIRE(Eventually([&] { return is_stuck.load(); }));
  const auto late = Knock(old_port);
  CHECK_FALSE(IsLetIn(late));
  let_go.set_value();
  CHECK(stuck.Read());
}

TEST_CASE("a port that the gateway may not bind is refused as that", "[gateway][rebind]") {
  const int port = FirstUnprivilegedPort() - 1;
  if (port < 1) {
    WARN("here everybody may bind every port");
    return;
  }
  const auto server = Serve();
  std::optional<Obstacle> obstacle;
  std::thread([&] {
    if (!GiveUpCapabilities()) return;
    const auto rebound = server->Rebind({At(port)});
    if (!rebound) obstacle = rebound.error().obstacle;
  }).join();
  CHECK(obstacle == Obstacle::kNotPermitted);
  CHECK(IsAnswered(server->port()));
}

TEST_CASE("from one address to all of them and back on one port nobody is refused", "[gateway][rebind]") {
  const auto server = Serve();
  const int fixed = server->port();
  std::atomic<int> port = fixed;
  Hammer hammer(port, false);
  REQUIRE(Eventually([&] { return hammer.answered() > 50; }));
  REQUIRE(server->Rebind({"0.0.0.0:" + std::to_string(fixed)}));
  CHECK(server->addresses() == std::vector<std::string>{"0.0.0.0:" + std::to_string(fixed)});
  int before = hammer.answered();
  CHECK(Eventually([&] { return hammer.answered() > before + 50; }));
  REQUIRE(server->Rebind({At(fixed)}));
  before = hammer.answered();
  CHECK(Eventually([&] { return hammer.answered() > before + 50; }));
  hammer.Stop();
  CHECK(hammer.failed() == 0);
  // The port is shared for the moment of the change alone.
  const auto other = Listener::Open(At(fixed), 8);
  REQUIRE_FALSE(other);
  CHECK(other.error().obstacle == Obstacle::kPortTaken);
}

TEST_CASE("back and forth twenty times leaks no descriptor and loses no request", "[gateway][rebind]") {
  const auto server = Serve();
  std::atomic<int> port = server->port();
  Hammer hammer(port, false);
  REQUIRE(Eventually([&] { return hammer.answered() > 50; }));
  hammer.Stop();
  REQUIRE(Eventually([&] { return server->connections() == 0; }));
  const std::size_t before = OpenDescriptors();
  const std::string here = At(server->port()), there = At(Listener::Open(kAnywhere, 8)->port());
  Hammer second(port, false);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(server->Rebind({i % 2 == 0 ? there : here}));
    REQUIRE(IsAnswered(server->port()));
  }
  second.Stop();
  CHECK(second.failed() == 0);
  CHECK(server->addresses() == std::vector<std::string>{here});
  CHECK(Eventually([&] { return OpenDescriptors() == before; }));
  CHECK(IsAnswered(server->port()));
}

TEST_CASE("a server that drains just after a change closes both ports", "[gateway][rebind]") {
  const auto server = Serve();
  const int old_port = server->port();
  HttpClient client(old_port);
  REQUIRE(client.Send("GET /a HTTP/1.1\r\nHo"));
  REQUIRE(server->Rebind({kAnywhere}));
  const int new_port = server->port();
  std::thread finishing([&] {
    Eventually([&] { return IsRefused(new_port); });
    client.Send("st: a\r\n\r\n");
  });
  CHECK(server->Drain(10s));
  finishing.join();
  CHECK(client.Read()->status == 200);
  CHECK(IsRefused(old_port));
  CHECK(IsRefused(new_port));
}

}  // namespace
}  // namespace gateway
