#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_QUERY_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_QUERY_H

namespace engine::store {

// Query is SQL by the name under which each connection of the pool prepares it.
struct Query {
  const char* name;
  const char* sql;
};

// Tells every engine's DirectoryWatcher, when the transaction commits.
inline constexpr const char* kNotify = "NOTIFY certifier_directory";

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_QUERY_H
