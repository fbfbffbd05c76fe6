// SPDX-License-Identifier: MIT
// Answers of the Query services for clients that ask for JSON: the members of the XML answer under
// the same names, without a namespace; dates as seconds since 1970. AWS does not document it; this
// is how STS was seen to answer.
#pragma once

#include <string>
#include <string_view>

#include "base/http_message.h"

namespace imdsd::gateway {

/// The Accept header names application/json, and no kind of XML.
[[nodiscard]] bool wants_json(const base::HttpRequest& request);

/// `xml`: what base::XmlWriter wrote. One rendering for all actions, because a member's name tells
/// its type throughout both APIs.
[[nodiscard]] std::string json_of_answer(std::string_view xml);

/// The answer as the request wants it.
[[nodiscard]] base::HttpResponse as_accepted(const base::HttpRequest& request,
                                             base::HttpResponse response);

}  // namespace imdsd::gateway
