// SPDX-License-Identifier: MIT
#include "http/http_date.h"

#include <chrono>
#include <string>

#include "base/http_date.h"

namespace imdsd::http {
std::string_view http_date_now(const base::Clock& clock) {
  // Per thread: a shared copy would need a lock for each answer.
  thread_local std::chrono::sys_seconds second{std::chrono::seconds::min()};
  thread_local std::string text;
  const auto now = std::chrono::floor<std::chrono::seconds>(clock.now());
  if (now != second) {
    text = base::format_http_date(now);
    second = now;
  }
  return text;
}

}  // namespace imdsd::http
