// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/xml_writer.h"

namespace imdsd::aws {

/// <{action}Response><{action}Result>…</{action}Result><ResponseMetadata>…: `write` fills in the
/// dots.
[[nodiscard]] std::string answer_xml(std::string_view action, std::string_view xmlns,
                                     std::string_view request_id,
                                     const std::function<void(base::XmlWriter&)>& write);

}  // namespace imdsd::aws
