#include "webhook_server.h"

#include <memory>
#include <stdexcept>

namespace engine_test {

WebhookServer::WebhookServer(const service::TlsFiles& files, Handler handler)
    : server_(files.certificate.c_str(), files.key.c_str()) {
  if (!server_.is_valid()) throw std::runtime_error("a test's server takes no such certificate");
  server_.Post(".*",
               [this, handler = std::move(handler)](const httplib::Request& request, httplib::Response& response) {
                 {
                   const std::lock_guard lock(mutex_);
                   requests_.push_back(request);
                 }
                 handler(request, response);
               });
  server_.set_tcp_nodelay(true);
  port_ = server_.bind_to_any_port("127.0.0.1");
  if (port_ <= 0) throw std::runtime_error("a test's server has no port");
  thread_ = std::thread([this] { server_.listen_after_bind(); });
  while (!server_.is_running()) std::this_thread::yield();
}

WebhookServer::~WebhookServer() {
  server_.stop();
  thread_.join();
}

std::string WebhookServer::Authority() const {
  return "localhost:" + std::to_string(port_);
}

std::string WebhookServer::Url(const std::string& path) const {
  return "https://" + Authority() + path;
}

std::vector<httplib::Request> WebhookServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

WebhookServer::Handler Saying(const std::string& body) {
  return
      [body](const httplib::Request&, httplib::Response& response) { response.set_content(body, "application/json"); };
}

WebhookServer::Handler Replying(std::vector<int> statuses) {
  auto count = std::make_shared<std::atomic<std::size_t>>(0);
  return [count, statuses = std::move(statuses)](const httplib::Request&, httplib::Response& response) {
    response.status = statuses[std::min((*count)++, statuses.size() - 1)];
    response.set_content(R"({"verdict": "pass"})", "application/json");
  };
}

void Gate::Pass() {
  std::unique_lock lock(mutex_);
  opened_.wait(lock, [this] { return is_open_; });
}

bool Gate::IsOpenWithin(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return opened_.wait_for(lock, time, [this] { return is_open_; });
}

void Gate::Open() {
  {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
  }
  opened_.notify_all();
}

}  // namespace engine_test
