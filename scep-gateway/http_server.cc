#include "http_server.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "event_loop.h"
#include "mailbox.h"

namespace gateway {

namespace {
constexpr std::size_t kMaxListeners = 16;
}  // namespace

struct HttpServer::State {
  std::vector<std::string> listen;
  HttpLimits limits;
  HttpHandler handler;
  // For one thread after Start, but for the port.
  Mailbox::Listeners listeners;
  std::vector<std::weak_ptr<const Listener>> replaced;  // Which the loop has not ended yet.
  std::atomic<int> port = 0;
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

Listener::Expected<Mailbox::Listeners> HttpServer::OpenAll(const std::vector<std::string>& listen) const {
  if (listen.empty() || listen.size() > kMaxListeners) {
    return tl::unexpected(Listener::Refusal{Listener::Obstacle::kMalformed,
                                            {result::Reason::kMalformed, "one to 16 addresses to listen on"}});
  }
  Mailbox::Listeners own = state_->listeners;
  for (const auto& replaced : state_->replaced) {
    if (auto listener = replaced.lock()) own.push_back(std::move(listener));
  }
  Mailbox::Listeners listeners;
  for (const std::string& address : listen) {
    const auto resolved = Listener::Resolve(address);
    if (!resolved) return tl::unexpected(resolved.error());
    const auto known =
        std::find_if(own.begin(), own.end(), [&](const auto& one) { return one->address() == *resolved; });
    if (known != own.end()) {
      if (std::find(listeners.begin(), listeners.end(), *known) == listeners.end()) listeners.push_back(*known);
      continue;
    }
    auto opened = Listener::OpenBeside(address, state_->limits.backlog, own);
    if (!opened) return tl::unexpected(opened.error());
    listeners.push_back(std::make_shared<const Listener>(*std::move(opened)));
    own.push_back(listeners.back());
  }
  return listeners;
}

result::Result<void> HttpServer::Start() {
  auto listeners = OpenAll(state_->listen);
  if (!listeners) return tl::unexpected<result::Error>(listeners.error().error);
  state_->listeners = *std::move(listeners);
  state_->port = state_->listeners.front()->port();
  ASSIGN_OR_RETURN(state_->mailbox, Mailbox::Open());
  state_->loop =
      std::make_unique<EventLoop>(state_->limits, state_->listeners, state_->mailbox, std::move(state_->handler));
  RETURN_IF_ERROR(state_->loop->Start());
  std::promise<void> finished;
  state_->is_finished = finished.get_future();
  state_->thread = std::thread([loop = state_->loop.get(), finished = std::move(finished)]() mutable {
    loop->Run();
    finished.set_value();
  });
  return {};
}

Listener::Expected<void> HttpServer::Rebind(const std::vector<std::string>& listen) {
  auto listeners = OpenAll(listen);
  if (!listeners) return tl::unexpected(listeners.error());
  std::erase_if(state_->replaced, [](const auto& replaced) { return replaced.expired(); });
  for (const auto& listener : state_->listeners) {
    const bool stays = std::find(listeners->begin(), listeners->end(), listener) != listeners->end();
    if (!stays) state_->replaced.push_back(listener);
  }
  // The loop does so as well, but somebody may come before.
  for (const auto& listener : *listeners) {
    const bool is_back =
        std::find(state_->listeners.begin(), state_->listeners.end(), listener) == state_->listeners.end();
    if (is_back) listener->TakeNew();
  }
  state_->listeners = *std::move(listeners);
  state_->port = state_->listeners.front()->port();
  state_->mailbox->Serve(state_->listeners);
  return {};
}

std::vector<std::string> HttpServer::addresses() const {
  std::vector<std::string> addresses;
  for (const auto& listener : state_->listeners) addresses.push_back(listener->address());
  return addresses;
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
  state_->listeners.clear();
  state_->mailbox->Drain();
  const bool is_drained = state_->is_finished.wait_for(deadline) == std::future_status::ready;
  state_->mailbox->Stop();
  state_->thread.join();
  return is_drained;
}

}  // namespace gateway
