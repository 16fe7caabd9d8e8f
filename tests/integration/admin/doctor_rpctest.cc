// certifierctl doctor against servers that do what no server should: it ends, in time and in bounds.
#include <httplib.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/child.h"
#include "support/test_certificates.h"

namespace admin_test {

namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

// RawServer hands each connection, one after the other, to a handler that may write what it likes.
class RawServer {
 public:
  explicit RawServer(std::function<void(int)> handle)
      : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), handle_(std::move(handle)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    REQUIRE(listen(listener_, 16) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~RawServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/scep"; }
  int connections() const { return connections_; }

 private:
  void Serve() {
    for (;;) {
      const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) return;
      ++connections_;
      handle_(connection);
      close(connection);
    }
  }

  const int listener_;
  const std::function<void(int)> handle_;
  std::atomic<int> connections_ = 0;
  int port_ = 0;
  std::thread thread_;
};

bool Write(int connection, std::string_view octets) {
  return send(connection, octets.data(), octets.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(octets.size());
}

// IsLeft waits so long and tells whether the client is gone by then.
bool IsLeft(int connection, int milliseconds) {
  pollfd client{connection, POLLRDHUP, 0};
  return poll(&client, 1, milliseconds) != 0;
}

struct Answer {
  int code;
  std::string out, err;
};

Answer Diagnose(const Words& words) {
  support::Directory directory;
  Words command = {CERTIFIERCTL, "doctor"};
  command.insert(command.end(), words.begin(), words.end());
  support::Child child(directory.path(), command);
  const int code = child.Wait();
  return {code, child.out(), child.err()};
}

// Reachable is the first finding about a server, which must be bad.
json Reachable(const std::string& url, const std::string& timeout = "10s") {
  const Answer answer = Diagnose({url, "--json", "--timeout", timeout});
  INFO(answer.err);
  REQUIRE(answer.code == 1);
  const json report = json::parse(answer.out);
  REQUIRE(report["checks"][0]["check"] == "reachable");
  CHECK(report["checks"][0]["verdict"] == "fail");
  return report["checks"][0];
}

}  // namespace

TEST_CASE("a body without an end is taken to the bound and no further", "[ctl][doctor]") {
  const RawServer server([](int connection) {
    Write(connection, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
    while (Write(connection, std::string(4096, 'a'))) continue;
  });
  CHECK(Reachable(server.url())["seen"] == "an answer longer than 1048576 octets");
}

TEST_CASE("a body of one octet more than the bound is too long, and one of the bound is not", "[ctl][doctor]") {
  constexpr std::size_t kBound = 1 << 20;
  const std::size_t length = kBound + GENERATE(0u, 1u);
  const RawServer server([length](int connection) {
    Write(connection, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n");
    Write(connection, std::string(length, 'a'));
    IsLeft(connection, 2000);
  });
  const Answer answer = Diagnose({server.url(), "--json"});
  const json first = json::parse(answer.out)["checks"][0];
  CHECK((first["seen"] == "an answer longer than 1048576 octets") == (length > kBound));
  CHECK(first["verdict"] == (length > kBound ? "fail" : "pass"));
}

TEST_CASE("a body that says how long it is has no more room", "[ctl][doctor]") {
  const RawServer server([](int connection) {
    Write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    while (Write(connection, std::string(4096, 'a'))) continue;
  });
  CHECK(Reachable(server.url())["seen"] == "an answer longer than 1048576 octets");
}

TEST_CASE("a head without an end is cut off", "[ctl][doctor]") {
  const std::string part = GENERATE("X-Field: value\r\n", "aaaaaaaaaaaaaaaa");
  const RawServer server([&part](int connection) {
    std::string parts;
    for (int i = 0; i < 256; ++i) parts += part;
    Write(connection, "HTTP/1.1 200 OK\r\n");
    while (Write(connection, parts)) continue;
  });
  // What the library itself finds too long ends no later.
  const std::string seen = Reachable(server.url())["seen"];
  CHECK((seen == "an answer longer than 1048576 octets" || seen == "the connection ended without a whole HTTP answer"));
}

TEST_CASE("an answer that trickles is late all the same", "[ctl][doctor]") {
  const RawServer server([](int connection) {
    Write(connection, "HTTP/1.1 200 OK\r\nX-Slow: ");
    while (!IsLeft(connection, 20) && Write(connection, "a")) continue;
  });
  CHECK(Reachable(server.url(), "300ms")["seen"] == "no whole answer within 300 ms");
}

TEST_CASE("a server that says nothing, or nonsense, is not waited for", "[ctl][doctor]") {
  const RawServer silent([](int connection) { IsLeft(connection, 10'000); });
  CHECK(Reachable(silent.url(), "300ms")["seen"] == "no whole answer within 300 ms");
  const RawServer rude([](int connection) { Write(connection, "SSH-2.0-OpenSSH\r\n\r\n"); });
  CHECK(Reachable(rude.url())["seen"] == "the connection ended without a whole HTTP answer");
  CHECK(silent.connections() == 1);
}

TEST_CASE("a redirect is shown, not followed, and cannot steer the terminal", "[ctl][doctor]") {
  const RawServer server([](int connection) {
    Write(connection, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\x1b[2J\r\nContent-Length: 0\r\n\r\n");
  });
  const Answer answer = Diagnose({server.url()});
  CHECK(answer.code == 1);
  CHECK(answer.out.find("HTTP 302 to http://127.0.0.1:1/\\x1b[2J") != std::string::npos);
  CHECK(answer.out.find('\x1b') == std::string::npos);
  CHECK(server.connections() == 1);
}

TEST_CASE("a web page is told from SCEP", "[ctl][doctor]") {
  const RawServer server([](int connection) {
    Write(connection, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>");
  });
  const Answer answer = Diagnose({server.url()});
  CHECK(answer.code == 1);
  CHECK(answer.out.find("a web page") != std::string::npos);
  CHECK(answer.out.find("This is no SCEP URL") != std::string::npos);
}

TEST_CASE("a TLS certificate that nobody knows is warned of, and the rest is tried", "[ctl][doctor]") {
  support::TestCertificates certificates;
  const service::TlsFiles files = certificates.Issue(service::Role::kAdmin, "somebody");
  httplib::SSLServer server(files.certificate.c_str(), files.key.c_str());
  server.Get("/scep", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("AES\nSHA-256\nPOSTPKIOperation\n", "text/plain");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread([&server] { server.listen_after_bind(); });
  const Answer answer = Diagnose({"https://127.0.0.1:" + std::to_string(port) + "/scep", "--json"});
  server.stop();
  thread.join();
  const json report = json::parse(answer.out);
  CHECK(report["checks"][0]["verdict"] == "warn");
  CHECK(report["checks"][2]["check"] == "caps-answer");
  CHECK(report["checks"][2]["verdict"] == "pass");
}

TEST_CASE("nobody who listens is a finding, and no error", "[ctl][doctor]") {
  std::string url;
  {
    const RawServer server([](int) {});
    url = server.url();
  }
  CHECK(Reachable(url)["seen"].get<std::string>().starts_with("no connection to 127.0.0.1:"));
}

TEST_CASE("what makes no sense is a usage error before anything is asked", "[ctl][doctor]") {
  const RawServer server([](int) {});
  support::Directory directory;
  const Words more = GENERATE(Words{"--challenge-file", "/nonexistent/key"}, Words{"--challenge-file", "/dev/null"},
                              Words{"--challenge-file", "/dev/zero"}, Words{"--subject", "CN"},
                              Words{"--fingerprint", "abc"}, Words{"--timeout", "1h"});
  Words words = {server.url()};
  words.insert(words.end(), more.begin(), more.end());
  const Answer answer = Diagnose(words);
  CAPTURE(more, answer.err);
  CHECK(answer.code == 2);
  CHECK(answer.err.find("certifierctl doctor --help") != std::string::npos);
  CHECK(server.connections() == 0);
}

}  // namespace admin_test
