#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_CONNECTION_POOL_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_CONNECTION_POOL_H

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <pqxx/pqxx>
#include <vector>

#include "store/postgres/settings.h"

namespace engine::store {

// ConnectionPool lends at most settings.connections libpqxx connections, one borrower each. Safe from any thread.
class ConnectionPool {
 public:
  explicit ConnectionPool(const PostgresSettings& settings) : settings_(settings) {}

  // Lease is a borrowed connection; it goes back when the lease ends, unless Discard was called or it is too old.
  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<pqxx::connection> connection,
          std::chrono::steady_clock::time_point opened);
    Lease(Lease&&) = default;
    // The same place in the pool with a connection in it.
    Lease(Lease&& place, std::unique_ptr<pqxx::connection> connection)
        : pool_(std::move(place.pool_)), connection_(std::move(connection)), opened_(place.opened_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    pqxx::connection& operator*() { return *connection_; }
    // Discard closes the connection instead of giving it back: libpqxx 6 would reconnect a broken one in silence.
    void Discard() { connection_.reset(); }
    // DiscardAll closes the idle ones too, which the same outage broke: one call notices it, not one for each.
    void DiscardAll();

   private:
    struct Return {
      void operator()(ConnectionPool* pool) const { pool->ReturnPlace(); }
    };
    std::unique_ptr<ConnectionPool, Return> pool_;
    std::unique_ptr<pqxx::connection> connection_;
    std::chrono::steady_clock::time_point opened_;
  };

  // Acquire waits at most settings.acquire_timeout. Unavailable if none came free or none can be opened.
  result::Result<Lease> Acquire();

 private:
  struct Idle {
    std::unique_ptr<pqxx::connection> connection;
    std::chrono::steady_clock::time_point opened;
  };
  void Keep(Idle idle);
  void CloseIdle();
  void ReturnPlace();

  const PostgresSettings settings_;
  std::mutex mutex_;  // Guards the two below.
  std::vector<Idle> idle_;
  std::uint64_t lent_ = 0;
  std::condition_variable returned_;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_CONNECTION_POOL_H
