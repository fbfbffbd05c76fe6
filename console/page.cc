// SPDX-License-Identifier: MIT
#include "console/page.h"

#include <array>

namespace imdsd::console {
namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kScript = "text/javascript; charset=utf-8";

constexpr std::array kFiles{
    PageFile{"/", kHtml, index_html},
    PageFile{"/switchrole", kHtml, index_html},
    PageFile{"/console.css", "text/css; charset=utf-8", console_css},
    PageFile{"/icon.svg", "image/svg+xml", icon_svg},
    PageFile{"/main.js", kScript, main_js},
    PageFile{"/api.js", kScript, api_js},
    PageFile{"/dom.js", kScript, dom_js},
    PageFile{"/sign_in.js", kScript, sign_in_js},
    PageFile{"/identity.js", kScript, identity_js},
    PageFile{"/roles.js", kScript, roles_js},
    PageFile{"/exports.js", kScript, exports_js},
    PageFile{"/question.js", kScript, question_js},
    PageFile{"/live.js", kScript, live_js},
};

}  // namespace

const PageFile* find_page_file(std::string_view path) {
  for (const PageFile& file : kFiles) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

}  // namespace imdsd::console
