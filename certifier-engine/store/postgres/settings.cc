#include "store/postgres/settings.h"

#include <fstream>

namespace engine::store {

namespace {

// A value in a libpq connection string.
std::string Quoted(const std::string& value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace

result::Result<std::string> PostgresSettings::ConnectionString() const {
  std::string text =
      connection + " connect_timeout=" + std::to_string(connect_timeout.count()) +
      " keepalives_idle=30 tcp_user_timeout=5000 application_name=certifier-engine client_encoding=UTF8" +
      " options='-c statement_timeout=" + std::to_string(statement_timeout.count()) +
      " -c lock_timeout=" + std::to_string(lock_timeout.count()) +
      " -c idle_in_transaction_session_timeout=10000 -c timezone=UTC'";
  if (password_file.empty()) return text;
  std::ifstream file(password_file);
  std::string password;
  if (!std::getline(file, password)) {
    return result::Fail(result::Reason::kUnavailable, "cannot read the database password from " + password_file);
  }
  return text + " password=" + Quoted(password);
}

}  // namespace engine::store
