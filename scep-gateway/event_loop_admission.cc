#include <sys/epoll.h>

#include <algorithm>

#include "event_loop.h"
#include "service/log.h"
#include "service/metrics.h"

// The parts of the event loop that let connections in and put them out; event_loop.cc moves those that are in.
namespace gateway {
namespace {

using State = Connection::State;

constexpr int kAcceptsAtOnce = 64;
constexpr std::chrono::milliseconds kAcceptPause{100};
// For handshakes that are under way when their listener is replaced.
constexpr std::chrono::milliseconds kReplacedFor{1000};

}  // namespace

bool EventLoop::Register(int fd, Id id, std::uint32_t interest) const {
  epoll_event event{};
  event.events = interest;
  event.data.u64 = id;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void EventLoop::Watch(Id id, Connection& connection, std::uint32_t interest) const {
  if (connection.interest == interest) return;
  connection.interest = interest;
  epoll_event event{};
  event.events = interest;
  event.data.u64 = id;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, connection.fd(), &event);
}

void EventLoop::AcceptFrom(const Served& served) {
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    auto accepted = served.listener->Accept();
    if (accepted) {
      Admit(*std::move(accepted), served.id);
      continue;
    }
    if (accepted.error() == Listener::Failure::kOutOfDescriptors && !MakeRoom()) PauseAccepting();
    return;
  }
}

void EventLoop::Admit(Listener::Accepted accepted, Id listener) {
  if (connections_.size() >= limits_.max_connections && !MakeRoom()) return TurnAway(std::move(accepted));
  const Id id = next_id_++;
  auto connection = std::make_unique<Connection>(std::move(accepted.socket), std::move(accepted.peer),
                                                 RequestReader(limits_.head, limits_.max_body_octets));
  connection->listener = listener;
  connection->interest = EPOLLIN;
  if (!Register(connection->fd(), id, EPOLLIN)) return;
  connections_.emplace(id, std::move(connection));
  connection_count_ = connections_.size();
  // Silence before the first request is not keep-alive: it gets no longer than a request does.
  idle_.Set(id, now_ + std::min(limits_.request_deadline, limits_.idle_timeout));
}

void EventLoop::TurnAway(Listener::Accepted accepted) {
  service::CounterFor("certifier_http_turned_away_total", "Connections closed because the table was full.", {}).Add();
  Connection connection(std::move(accepted.socket), std::move(accepted.peer),
                        RequestReader(limits_.head, limits_.max_body_octets));
  connection.Queue(WriteResponse(StatusResponse(503), {.closes = true}, Date()));
  connection.Send();
}

bool EventLoop::MakeRoom() {
  const auto longest_idle = idle_.earliest();
  if (!longest_idle) return false;
  Close(longest_idle->second);
  return true;
}

void EventLoop::PauseAccepting() {
  if (accepts_again_) return;
  service::LogWarning("http_out_of_descriptors", {{"connections", static_cast<std::int64_t>(connections_.size())}});
  for (const Served& served : listeners_) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, served.listener->fd(), nullptr);
  accepts_again_ = now_ + kAcceptPause;
}

void EventLoop::ResumeAccepting() {
  accepts_again_.reset();
  for (const Served& served : listeners_) Register(served.listener->fd(), served.id, EPOLLIN);
}

void EventLoop::BeginDrain() {
  for (const Served& served : listeners_) {
    served.listener->RefuseNew();
    TakeAllFrom(served);
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, served.listener->fd(), nullptr);
  }
  listeners_.clear();
  accepts_again_.reset();
  std::vector<Id> reading;
  for (const auto& [id, connection] : connections_) {
    if (connection->state == State::kReading) reading.push_back(id);
  }
  // A request may lie unread in the socket; only the connections that hold none are closed.
  for (const Id id : reading) ReceiveFrom(id, *connections_.at(id));
}

// Those that the kernel has accepted were promised an answer; a closed listener would reset them.
void EventLoop::TakeAllFrom(const Served& served) {
  for (auto accepted = served.listener->Accept(); accepted; accepted = served.listener->Accept()) {
    Admit(*std::move(accepted), served.id);
  }
}

void EventLoop::Serve(const Mailbox::Listeners& listeners) {
  if (mailbox_->is_draining()) return;
  for (Served& served : listeners_) {
    if (served.ends || std::find(listeners.begin(), listeners.end(), served.listener) != listeners.end()) continue;
    served.listener->RefuseNew();
    served.ends = now_ + kReplacedFor;
  }
  for (const auto& listener : listeners) {
    const auto known = std::find_if(listeners_.begin(), listeners_.end(),
                                    [&](const Served& served) { return served.listener == listener; });
    if (known != listeners_.end() && !known->ends) continue;
    listener->TakeNew();
    if (known != listeners_.end()) {
      known->ends.reset();
      continue;
    }
    listeners_.push_back({kListenerBit | next_id_++, listener, std::nullopt});
    if (!accepts_again_) Register(listener->fd(), listeners_.back().id, EPOLLIN);
  }
}

void EventLoop::EndReplaced() {
  std::erase_if(listeners_, [this](const Served& served) {
    if (!served.ends || now_ < *served.ends) return false;
    TakeAllFrom(served);
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, served.listener->fd(), nullptr);
    return true;
  });
}

bool EventLoop::IsServed(Id listener) const {
  return std::any_of(listeners_.begin(), listeners_.end(),
                     [&](const Served& served) { return served.id == listener && !served.ends; });
}

void EventLoop::ExpireDeadlines() {
  for (auto first = idle_.earliest(); first && first->first <= now_; first = idle_.earliest()) Close(first->second);
  for (auto first = busy_.earliest(); first && first->first <= now_; first = busy_.earliest()) {
    busy_.Clear(first->second);
    const auto found = connections_.find(first->second);
    if (found != connections_.end()) Expire(first->second, *found->second);
  }
}

void EventLoop::Expire(Id id, Connection& connection) {
  switch (connection.state) {
    case State::kReading:
      Refuse(id, connection, 408);
      return;
    case State::kHandling:
      // The handler's answer, when it comes, finds the connection in another state or gone.
      Refuse(id, connection, 503);
      return;
    case State::kWriting:
    case State::kLingering:
      return Close(id);
  }
}

std::string_view EventLoop::Date() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t second = std::chrono::system_clock::to_time_t(now);
  if (second != date_second_) {
    date_second_ = second;
    date_ = HttpDate(now);
  }
  return date_;
}

}  // namespace gateway
