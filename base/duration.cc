// SPDX-License-Identifier: MIT
#include "base/duration.h"

#include <charconv>
#include <cstdint>

namespace imdsd::base {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr Unit kUnits[] = {
    {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1},
};
constexpr std::int64_t kMaxMilliseconds = milliseconds(kMaxDuration).count();

tl::unexpected<Error> bad_duration(std::string_view text) {
  return fail(Errc::invalid_argument,
              "`" + std::string(text) + "` is not a duration such as 6h, 20s, 500ms or 1h30m");
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Cuts the unit off the front of `rest`; the index in kUnits, or the number of units for none.
std::size_t take_unit(std::string_view& rest) {
  std::size_t letters = 0;
  while (letters < rest.size() && !is_digit(rest[letters])) ++letters;
  std::size_t i = 0;
  while (i < std::size(kUnits) && kUnits[i].name != rest.substr(0, letters)) ++i;
  rest.remove_prefix(letters);
  return i;
}

}  // namespace

Result<milliseconds> parse_duration(std::string_view text) {
  std::string_view rest = text;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  if (rest.empty()) return bad_duration(text);
  while (!rest.empty()) {
    if (!is_digit(rest[0])) return bad_duration(text);  // from_chars would take a sign
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc()) return bad_duration(text);
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
    const std::size_t unit = take_unit(rest);
    if (unit >= std::size(kUnits) || unit < next_unit) return bad_duration(text);
    if (number > (kMaxMilliseconds - total) / kUnits[unit].milliseconds) {
      return fail(Errc::invalid_argument, "duration `" + std::string(text) + "` is over 36500d");
    }
    total += number * kUnits[unit].milliseconds;
    next_unit = unit + 1;
  }
  return milliseconds(total);
}

std::string format_duration(milliseconds duration) {
  if (duration == milliseconds::zero()) return "0s";
  std::string out = duration < milliseconds::zero() ? "-" : "";
  std::int64_t left = duration.count();
  for (const Unit& unit : kUnits) {
    const std::int64_t number = left / unit.milliseconds;
    left %= unit.milliseconds;
    // Unsigned negation: the smallest value has no positive counterpart.
    const auto bits = static_cast<std::uint64_t>(number);
    if (number != 0) out += std::to_string(number < 0 ? 0 - bits : bits).append(unit.name);
  }
  return out;
}

}  // namespace imdsd::base
