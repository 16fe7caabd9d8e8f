#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_SESSION_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_SESSION_H

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/postgres/settings.h"
#include "store/types.h"

namespace engine::store {

// Rows is a result in binary format.
class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result) {}
  int size() const { return PQntuples(result_.get()); }
  bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  std::string_view octets(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
  }
  std::string text(int row, int column) const { return std::string(octets(row, column)); }
  std::int64_t integer(int row, int column) const;
  TimePoint time(int row, int column) const;

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

// Statement is a named query, prepared when a session opens.
struct Statement {
  const char* name;
  const char* sql;
};

// Session is one connection of enrolment's hot path, on libpq: binary parameters and pipelines, which libpqxx 6 has
// not. Used by one thread. A session that failed is thrown away by its owner; nothing reconnects behind its back.
class Session {
 public:
  // Open connects and prepares. Unavailable if it cannot.
  static result::Result<std::unique_ptr<Session>> Open(const PostgresSettings& settings,
                                                       const std::vector<Statement>& statements);

  using Parameters = std::vector<std::string>;  // Each in binary.

  // Run executes one statement by itself. Unavailable if the connection is lost or the server stops; conflict where
  // what was judged has changed (activity.h); internal otherwise.
  result::Result<Rows> Run(const char* statement, const Parameters& parameters);

  struct Step {
    const char* statement;
    Parameters parameters;
  };
  // Transact executes the steps in one transaction and one round trip and returns the last one's rows after the commit.
  // Any failure rolls all of it back, except for a connection lost while committing, when nobody knows: unavailable.
  result::Result<Rows> Transact(const std::vector<Step>& steps);

  bool is_broken() const { return is_broken_ || PQstatus(connection_.get()) != CONNECTION_OK; }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  explicit Session(PGconn* connection) : connection_(connection) {}
  bool Send(const char* statement, const Parameters& parameters);
  tl::unexpected<result::Error> Failure(const PGresult* result);

  std::unique_ptr<PGconn, Finish> connection_;
  bool is_broken_ = false;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_SESSION_H
