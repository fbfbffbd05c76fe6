// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/xml_writer.h"

namespace imdsd::ec2 {

/// EC2's answers begin with it, unlike those of the other Query services.
inline constexpr const char* kXmlDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// For what there may be none of: no element then.
inline void leaf_if(base::XmlWriter& xml, std::string_view name, std::string_view text) {
  if (!text.empty()) xml.leaf(name, text);
}

[[nodiscard]] inline std::string_view bool_text(bool value) {
  return value ? "true" : "false";
}

}  // namespace imdsd::ec2
