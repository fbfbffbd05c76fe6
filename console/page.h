// SPDX-License-Identifier: MIT
// The files of console/page/, linked into the program.
#pragma once

#include <string_view>

namespace imdsd::console {

struct PageFile {
  std::string_view path;  // "/console.css"
  std::string_view content_type;
  std::string_view (*text)();
};

/// Null where there is none. The page itself is at / and at /switchrole, where the AWS console's
/// links for switching roles lead.
[[nodiscard]] const PageFile* find_page_file(std::string_view path);

// Made from the files by the build.
[[nodiscard]] std::string_view index_html();
[[nodiscard]] std::string_view console_css();
[[nodiscard]] std::string_view icon_svg();
[[nodiscard]] std::string_view main_js();
[[nodiscard]] std::string_view api_js();
[[nodiscard]] std::string_view dom_js();
[[nodiscard]] std::string_view sign_in_js();
[[nodiscard]] std::string_view identity_js();
[[nodiscard]] std::string_view roles_js();
[[nodiscard]] std::string_view exports_js();
[[nodiscard]] std::string_view question_js();
[[nodiscard]] std::string_view live_js();

}  // namespace imdsd::console
