#ifndef CERTIFIER_TESTS_INTEGRATION_WEBHOOK_WEBHOOK_SERVER_H
#define CERTIFIER_TESTS_INTEGRATION_WEBHOOK_WEBHOOK_SERVER_H

#include <httplib.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "service/tls_files.h"

namespace engine_test {

// WebhookServer is somebody's HTTPS server on 127.0.0.1, which answers every POST as it was told.
class WebhookServer {
 public:
  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

  // `files` are its certificate and key.
  WebhookServer(const service::TlsFiles& files, Handler handler);
  ~WebhookServer();
  WebhookServer(const WebhookServer&) = delete;
  WebhookServer& operator=(const WebhookServer&) = delete;

  int port() const { return port_; }
  // Authority is "localhost:PORT".
  std::string Authority() const;
  std::string Url(const std::string& path = "/judge") const;
  // What came so far.
  std::vector<httplib::Request> requests() const;

 private:
  httplib::SSLServer server_;
  int port_ = 0;
  mutable std::mutex mutex_;  // Guards `requests_`.
  std::vector<httplib::Request> requests_;
  std::thread thread_;
};

// Saying answers 200 with `body`.
WebhookServer::Handler Saying(const std::string& body);
// Replying answers with each status in turn, the last of them again and again; the body is a pass.
WebhookServer::Handler Replying(std::vector<int> statuses);

// Gate holds whoever passes it until it is opened.
class Gate {
 public:
  void Pass();
  // IsOpenWithin waits so long at most.
  bool IsOpenWithin(std::chrono::milliseconds time);
  void Open();

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool is_open_ = false;
};

}  // namespace engine_test

#endif  // CERTIFIER_TESTS_INTEGRATION_WEBHOOK_WEBHOOK_SERVER_H
