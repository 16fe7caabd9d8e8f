#include "store/postgres/session.h"

#include <cstring>

#include "store/postgres/arrays.h"

namespace engine::store {

namespace {

using result::Fail;
using result::Reason;

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

// Every lookup is by a unique index. Before the first ANALYZE, and for the few rows that it expects of an array, the
// planner would scan and hash whole tables; and a batch is far too small to be compiled.
constexpr const char* kSessionSettings =
    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off; "
    "SET enable_bitmapscan = off; SET enable_material = off; "
    "SET plan_cache_mode = force_generic_plan; SET synchronous_commit = on";

// What refuse_changed_activity() raises.
constexpr const char* kChangedState = "ZF001";

// Classes 08 (connection), 53 (resources), 57 (operator intervention, but for a cancelled statement's own time-out).
bool IsAway(const char* state) {
  return std::strncmp(state, "08", 2) == 0 || std::strncmp(state, "53", 2) == 0 || std::strncmp(state, "57", 2) == 0 ||
         std::strcmp(state, "55P03") == 0 || std::strcmp(state, "40P01") == 0 || std::strcmp(state, "25006") == 0;
}

}  // namespace

std::int64_t Rows::integer(int row, int column) const {
  return IntegerFromBinary(octets(row, column));
}

TimePoint Rows::time(int row, int column) const {
  return TimeFromBinary(octets(row, column));
}

result::Result<std::unique_ptr<Session>> Session::Open(const PostgresSettings& settings,
                                                       const std::vector<Statement>& statements) {
  ASSIGN_OR_RETURN(const std::string connection, settings.ConnectionString());
  std::unique_ptr<Session> session(new Session(PQconnectdb(connection.c_str())));
  if (session->is_broken()) return Fail(Reason::kUnavailable, "cannot connect to the database");
  const ResultPtr set(PQexec(session->connection_.get(), kSessionSettings));
  if (PQresultStatus(set.get()) != PGRES_COMMAND_OK) return session->Failure(set.get());
  for (const Statement& statement : statements) {
    const ResultPtr prepared(PQprepare(session->connection_.get(), statement.name, statement.sql, 0, nullptr));
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return session->Failure(prepared.get());
  }
  return session;
}

tl::unexpected<result::Error> Session::Failure(const PGresult* result) {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (state == nullptr || PQstatus(connection_.get()) != CONNECTION_OK) {
    is_broken_ = true;
    return Fail(Reason::kUnavailable, "the connection to the database was lost");
  }
  if (std::strcmp(state, kChangedState) == 0) return Fail(Reason::kConflict, "what was judged has changed");
  const std::string detail = std::string("database: ") + state;
  return Fail(IsAway(state) ? Reason::kUnavailable : Reason::kInternal, detail);
}

bool Session::Send(const char* statement, const Parameters& parameters) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  const std::vector<int> formats(parameters.size(), 1);
  for (const std::string& parameter : parameters) {
    values.push_back(parameter.data());
    lengths.push_back(static_cast<int>(parameter.size()));
  }
  return PQsendQueryPrepared(connection_.get(), statement, static_cast<int>(parameters.size()), values.data(),
                             lengths.data(), formats.data(), 1) == 1;
}

result::Result<Rows> Session::Run(const char* statement, const Parameters& parameters) {
  if (!Send(statement, parameters)) return Failure(nullptr);
  ResultPtr last;
  while (PGresult* result = PQgetResult(connection_.get())) last.reset(result);
  if (PQresultStatus(last.get()) != PGRES_TUPLES_OK) return Failure(last.get());
  return Rows(last.release());
}

result::Result<Rows> Session::Transact(const std::vector<Step>& steps) {
  PGconn* const connection = connection_.get();
  const auto send = [&](const char* sql) {
    return PQsendQueryParams(connection, sql, 0, nullptr, nullptr, nullptr, nullptr, 1) == 1;
  };
  bool is_sent = PQenterPipelineMode(connection) == 1 && send("BEGIN");
  for (const Step& step : steps) is_sent = is_sent && Send(step.statement, step.parameters);
  is_sent = is_sent && send("COMMIT") && PQpipelineSync(connection) == 1;
  if (!is_sent) return Failure(nullptr);

  ResultPtr rows;
  ResultPtr failure;
  bool is_committed = false;
  bool is_synchronised = false;
  bool was_null = false;
  // Each command's results end with a null; the last command of all is the synchronisation point. Two nulls in a row
  // mean that nothing will come any more: a server that shut down while the session was idle leaves it so, with
  // CONNECTION_OK for ever.
  while (!is_synchronised) {
    ResultPtr result(PQgetResult(connection));
    if (!result) {
      if (was_null || PQstatus(connection) != CONNECTION_OK) {
        is_broken_ = true;
        return Failure(nullptr);
      }
      was_null = true;
      continue;
    }
    was_null = false;
    const ExecStatusType status = PQresultStatus(result.get());
    is_synchronised = status == PGRES_PIPELINE_SYNC;
    if (status == PGRES_TUPLES_OK)
      rows = std::move(result);
    else if (status == PGRES_COMMAND_OK)
      is_committed = std::strcmp(PQcmdStatus(result.get()), "COMMIT") == 0;
    else if (status == PGRES_FATAL_ERROR && !failure)
      failure = std::move(result);
  }
  if (PQexitPipelineMode(connection) != 1) is_broken_ = true;
  if (is_committed && rows && !failure) return Rows(rows.release());
  if (!is_broken_ && PQtransactionStatus(connection) != PQTRANS_IDLE) {
    // The failed command left BEGIN's transaction open: COMMIT was skipped with all that followed it.
    const ResultPtr rolled_back(PQexec(connection, "ROLLBACK"));
    if (PQresultStatus(rolled_back.get()) != PGRES_COMMAND_OK) is_broken_ = true;
  }
  return Failure(failure.get());
}

}  // namespace engine::store
