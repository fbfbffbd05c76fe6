// SPDX-License-Identifier: MIT
// What a browser may send to the console's port, and with which headers it is answered.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/http_message.h"

namespace imdsd::console {

/// Why a request is refused that is none of the console's own page; nothing if it may pass. A page
/// elsewhere reaches this port under a name of its own (DNS rebinding), which Host shows, or across
/// origins, which Origin and Sec-Fetch-Site show (https://www.w3.org/TR/fetch-metadata/). Following
/// a link to the page is fine; so is a client that is no browser.
[[nodiscard]] std::optional<std::string> refuse_foreign(const base::HttpRequest& request,
                                                        std::span<const std::string> allowed_hosts);

/// A cookie for each port: browsers send those of one port to all others of a host.
[[nodiscard]] std::string cookie_name(const base::HttpRequest& request);
/// The session's token that the request brings, empty without one.
[[nodiscard]] std::string_view session_cookie(const base::HttpRequest& request);
/// Set-Cookie; an empty token has the browser forget it.
[[nodiscard]] std::string set_cookie(const base::HttpRequest& request, std::string_view token);

/// Nothing of an answer is kept, framed, or guessed to be something else; scripts and styles come
/// from the page's own files alone (https://www.w3.org/TR/CSP3/).
void add_browser_headers(base::HttpHeaders& headers);

}  // namespace imdsd::console
