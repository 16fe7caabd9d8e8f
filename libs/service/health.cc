#include "service/health.h"

#include <httplib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "service/metrics.h"

namespace service {

namespace {

constexpr std::size_t kThreads = 2;
constexpr std::size_t kMaxBody = 1024;
constexpr int kTimeoutSeconds = 5;

void Answer(httplib::Response& response, int status, const std::string& body) {
  response.status = status;
  response.set_content(body, "text/plain");
}

}  // namespace

struct HealthServer::State {
  std::string listen;
  std::function<std::string()> missing;
  httplib::Server server;
  std::atomic<bool> is_draining{false};
  std::thread thread;
  int port = 0;

  void Route() {
    server.Get("/healthz", [](const httplib::Request&, httplib::Response& response) { Answer(response, 200, "ok\n"); });
    server.Get("/readyz", [this](const httplib::Request&, httplib::Response& response) {
      const std::string lacking = is_draining ? "draining\n" : missing();
      Answer(response, lacking.empty() ? 200 : 503, lacking.empty() ? "ok\n" : lacking);
    });
    server.Get("/metrics",
               [](const httplib::Request&, httplib::Response& response) { Answer(response, 200, MetricsText()); });
    server.set_exception_handler([](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
      Answer(response, 500, "internal error\n");
    });
  }

  void Bound() {
    server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    server.set_payload_max_length(kMaxBody);
    server.set_read_timeout(kTimeoutSeconds);
    server.set_write_timeout(kTimeoutSeconds);
    server.set_keep_alive_max_count(1);
    server.set_tcp_nodelay(true);
    // Without SO_REUSEPORT, which is the library's default, a taken port is an error.
    server.set_socket_options([](socket_t socket) {
      const int on = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
  }
};

HealthServer::HealthServer(std::string listen, std::function<std::string()> missing)
    : state_(std::make_unique<State>()) {
  state_->listen = std::move(listen);
  state_->missing = std::move(missing);
}

HealthServer::~HealthServer() {
  state_->server.stop();
  if (state_->thread.joinable()) state_->thread.join();
}

result::Result<void> HealthServer::Start() {
  const auto colon = state_->listen.rfind(':');
  const std::string host = state_->listen.substr(0, colon);
  const int port = colon == std::string::npos ? -1 : std::atoi(state_->listen.c_str() + colon + 1);
  state_->Route();
  state_->Bound();
  const bool is_bound = port == 0 ? (state_->port = state_->server.bind_to_any_port(host)) > 0
                                  : port > 0 && state_->server.bind_to_port(host, port);
  if (!is_bound) {
    return result::Fail(result::Reason::kUnavailable, "cannot listen on " + state_->listen + "; is the port taken?");
  }
  if (port != 0) state_->port = port;
  state_->thread = std::thread([this] { state_->server.listen_after_bind(); });
  // stop() is lost on a server that does not run yet.
  while (!state_->server.is_running()) std::this_thread::yield();
  return {};
}

int HealthServer::port() const {
  return state_->port;
}

void HealthServer::Drain() {
  state_->is_draining = true;
}

}  // namespace service
