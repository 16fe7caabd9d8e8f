#ifndef CERTIFIER_SCEP_GATEWAY_EVENT_LOOP_H
#define CERTIFIER_SCEP_GATEWAY_EVENT_LOOP_H

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "connection.h"
#include "deadlines.h"
#include "http_limits.h"
#include "listener.h"
#include "mailbox.h"

namespace gateway {

// EventLoop serves all connections of the HTTP server from one thread, level-triggered. A slow or silent client costs
// its descriptor and its octets, never a thread. All but the gauges is confined to the thread in Run.
class EventLoop {
 public:
  EventLoop(HttpLimits limits, const Mailbox::Listeners& listeners, std::shared_ptr<Mailbox> mailbox,
            HttpHandler handler);

  // Start makes the epoll set; unavailable if the process is out of descriptors.
  result::Result<void> Start();
  // Run returns after Mailbox::Stop, or after Mailbox::Drain once the last connection is gone.
  void Run();

  // Gauges, from any thread.
  std::size_t connections() const { return connection_count_; }
  std::size_t in_flight() const { return in_flight_; }

 private:
  using Id = std::uint64_t;
  // Identities in the epoll set: the mailbox, and listeners, which have the highest bit, and connections, whose numbers
  // are never used twice.
  static constexpr Id kMailboxId = 0, kListenerBit = Id{1} << 63;

  // Served is a listener that is registered.
  struct Served {
    Id id;
    std::shared_ptr<const Listener> listener;
    // Set for one that was replaced: until then it takes whom the kernel has let in, and refuses who comes new.
    std::optional<Deadlines::TimePoint> ends;
  };

  bool Register(int fd, Id id, std::uint32_t interest) const;
  void Watch(Id id, Connection& connection, std::uint32_t interest) const;
  int WaitMilliseconds() const;
  bool IsDone() const;

  // Connections coming.
  void AcceptFrom(const Served& served);
  void Admit(Listener::Accepted accepted, Id listener);
  void TurnAway(Listener::Accepted accepted);
  bool MakeRoom();
  void PauseAccepting();
  void ResumeAccepting();
  void BeginDrain();
  // Serve replaces the listeners; those that stay are not touched.
  void Serve(const Mailbox::Listeners& listeners);
  void EndReplaced();
  void TakeAllFrom(const Served& served);
  bool IsServed(Id listener) const;

  // Connections moving. Those that return bool say whether the connection still exists.
  void HandleEvent(Id id, std::uint32_t events);
  void HandleConnection(Id id, Connection& connection, std::uint32_t events);
  void ReceiveFrom(Id id, Connection& connection);
  void Advance(Id id, Connection& connection);
  bool AwaitMore(Id id, Connection& connection);
  bool Dispatch(Id id, Connection& connection);
  void CallHandler(Id id, HttpRequest request);
  bool Answer(Id id, Connection& connection, const HttpResponse& response);
  bool Refuse(Id id, Connection& connection, int status);
  bool Flush(Id id, Connection& connection);
  bool Finish(Id id, Connection& connection);
  void Close(Id id);
  void DeliverAnswers();
  void ExpireDeadlines();
  void Expire(Id id, Connection& connection);
  bool Charge(Connection& connection, std::size_t octets);
  std::string_view Date();

  const HttpLimits limits_;
  std::vector<Served> listeners_;
  const std::shared_ptr<Mailbox> mailbox_;
  const HttpHandler handler_;
  FileDescriptor epoll_;
  std::unordered_map<Id, std::unique_ptr<Connection>> connections_;
  Id next_id_ = kMailboxId + 1;
  Deadlines busy_, idle_;  // A connection is in one of them; idle ones may be closed to make room.
  Deadlines::TimePoint now_;
  std::optional<Deadlines::TimePoint> accepts_again_;  // Set while accepting is paused.
  std::size_t buffered_ = 0;
  std::vector<char> scratch_;
  std::time_t date_second_ = 0;
  std::string date_;
  std::atomic<std::size_t> connection_count_ = 0, in_flight_ = 0;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_EVENT_LOOP_H
