#include "http_server.h"

#include <future>
#include <thread>

#include "event_loop.h"
#include "listener.h"
#include "mailbox.h"

namespace gateway {

namespace {
constexpr std::size_t kMaxListeners = 16;
}  // namespace

struct HttpServer::State {
  std::vector<std::string> listen;
  HttpLimits limits;
  HttpHandler handler;
  int port = 0;
  std::shared_ptr<Mailbox> mailbox;
  std::unique_ptr<EventLoop> loop;
  std::future<void> is_finished;
  std::thread thread;
};

HttpServer::HttpServer(std::vector<std::string> listen, HttpLimits limits, HttpHandler handler)
    : state_(std::make_unique<State>()) {
  state_->listen = std::move(listen);
  state_->limits = limits;
  state_->handler = std::move(handler);
}

HttpServer::~HttpServer() {
  if (!state_->thread.joinable()) return;
  state_->mailbox->Stop();
  state_->thread.join();
}

result::Result<void> HttpServer::Start() {
  if (state_->listen.empty() || state_->listen.size() > kMaxListeners) {
    return result::Fail(result::Reason::kMalformed, "one to 16 addresses to listen on");
  }
  std::vector<Listener> listeners;
  for (const std::string& address : state_->listen) {
    ASSIGN_OR_RETURN(Listener listener, Listener::Open(address, state_->limits.backlog));
    listeners.push_back(std::move(listener));
  }
  state_->port = listeners.front().port();
  ASSIGN_OR_RETURN(state_->mailbox, Mailbox::Open());
  state_->loop =
      std::make_unique<EventLoop>(state_->limits, std::move(listeners), state_->mailbox, std::move(state_->handler));
  RETURN_IF_ERROR(state_->loop->Start());
  std::promise<void> finished;
  state_->is_finished = finished.get_future();
  state_->thread = std::thread([loop = state_->loop.get(), finished = std::move(finished)]() mutable {
    loop->Run();
    finished.set_value();
  });
  return {};
}

int HttpServer::port() const {
  return state_->port;
}
std::size_t HttpServer::connections() const {
  return state_->loop ? state_->loop->connections() : 0;
}
std::size_t HttpServer::in_flight() const {
  return state_->loop ? state_->loop->in_flight() : 0;
}

bool HttpServer::Drain(std::chrono::milliseconds deadline) {
  if (!state_->thread.joinable()) return true;
  state_->mailbox->Drain();
  const bool is_drained = state_->is_finished.wait_for(deadline) == std::future_status::ready;
  state_->mailbox->Stop();
  state_->thread.join();
  return is_drained;
}

}  // namespace gateway
