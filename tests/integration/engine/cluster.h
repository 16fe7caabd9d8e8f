#ifndef CERTIFIER_TESTS_INTEGRATION_ENGINE_CLUSTER_H
#define CERTIFIER_TESTS_INTEGRATION_ENGINE_CLUSTER_H

#include <optional>
#include <string>

#include "support/child.h"

namespace engine_test {

// Cluster is a PostgreSQL server of the test's own, on a socket in a temporary directory. One serves the whole program;
// each test has a database of its own in it.
class Cluster {
 public:
  static Cluster& Get();
  // Stops the server in an orderly way: one that is killed leaves its System V shared memory behind.
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // MakeDatabase returns the connection string of a new database, with the schema or empty.
  std::string MakeDatabase(bool is_migrated = true);
  // Stop breaks off every session, as a crash does; Start brings the server back and waits until it answers.
  void Stop();
  void Start();

 private:
  Cluster();
  std::string Connection(const std::string& database) const;
  bool IsAnswering() const;

  support::Directory directory_;
  std::optional<support::Child> server_;
  int databases_ = 0;
};

// Count is the value of "SELECT count(*) FROM table".
int Count(const std::string& connection, const std::string& table);
// Execute runs statements behind the product's back; Text is the first field of what a query finds.
void Execute(const std::string& connection, const std::string& sql);
std::string Text(const std::string& connection, const std::string& sql);

}  // namespace engine_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ENGINE_CLUSTER_H
