#ifndef CERTIFIER_ENGINE_STORE_POSTGRES_WORK_H
#define CERTIFIER_ENGINE_STORE_POSTGRES_WORK_H

#include <exception>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <type_traits>

namespace engine::store {

// NulInText is thrown for a text parameter that holds a NUL octet, and Guarded makes it kMalformed: libpqxx 6 would cut
// the text there without a word, so that the statement is about something else than the caller named.
class NulInText : public std::exception {
 public:
  const char* what() const noexcept override { return "a text holds a NUL octet"; }
};

// CheckText throws NulInText.
inline void CheckText(const std::string& text) {
  if (text.find('\0') != std::string::npos) throw NulInText();
}

// Work is a transaction whose statements are given no text that would be cut.
class Work : public pqxx::work {
 public:
  explicit Work(pqxx::connection& connection) : namedclass("transaction"), pqxx::work(connection) {}

  template <class... Arguments>
  pqxx::result exec_prepared(const char* statement, Arguments&&... arguments) {
    (Check(arguments), ...);
    return pqxx::work::exec_prepared(statement, std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  pqxx::result exec_prepared0(const char* statement, Arguments&&... arguments) {
    (Check(arguments), ...);
    return pqxx::work::exec_prepared0(statement, std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  pqxx::row exec_prepared1(const char* statement, Arguments&&... arguments) {
    (Check(arguments), ...);
    return pqxx::work::exec_prepared1(statement, std::forward<Arguments>(arguments)...);
  }

 private:
  template <class Argument>
  static void Check(const Argument& argument) {
    if constexpr (std::is_same_v<Argument, std::string>) CheckText(argument);
    if constexpr (std::is_same_v<Argument, std::optional<std::string>>) {
      if (argument) CheckText(*argument);
    }
  }
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_POSTGRES_WORK_H
