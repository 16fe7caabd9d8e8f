#include "cluster.h"

#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <pqxx/pqxx>
#include <stdexcept>

#include "database.h"

#ifdef __SANITIZE_ADDRESS__
// libpqxx 6.4 forgets one result of a connection that is lost under it.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libpqxx-6";
}
#endif

namespace engine_test {

namespace {

constexpr char kTemplate[] = "migrated";

// PostgreSQL refuses to run as root; and it must not outlive the test.
std::vector<std::string> AsServer(const std::vector<std::string>& command) {
  std::vector<std::string> words = {SETPRIV, "--pdeathsig", "QUIT"};
  if (geteuid() == 0) words.insert(words.end(), {"--reuid=postgres", "--regid=postgres", "--clear-groups"});
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

void GiveToServer(const std::filesystem::path& directory) {
  if (geteuid() != 0) return;
  const passwd* const user = getpwnam("postgres");
  if (user == nullptr || chown(directory.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::runtime_error("cannot give " + directory.string() + " to the user postgres");
  }
}

}  // namespace

Cluster& Cluster::Get() {
  static Cluster cluster;
  return cluster;
}

Cluster::Cluster() {
  GiveToServer(directory_.path());
  const auto data = directory_.path() / "data";
  support::Child initdb(directory_.path(), AsServer({POSTGRES_BIN "/initdb", "-D", data, "-U", "certifier",
                                                     "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"}));
  if (initdb.Wait() != 0) throw std::runtime_error("initdb: " + initdb.err());
  Start();
  Execute(Connection("postgres"), std::string("CREATE DATABASE ") + kTemplate);
  const auto migrated = engine::Database::Migrate({.connection = Connection(kTemplate), .password_file = {}});
  if (!migrated) throw std::runtime_error("migrate: " + migrated.error().detail);
}

Cluster::~Cluster() {
  Stop();
}

std::string Cluster::MakeDatabase(bool is_migrated) {
  const std::string name = "test" + std::to_string(++databases_);
  const std::string origin = is_migrated ? kTemplate : "template0";
  Execute(Connection("postgres"), "CREATE DATABASE " + name + " TEMPLATE " + origin);
  return Connection(name);
}

void Cluster::Stop() {
  // What came before is safe, so that coming back takes no longer than the last test's work.
  Execute(Connection("postgres"), "CHECKPOINT");
  server_->Signal(SIGQUIT);
  server_->Wait();
}

void Cluster::Start() {
  const std::string home = directory_.path();
  server_.emplace(home, AsServer({POSTGRES_BIN "/postgres", "-D", home + "/data", "-k", home, "-c",
                                  "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200"}));
  if (!support::Eventually([this] { return IsAnswering(); })) throw std::runtime_error("postgres: " + server_->err());
}

std::string Cluster::Connection(const std::string& database) const {
  return "host=" + directory_.path().string() + " user=certifier dbname=" + database;
}

bool Cluster::IsAnswering() const {
  try {
    return pqxx::connection(Connection("postgres")).is_open();
  } catch (const pqxx::broken_connection&) {
    return false;
  }
}

int Count(const std::string& connection, const std::string& table) {
  return std::stoi(Text(connection, "SELECT count(*) FROM " + table));
}

void Execute(const std::string& connection, const std::string& sql) {
  pqxx::connection session(connection);
  pqxx::nontransaction(session).exec(sql);
}

std::string Text(const std::string& connection, const std::string& sql) {
  pqxx::connection session(connection);
  return pqxx::nontransaction(session).exec(sql).at(0).at(0).as<std::string>();
}

}  // namespace engine_test
