#ifndef CERTIFIER_TESTS_INTEGRATION_STORE_POSTGRES_PROXY_H
#define CERTIFIER_TESTS_INTEGRATION_STORE_POSTGRES_PROXY_H

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "store/postgres/settings.h"
#include "support/child.h"

namespace store_test {

// RoundTripCounter finds the ends of round trips in what a PostgreSQL server says on one connection: the server says
// ReadyForQuery once for each time that it was waited for.
class RoundTripCounter {
 public:
  // Read takes what came next, wherever it was cut, and returns how many round trips ended in it.
  std::size_t Read(std::string_view octets);

 private:
  std::string header_;       // Of the message that is coming: its type and its length, 5 octets.
  std::size_t to_skip_ = 0;  // Of the rest of that message.
};

// PostgresProxy stands between clients and PostgreSQL, counts their round trips, and can lose a confirmation. Once
// armed it waits for the next COMMIT that the server confirms and cuts that connection instead of passing the
// confirmation on: the client cannot know what became of its commit.
class PostgresProxy {
 public:
  // `connection` is how the server is reached itself: "host=DIRECTORY user=...".
  explicit PostgresProxy(const std::string& connection);
  ~PostgresProxy();
  PostgresProxy(const PostgresProxy&) = delete;
  PostgresProxy& operator=(const PostgresProxy&) = delete;

  // Settings of a store that reaches the server through here.
  engine::store::PostgresSettings Settings() const;
  // Round trips of all clients so far; one that was answered is counted.
  std::size_t round_trips() const { return round_trips_; }
  void Arm() { is_armed_ = true; }
  bool has_cut() const { return !is_armed_; }

 private:
  struct Pair {
    int client, server;
    RoundTripCounter counter;
  };
  void Work();
  void Accept();
  // Passes on what is readable; false if the connection ended or was cut.
  bool Pass(Pair& pair, bool is_from_server);

  const std::string connection_;
  const support::Directory directory_;
  std::atomic<bool> is_armed_{false};
  std::atomic<std::size_t> round_trips_ = 0;
  int wake_up_;  // An eventfd, readable from the moment of stopping.
  int listener_;
  std::vector<Pair> pairs_;
  std::thread thread_;
};

}  // namespace store_test

#endif  // CERTIFIER_TESTS_INTEGRATION_STORE_POSTGRES_PROXY_H
