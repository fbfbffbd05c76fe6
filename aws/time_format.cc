// SPDX-License-Identifier: MIT
#include "aws/time_format.h"

#include <array>
#include <cstddef>
#include <optional>

namespace imdsd::aws {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

void append_digits(std::string& out, long long value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

struct Fields {
  int year;
  unsigned month, day, weekday;
  long long hour, minute, second;
};

Fields fields_of(base::SystemTime time) {
  const auto day = floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(floor<seconds>(time - day));
  return {int{date.year()},       unsigned{date.month()},
          unsigned{date.day()},   std::chrono::weekday(day).c_encoding(),
          clock.hours().count(),  clock.minutes().count(),
          clock.seconds().count()};
}

/// Reads a text from its front; after the first piece that does not fit, `ok` stays false.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) return refuse();
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return refuse();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  void literal(std::string_view text) {
    if (!rest_.starts_with(text)) {
      refuse();
    } else {
      rest_.remove_prefix(text.size());
    }
  }
  /// ".123": microseconds, further digits cut off. Nothing there is zero.
  std::chrono::microseconds fraction() {
    if (!rest_.starts_with('.')) return {};
    rest_.remove_prefix(1);
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') ++count;
    if (count == 0 || count > kMaxFractionDigits) refuse();
    int value = 0;
    for (std::size_t i = 0; i < 6; ++i) value = value * 10 + (i < count ? rest_[i] - '0' : 0);
    rest_.remove_prefix(count);
    return std::chrono::microseconds(value);
  }
  [[nodiscard]] bool at_end() const { return ok_ && rest_.empty(); }

 private:
  static constexpr std::size_t kMaxFractionDigits = 9;
  int refuse() {
    ok_ = false;
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

// No leap second: no AWS format has one, and POSIX time cannot say it.
std::optional<base::SystemTime> compose(int year, int month, int day, int hour, int minute,
                                        int second) {
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         seconds(second);
}

tl::unexpected<base::Error> not_a_time(std::string_view text, std::string_view format) {
  return base::fail(base::Errc::invalid_argument,
                    "`" + std::string(text) + "` is not a time in the form " + std::string(format));
}

}  // namespace

std::string format_iso8601(base::SystemTime time) {
  const Fields f = fields_of(time);
  std::string out;
  append_digits(out, f.year, 4);
  append_digits(out += '-', f.month, 2);
  append_digits(out += '-', f.day, 2);
  append_digits(out += 'T', f.hour, 2);
  append_digits(out += ':', f.minute, 2);
  append_digits(out += ':', f.second, 2);
  return out += 'Z';
}

base::Result<base::SystemTime> parse_iso8601(std::string_view text) {
  Reader reader(text);
  const int year = reader.digits(4);
  reader.literal("-");
  const int month = reader.digits(2);
  reader.literal("-");
  const int day = reader.digits(2);
  reader.literal("T");
  const int hour = reader.digits(2);
  reader.literal(":");
  const int minute = reader.digits(2);
  reader.literal(":");
  const int second = reader.digits(2);
  const auto fraction = reader.fraction();
  reader.literal("Z");
  const auto time = compose(year, month, day, hour, minute, second);
  if (!reader.at_end() || !time) return not_a_time(text, "YYYY-MM-DDTHH:MM:SSZ");
  return *time + fraction;
}

std::string format_basic(base::SystemTime time) {
  const Fields f = fields_of(time);
  std::string out;
  append_digits(out, f.year, 4);
  append_digits(out, f.month, 2);
  append_digits(out, f.day, 2);
  append_digits(out += 'T', f.hour, 2);
  append_digits(out, f.minute, 2);
  append_digits(out, f.second, 2);
  return out += 'Z';
}

base::Result<base::SystemTime> parse_basic(std::string_view text) {
  Reader reader(text);
  const int year = reader.digits(4);
  const int month = reader.digits(2);
  const int day = reader.digits(2);
  reader.literal("T");
  const int hour = reader.digits(2);
  const int minute = reader.digits(2);
  const int second = reader.digits(2);
  reader.literal("Z");
  const auto time = compose(year, month, day, hour, minute, second);
  if (!reader.at_end() || !time) return not_a_time(text, "YYYYMMDDTHHMMSSZ");
  return *time;
}

base::SystemTime floor_to_second(base::SystemTime time) {
  return floor<seconds>(time);
}

}  // namespace imdsd::aws
