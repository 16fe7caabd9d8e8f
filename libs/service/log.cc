#include "service/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>

namespace service {

namespace {

constexpr std::size_t kMaxValue = 1024;

// Logger is the process's one sink; spdlog serialises its lines.
struct Logger {
  std::shared_ptr<spdlog::logger> sink =
      std::make_shared<spdlog::logger>("certifier", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  std::string service = "certifier";

  Logger() {
    sink->set_pattern("%v");
    sink->set_level(spdlog::level::info);
    sink->flush_on(spdlog::level::info);
  }
};

Logger& TheLogger() {
  static Logger logger;
  return logger;
}

spdlog::level::level_enum LevelOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// Length of the UTF-8 sequence at the front of `text`, 0 if it is none (RFC 3629 section 4).
std::size_t SequenceLength(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; i++) {
    if (!IsContinuation(text[i])) return 0;
  }
  if (length < 3) return length;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool is_no_character = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  return is_overlong || is_no_character ? 0 : length;
}

// At most kMaxValue octets of `text`, not ending within a character.
std::string_view Cut(std::string_view text) {
  if (text.size() <= kMaxValue) return text;
  std::size_t end = kMaxValue;
  while (end > kMaxValue - 4 && IsContinuation(text[end])) end--;
  return text.substr(0, end);
}

void AppendEscaped(std::string& line, char c) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  const auto octet = static_cast<unsigned char>(c);
  line += "\\u00";
  line += kDigits[octet >> 4];
  line += kDigits[octet & 15];
}

void AppendText(std::string& line, std::string_view text) {
  text = Cut(text);
  line += '"';
  while (!text.empty()) {
    const char c = text[0];
    const std::size_t length = SequenceLength(text);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (length == 0 || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      AppendEscaped(line, c);
    } else if (c == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0) {
      AppendEscaped(line, text[1]);  // U+0080 to U+009F, which steer terminals.
    } else {
      line += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  line += '"';
}

template <class Number>
void AppendNumber(std::string& line, Number number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  line.append(digits.data(), end);
}

struct AppendValue {
  std::string& line;
  void operator()(std::string_view text) const { AppendText(line, text); }
  void operator()(std::int64_t number) const { AppendNumber(line, number); }
  void operator()(double number) const {
    if (!std::isfinite(number)) {
      line += "null";
      return;
    }
    // To a thousandth: a duration in milliseconds has no more to say.
    AppendNumber(line, std::abs(number) < 1e12 ? std::round(number * 1e3) / 1e3 : number);
  }
  void operator()(bool value) const { line += value ? "true" : "false"; }
};

// "2026-11-24T02:10:00.123Z".
std::string Now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, milliseconds);
}

}  // namespace

void StartLog(std::string_view service, std::string_view level) {
  Logger& logger = TheLogger();
  logger.service = service;
  for (const LogLevel candidate : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (NameOf(candidate) == level) logger.sink->set_level(LevelOf(candidate));
  }
}

void Log(LogLevel level, std::string_view event, std::initializer_list<Field> fields) {
  const Logger& logger = TheLogger();
  if (!logger.sink->should_log(LevelOf(level))) return;
  std::string line = "{\"time\":\"" + Now() + "\",\"level\":\"" + std::string(NameOf(level)) + "\",\"service\":";
  AppendText(line, logger.service);
  line += ",\"event\":";
  AppendText(line, event);
  for (const Field& field : fields) {
    line += ",\"";
    line += field.key;
    line += "\":";
    std::visit(AppendValue{line}, field.value);
  }
  line += '}';
  logger.sink->log(LevelOf(level), spdlog::string_view_t(line));
}

void FlushLog() {
  TheLogger().sink->flush();
}

}  // namespace service
