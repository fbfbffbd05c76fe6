// SPDX-License-Identifier: MIT
#include "base/http_date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace imdsd::base {
namespace {

constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Exactly the two or four digits that stand at `at`; -1 for anything else.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

HttpDate::HttpDate(SystemTime time) noexcept {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  const int size = std::snprintf(
      text_.data(), text_.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
      kDays[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
      kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  size_ = static_cast<unsigned char>(size);
}

std::string format_http_date(SystemTime time) {
  return std::string(HttpDate(time).text());
}

Result<SystemTime> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view kForm = "Sun, 06 Nov 1994 08:49:37 GMT";
  const auto refuse = [text] {
    return fail(Errc::invalid_argument, "`" + std::string(text) + "` is no HTTP date");
  };
  if (text.size() != kForm.size()) return refuse();
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const year_month_day date(year(digits_at(text, 12, 4)),
                            std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                            day(static_cast<unsigned>(digits_at(text, 5, 2))));
  if (!date.ok()) return refuse();
  const SystemTime time = sys_days(date) + hours(digits_at(text, 17, 2)) +
                          minutes(digits_at(text, 20, 2)) + seconds(digits_at(text, 23, 2));
  // The week day, what stands between, and that no field is beyond its range.
  if (format_http_date(time) != text) return refuse();
  return time;
}

}  // namespace imdsd::base
