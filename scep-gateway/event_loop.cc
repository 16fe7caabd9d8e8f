#include "event_loop.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <exception>

#include "service/log.h"
#include "service/metrics.h"

namespace gateway {
namespace {

using State = Connection::State;

constexpr std::size_t kReadOctets = 64 << 10;
constexpr std::size_t kMaxDiscardedOctets = 1 << 20;
constexpr int kEventsAtOnce = 256;

void CountRefusal(int status) {
  service::CounterFor("certifier_http_refused_total", "Requests refused by the HTTP front, by status.",
                      {{"status", std::to_string(status)}})
      .Add();
}

}  // namespace

EventLoop::EventLoop(HttpLimits limits, const Mailbox::Listeners& listeners, std::shared_ptr<Mailbox> mailbox,
                     HttpHandler handler)
    : limits_(limits), mailbox_(std::move(mailbox)), handler_(std::move(handler)), scratch_(kReadOctets) {
  for (const auto& listener : listeners) listeners_.push_back({kListenerBit | next_id_++, listener, std::nullopt});
}

result::Result<void> EventLoop::Start() {
  epoll_ = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
  bool is_ready = epoll_.is_open() && Register(mailbox_->fd(), kMailboxId, EPOLLIN);
  for (const Served& served : listeners_) {
    is_ready = is_ready && Register(served.listener->fd(), served.id, EPOLLIN);
  }
  if (!is_ready) return result::Fail(result::Reason::kUnavailable, "no descriptor for epoll");
  return {};
}

void EventLoop::Run() {
  std::array<epoll_event, kEventsAtOnce> events{};
  now_ = std::chrono::steady_clock::now();
  while (!IsDone()) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsAtOnce, WaitMilliseconds());
    now_ = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      HandleEvent(events[static_cast<std::size_t>(i)].data.u64, events[static_cast<std::size_t>(i)].events);
    }
    DeliverAnswers();
    ExpireDeadlines();
    if (accepts_again_ && now_ >= *accepts_again_) ResumeAccepting();
    if (const auto listeners = mailbox_->TakeListeners()) Serve(*listeners);
    EndReplaced();
    if (mailbox_->is_draining() && !listeners_.empty()) BeginDrain();
  }
  connections_.clear();
  connection_count_ = 0;
}

bool EventLoop::IsDone() const {
  if (mailbox_->is_stopping()) return true;
  return mailbox_->is_draining() && listeners_.empty() && connections_.empty();
}

int EventLoop::WaitMilliseconds() const {
  std::optional<Deadlines::TimePoint> earliest = accepts_again_;
  for (const Deadlines* deadlines : {&busy_, &idle_}) {
    const auto first = deadlines->earliest();
    if (first && (!earliest || first->first < *earliest)) earliest = first->first;
  }
  for (const Served& served : listeners_) {
    if (served.ends && (!earliest || *served.ends < *earliest)) earliest = served.ends;
  }
  if (!earliest) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*earliest - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(wait.count(), 0, 60'000));
}

void EventLoop::HandleEvent(Id id, std::uint32_t events) {
  if (id == kMailboxId) return;  // Answers are delivered after every round.
  if ((id & kListenerBit) != 0) {
    const auto served =
        std::find_if(listeners_.begin(), listeners_.end(), [&](const auto& one) { return one.id == id; });
    if (served != listeners_.end()) AcceptFrom(*served);
    return;
  }
  const auto found = connections_.find(id);
  if (found != connections_.end()) HandleConnection(id, *found->second, events);
}

void EventLoop::HandleConnection(Id id, Connection& connection, std::uint32_t events) {
  const bool is_broken = (events & (EPOLLHUP | EPOLLERR)) != 0;
  switch (connection.state) {
    case State::kReading:
    case State::kLingering:
      return ReceiveFrom(id, connection);
    case State::kHandling:
      if (is_broken) return Close(id);
      // The next request, or the end of the client's side, waits until this one is answered.
      return Watch(id, connection, 0);
    case State::kWriting:
      if (is_broken) return Close(id);
      if (Flush(id, connection)) Advance(id, connection);
      return;
  }
}

void EventLoop::ReceiveFrom(Id id, Connection& connection) {
  switch (connection.Receive(scratch_.data(), scratch_.size())) {
    case Connection::Io::kGone:
      return Close(id);
    case Connection::Io::kBlocked:
      if (mailbox_->is_draining() && connection.state == State::kReading) AwaitMore(id, connection);
      return;
    case Connection::Io::kProgress:
      if (connection.discarded() > kMaxDiscardedOctets) return Close(id);
      return Advance(id, connection);
  }
}

void EventLoop::Advance(Id id, Connection& connection) {
  bool exists = true;
  while (exists && connection.state == State::kReading) {
    switch (connection.reader().Advance()) {
      case RequestReader::Progress::kNeedsMore:
        if (AwaitMore(id, connection)) return;
        exists = connections_.contains(id);
        break;
      case RequestReader::Progress::kRefused:
        exists = Refuse(id, connection, connection.reader().refusal());
        break;
      case RequestReader::Progress::kComplete:
        exists = Dispatch(id, connection);
        break;
    }
  }
}

// AwaitMore returns true when the connection waits for octets; else it was refused, or closed.
bool EventLoop::AwaitMore(Id id, Connection& connection) {
  const bool has_begun = connection.reader().has_begun();
  if (!has_begun && mailbox_->is_draining()) {
    Close(id);
    return false;
  }
  if (!Charge(connection, connection.reader().held())) {
    Refuse(id, connection, 503);
    return false;
  }
  if (connection.reader().TakeContinue()) {
    connection.Queue("HTTP/1.1 100 Continue\r\n\r\n");
    // So few octets always fit behind an answer that was sent whole, unless the peer is gone.
    if (connection.Send() != Connection::Io::kProgress) {
      Close(id);
      return false;
    }
  }
  if (!has_begun) {
    busy_.Clear(id);
    if (!idle_.Has(id)) idle_.Set(id, now_ + limits_.idle_timeout);
  } else if (idle_.Has(id) || !busy_.Has(id)) {
    idle_.Clear(id);
    busy_.Set(id, now_ + limits_.request_deadline);
  }
  Watch(id, connection, EPOLLIN);
  return true;
}

bool EventLoop::Dispatch(Id id, Connection& connection) {
  connection.closes = connection.reader().head().wants_close;
  connection.omits_body = connection.reader().head().method == "HEAD";
  if (!Charge(connection, connection.reader().held())) return Refuse(id, connection, 503);
  HttpRequest request = connection.reader().Take();
  request.peer = connection.peer();
  if (in_flight_ >= limits_.max_in_flight) {
    CountRefusal(503);
    return Answer(id, connection, StatusResponse(503));
  }
  ++in_flight_;
  connection.state = State::kHandling;
  idle_.Clear(id);
  busy_.Set(id, now_ + limits_.handling_deadline);
  CallHandler(id, std::move(request));
  return true;
}

void EventLoop::CallHandler(Id id, HttpRequest request) {
  try {
    handler_(std::move(request), [mailbox = mailbox_, id](HttpResponse response) {
      mailbox->Post({.connection = id, .response = std::move(response)});
    });
  } catch (const std::exception& e) {
    service::LogError("http_handler_failed", {{"reason", std::string_view(e.what())}});
    mailbox_->Post({.connection = id, .response = StatusResponse(500)});
  }
}

void EventLoop::DeliverAnswers() {
  for (const Mailbox::Answer& answer : mailbox_->Take()) {
    --in_flight_;
    const auto found = connections_.find(answer.connection);
    if (found == connections_.end() || found->second->state != State::kHandling) continue;
    if (Answer(answer.connection, *found->second, answer.response)) Advance(answer.connection, *found->second);
  }
}

bool EventLoop::Refuse(Id id, Connection& connection, int status) {
  CountRefusal(status);
  connection.closes = connection.was_refused = true;
  connection.reader().Abandon();
  Charge(connection, 0);
  return Answer(id, connection, StatusResponse(status));
}

bool EventLoop::Answer(Id id, Connection& connection, const HttpResponse& response) {
  // Whoever came by a listener that is gone shall find the way to the one that took its place.
  if (mailbox_->is_draining() || !IsServed(connection.listener)) connection.closes = true;
  connection.Queue(WriteResponse(response, {.closes = connection.closes, .omits_body = connection.omits_body}, Date()));
  if (response.shared_body && !connection.omits_body) connection.QueueShared(response.shared_body);
  connection.state = State::kWriting;
  idle_.Clear(id);
  busy_.Set(id, now_ + limits_.write_deadline);
  return Flush(id, connection);
}

bool EventLoop::Flush(Id id, Connection& connection) {
  switch (connection.Send()) {
    case Connection::Io::kGone:
      Close(id);
      return false;
    case Connection::Io::kBlocked:
      Watch(id, connection, EPOLLOUT);
      return true;
    case Connection::Io::kProgress:
      return Finish(id, connection);
  }
  return false;
}

bool EventLoop::Finish(Id id, Connection& connection) {
  busy_.Clear(id);
  connection.omits_body = false;
  if (!connection.closes) {
    connection.state = State::kReading;
    return true;
  }
  if (!connection.was_refused && !connection.reader().has_begun()) {
    Close(id);
    return false;
  }
  connection.Linger();
  busy_.Set(id, now_ + limits_.linger_deadline);
  Watch(id, connection, EPOLLIN);
  return true;
}

void EventLoop::Close(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  buffered_ -= found->second->charged;
  busy_.Clear(id);
  idle_.Clear(id);
  connections_.erase(found);
  connection_count_ = connections_.size();
}

bool EventLoop::Charge(Connection& connection, std::size_t octets) {
  buffered_ = buffered_ - connection.charged + octets;
  connection.charged = octets;
  return buffered_ <= limits_.max_buffered_octets;
}

}  // namespace gateway
