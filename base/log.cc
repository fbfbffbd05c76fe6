// SPDX-License-Identifier: MIT
#include "base/log.h"

#include <atomic>
#include <memory>

#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/snapshot_cell.h"
#include "base/utf8.h"

namespace imdsd::base {
namespace {

// The pattern carries the time, the payload everything else: both change together.
struct Output {
  LogFormat format;
  std::shared_ptr<spdlog::logger> logger;
};

std::shared_ptr<const Output> make_output(LogFormat format) {
  const char* const pattern = format == LogFormat::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v})"
                                                        : "%Y-%m-%dT%H:%M:%S.%eZ %v";
  auto logger =
      std::make_shared<spdlog::logger>("imdsd", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
  logger->set_level(spdlog::level::trace);  // the level is decided before the record is built
  logger->flush_on(spdlog::level::info);
  return std::make_shared<const Output>(Output{format, std::move(logger)});
}

std::atomic<LogLevel> g_level{LogLevel::info};

// Never destroyed: threads may still log while the process exits.
SnapshotCell<Output>& output_cell() {
  static auto* const cell = new SnapshotCell<Output>(make_output(LogFormat::text));
  return *cell;
}

struct LevelName {
  LogLevel level;
  std::string_view name;
  spdlog::level::level_enum spdlog_level;
};
constexpr LevelName kLevels[] = {
    {LogLevel::debug, "debug", spdlog::level::debug},
    {LogLevel::info, "info", spdlog::level::info},
    {LogLevel::warn, "warn", spdlog::level::warn},
    {LogLevel::error, "error", spdlog::level::err},
};

void append_hex_escape(std::string& out, unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\x";
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

// C0, DEL, and C1 too: U+009B starts a terminal control sequence as ESC [ does.
bool is_control(std::string_view character) {
  const auto front = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return front < 0x20 || front == 0x7F;
  return front == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

void append_printable(std::string& out, std::string_view text, bool quoted) {
  while (!text.empty()) {
    const std::size_t length = utf8_front_length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    if (character == "\n") {
      out += "\\n";
    } else if (character == "\r") {
      out += "\\r";
    } else if (character == "\t") {
      out += "\\t";
    } else if (length == 0 || is_control(character)) {
      for (const char c : character) append_hex_escape(out, static_cast<unsigned char>(c));
    } else {
      if (quoted && (character == "\"" || character == "\\")) out += '\\';
      out += character;
    }
    text.remove_prefix(character.size());
  }
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '"' || c == '\\' || c == '=') return true;
  }
  return false;
}

using Fields = std::initializer_list<LogField>;

std::string text_payload(std::string_view level, std::string_view message, const Fields& fields) {
  std::string out(level);
  out.append(6 - level.size(), ' ');
  append_printable(out, message, false);
  for (const LogField& field : fields) {
    out += ' ';
    append_printable(out, field.key, false);
    out += '=';
    const bool quoted = needs_quotes(field.value);
    if (quoted) out += '"';
    append_printable(out, field.value, quoted);
    if (quoted) out += '"';
  }
  return out;
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_payload(std::string_view level, std::string_view message, const Fields& fields) {
  std::string out = "\"level\":" + json_string(level) + ",\"message\":" + json_string(message);
  for (const LogField& field : fields) {
    out += ',';
    out += json_string(field.key);
    out += ':';
    out += json_string(field.value);
  }
  return out;
}

}  // namespace

Result<LogLevel> parse_log_level(std::string_view text) {
  for (const LevelName& entry : kLevels) {
    if (entry.name == text) return entry.level;
  }
  return fail(Errc::invalid_argument,
              "`" + std::string(text) + "` is not a log level (debug, info, warn, error)");
}

void configure_log(LogLevel level, LogFormat format) {
  output_cell().store(make_output(format));
  g_level.store(level, std::memory_order_relaxed);
}

bool log_enabled(LogLevel level) noexcept {
  return level >= g_level.load(std::memory_order_relaxed);
}

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!log_enabled(level)) return;
  const LevelName& entry = kLevels[static_cast<std::size_t>(level)];
  const std::shared_ptr<const Output> output = output_cell().load();
  const std::string payload = output->format == LogFormat::json
                                  ? json_payload(entry.name, message, fields)
                                  : text_payload(entry.name, message, fields);
  output->logger->log(entry.spdlog_level, payload);
}

}  // namespace imdsd::base
