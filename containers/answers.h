// SPDX-License-Identifier: MIT
// What the two agents have in common: the answers of Go's net/http, which both are written with,
// and our guards against web pages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/http_message.h"

namespace imdsd::containers {

/// Why the request gets 403; none: it may go on. Keeps out web pages (their scripts send Origin, a
/// rebound name shows in Host) and what open proxies forward, as the metadata service does.
[[nodiscard]] std::optional<std::string_view> refusal(const base::HttpRequest& request);

[[nodiscard]] base::HttpResponse json_answer(int status, std::string body);
/// `message` and a newline, as plain text.
[[nodiscard]] base::HttpResponse text_error(int status, std::string_view message);
/// `404 page not found`.
[[nodiscard]] base::HttpResponse page_not_found();
/// 405 for whatever is neither GET nor HEAD; none: it is one of them.
[[nodiscard]] std::optional<base::HttpResponse> refuse_method(const base::HttpRequest& request);

}  // namespace imdsd::containers
