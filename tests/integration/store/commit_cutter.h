#ifndef CERTIFIER_TESTS_INTEGRATION_STORE_COMMIT_CUTTER_H
#define CERTIFIER_TESTS_INTEGRATION_STORE_COMMIT_CUTTER_H

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/child.h"

namespace store_test {

// CommitCutter stands between a client and PostgreSQL. Once armed it waits for the next COMMIT that the server confirms
// and cuts that connection instead of passing the confirmation on: the client cannot know what became of its commit.
class CommitCutter {
 public:
  // `server` is the path of PostgreSQL's socket.
  explicit CommitCutter(std::string server);
  ~CommitCutter();
  CommitCutter(const CommitCutter&) = delete;
  CommitCutter& operator=(const CommitCutter&) = delete;

  // What libpq calls the host.
  std::string host() const { return directory_.path(); }
  void Arm() { is_armed_ = true; }
  bool has_cut() const { return !is_armed_; }

 private:
  struct Pair {
    int client, server;
  };
  void Work();
  void Accept();
  // Passes on what is readable; false if the connection ended or was cut.
  bool Pass(const Pair& pair, bool is_from_server);

  const std::string server_;
  const support::Directory directory_;
  std::atomic<bool> is_armed_{false};
  int wake_up_;  // An eventfd, readable from the moment of stopping.
  int listener_;
  std::vector<Pair> pairs_;
  std::thread thread_;
};

}  // namespace store_test

#endif  // CERTIFIER_TESTS_INTEGRATION_STORE_COMMIT_CUTTER_H
