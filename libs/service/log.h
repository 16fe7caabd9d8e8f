#ifndef CERTIFIER_SERVICE_LOG_H
#define CERTIFIER_SERVICE_LOG_H

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace service {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Field is one key and value of a log line. Keys are snake_case constants; text is escaped for JSON and cut at 1 KiB,
// a real number is rounded to a thousandth.
struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

// StartLog names the service in every line and sets the lowest level that is written ("debug", "info", "warning",
// "error"). Lines go to standard error, one JSON object each: time, level, service, event, then the fields. Before
// StartLog the level is info and the service "certifier".
void StartLog(std::string_view service, std::string_view level);

// Log writes one line. `event` is a constant that deploy/runbook.md explains. Safe from any thread.
void Log(LogLevel level, std::string_view event, std::initializer_list<Field> fields);

inline void LogInfo(std::string_view event, std::initializer_list<Field> fields) {
  Log(LogLevel::kInfo, event, fields);
}
inline void LogWarning(std::string_view event, std::initializer_list<Field> fields) {
  Log(LogLevel::kWarning, event, fields);
}
inline void LogError(std::string_view event, std::initializer_list<Field> fields) {
  Log(LogLevel::kError, event, fields);
}

// FlushLog writes what is buffered; called last on the way out.
void FlushLog();

}  // namespace service

#endif  // CERTIFIER_SERVICE_LOG_H
