// SPDX-License-Identifier: MIT
// The logging façade. error: an operator must act; warn: degraded; info: state changes only; debug:
// per request. Secrets are never fields: base::Secret does not convert to one. Thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace imdsd::base {

enum class LogLevel { debug, info, warn, error };
enum class LogFormat { text, json };

/// One `key=value` of a record. Values are text; numbers convert.
struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
  LogField(std::string_view k, std::int64_t v) : key(k), value(std::to_string(v)) {}
  LogField(std::string_view k, int v) : key(k), value(std::to_string(v)) {}
  LogField(std::string_view k, unsigned v) : key(k), value(std::to_string(v)) {}
  LogField(std::string_view k, std::size_t v) : key(k), value(std::to_string(v)) {}
  std::string_view key;
  std::string value;
};

[[nodiscard]] Result<LogLevel> parse_log_level(std::string_view text);

/// Standard error, from now on with this level and format. Called by daemon/ at start and reload.
void configure_log(LogLevel level, LogFormat format);
/// True when a record of this level would be written: guards the making of expensive fields.
[[nodiscard]] bool log_enabled(LogLevel level) noexcept;
/// Control characters in `message` and fields are escaped: one record is one line.
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

inline void log_debug(std::string_view m, std::initializer_list<LogField> f = {}) {
  log(LogLevel::debug, m, f);
}
inline void log_info(std::string_view m, std::initializer_list<LogField> f = {}) {
  log(LogLevel::info, m, f);
}
inline void log_warn(std::string_view m, std::initializer_list<LogField> f = {}) {
  log(LogLevel::warn, m, f);
}
inline void log_error(std::string_view m, std::initializer_list<LogField> f = {}) {
  log(LogLevel::error, m, f);
}

}  // namespace imdsd::base
