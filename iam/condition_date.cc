// SPDX-License-Identifier: MIT
#include "iam/condition_date.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace imdsd::iam {
namespace {

/// Reads a date from the front to the back; a step that fails makes all later ones fail.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] std::optional<int> digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) return std::nullopt;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  /// The digits behind a decimal point, as microseconds; what is finer is dropped.
  [[nodiscard]] std::optional<std::chrono::microseconds> fraction() {
    std::int64_t micros = 0;
    std::int64_t unit = 100'000;
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
      micros += (rest_[count] - '0') * unit;
      unit /= 10;
      ++count;
    }
    if (count == 0) return std::nullopt;
    rest_.remove_prefix(count);
    return std::chrono::microseconds(micros);
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// Z, or the offset from UTC.
std::optional<std::chrono::minutes> read_zone(Reader& reader) {
  if (reader.take('Z')) return std::chrono::minutes(0);
  const bool east = reader.take('+');
  if (!east && !reader.take('-')) return std::nullopt;
  const auto hours = reader.digits(2);
  if (!hours || *hours > 23 || !reader.take(':')) return std::nullopt;
  const auto minutes = reader.digits(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return east ? offset : -offset;
}

/// hh:mm[:ss[.fraction]] and the zone.
std::optional<std::chrono::microseconds> read_time(Reader& reader) {
  const auto hours = reader.digits(2);
  if (!hours || *hours > 23 || !reader.take(':')) return std::nullopt;
  const auto minutes = reader.digits(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  std::chrono::microseconds time = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  if (reader.take(':')) {
    const auto seconds = reader.digits(2);
    if (!seconds || *seconds > 59) return std::nullopt;
    time += std::chrono::seconds(*seconds);
    if (reader.take('.')) {
      const auto fraction = reader.fraction();
      if (!fraction) return std::nullopt;
      time += *fraction;
    }
  }
  const auto zone = read_zone(reader);
  if (!zone) return std::nullopt;
  return time - *zone;
}

std::optional<base::SystemTime> read_w3c(std::string_view text) {
  Reader reader(text);
  const auto year = reader.digits(4);
  int month = 1;
  int day = 1;
  std::chrono::microseconds time{0};
  if (!year) return std::nullopt;
  if (!reader.at_end()) {
    if (!reader.take('-')) return std::nullopt;
    const auto read = reader.digits(2);
    if (!read) return std::nullopt;
    month = *read;
    if (!reader.at_end()) {
      if (!reader.take('-')) return std::nullopt;
      const auto read_day = reader.digits(2);
      if (!read_day) return std::nullopt;
      day = *read_day;
      if (reader.take('T')) {
        const auto read_clock = read_time(reader);
        if (!read_clock) return std::nullopt;
        time = *read_clock;
      }
    }
  }
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!reader.at_end() || !date.ok()) return std::nullopt;
  return base::SystemTime(std::chrono::sys_days(date).time_since_epoch() + time);
}

std::optional<base::SystemTime> read_epoch(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  // Twelve digits of seconds reach the year 33658: no overflow in microseconds.
  const std::size_t whole = std::min(text.find('.'), text.size());
  if (whole == 0 || whole > 12) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + whole, seconds);
  if (error != std::errc{} || end != text.data() + whole || seconds < 0) return std::nullopt;
  std::chrono::microseconds time = std::chrono::seconds(seconds);
  if (whole < text.size()) {
    Reader reader(text.substr(whole + 1));
    const auto fraction = reader.fraction();
    if (!fraction || !reader.at_end()) return std::nullopt;
    time += *fraction;
  }
  return base::SystemTime(negative ? -time : time);
}

std::optional<base::SystemTime> read_date(std::string_view text) {
  if (auto date = read_w3c(text)) return date;
  return read_epoch(text);
}

}  // namespace

base::Result<base::SystemTime> parse_policy_date(std::string_view text) {
  const auto date = read_date(text);
  if (!date) {
    return base::fail(base::Errc::invalid_argument, "`" + std::string(text) + "` is not a date");
  }
  return *date;
}

base::Result<DateCondition> DateCondition::parse(const std::vector<std::string>& values,
                                                 Ordering ordering) {
  DateCondition condition;
  condition.ordering_ = ordering;
  for (const std::string& value : values) {
    IMDSD_TRY(const auto date, parse_policy_date(value));
    condition.values_.push_back(date);
  }
  return condition;
}

std::optional<bool> DateCondition::matches(std::string_view value) const {
  const auto date = read_date(value);
  if (!date) return std::nullopt;
  return std::any_of(values_.begin(), values_.end(),
                     [&](base::SystemTime policy) { return compare(ordering_, *date, policy); });
}

}  // namespace imdsd::iam
