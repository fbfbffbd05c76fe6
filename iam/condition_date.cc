// SPDX-License-Identifier: MIT
#include "iam/condition_date.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace imdsd::iam {
namespace {

// As recorded from AWS, a tenth digit is an error.
constexpr std::size_t kMaxFraction = 9;

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
  /// Of one digit at least.
  [[nodiscard]] std::optional<int> up_to(std::size_t most) {
    const std::size_t count = std::min({most, rest_.find_first_not_of("0123456789"), rest_.size()});
    return count == 0 ? std::nullopt : digits(count);
  }
  [[nodiscard]] bool sees_t() const { return rest_.starts_with('T') || rest_.starts_with('t'); }
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
    if (count == 0 || count > kMaxFraction) return std::nullopt;
    rest_.remove_prefix(count);
    return std::chrono::microseconds(micros);
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// Z, or the offset from UTC: ±hh[:mm].
std::optional<std::chrono::minutes> read_zone(Reader& reader) {
  if (reader.take('Z')) return std::chrono::minutes(0);
  const bool east = reader.take('+');
  if (!east && !reader.take('-')) return std::nullopt;
  const auto hours = reader.digits(2);
  if (!hours || *hours > 23) return std::nullopt;
  const auto minutes = reader.take(':') ? reader.digits(2) : 0;
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return east ? offset : -offset;
}

/// [h]h:mm[:ss[.fraction]] and the zone.
std::optional<std::chrono::microseconds> read_time(Reader& reader) {
  const auto hours = reader.up_to(2);
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

/// A T and the time, which may be missing at the end of the text.
std::optional<std::chrono::microseconds> read_clock(Reader& reader) {
  if (!reader.take('T') && !reader.take('t')) return std::chrono::microseconds(0);
  if (reader.at_end()) return std::chrono::microseconds(0);
  return read_time(reader);
}

/// The form of https://www.w3.org/TR/NOTE-datetime, and what AWS takes beside it: a short year
/// before a T, a T without a time, a small t, hours of one digit and offsets without minutes.
std::optional<base::SystemTime> read_w3c(std::string_view text) {
  Reader reader(text);
  const bool has_short_year = text.find_first_not_of("0123456789") < 4;
  const auto year = reader.up_to(4);
  // Digits alone are seconds, unless they are a year's four.
  if (!year || (has_short_year ? !reader.sees_t() : text.size() < 4)) return std::nullopt;
  std::optional<int> month = 1;
  std::optional<int> day = 1;
  if (reader.take('-')) {
    month = reader.digits(2);
    if (month && reader.take('-')) day = reader.digits(2);
  }
  const auto time = read_clock(reader);
  if (!month || !day || !time || !reader.at_end()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return base::SystemTime(std::chrono::sys_days(date).time_since_epoch() + *time);
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
