// SPDX-License-Identifier: MIT
#include "imds/error_page.h"

#include <string_view>

#include "base/http_message.h"

namespace imdsd::imds {

std::string error_page(int status) {
  constexpr std::string_view kHead =
      "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n"
      "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n"
      "\t\t \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
      "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n"
      " <head>\n"
      "  <title>";
  constexpr std::string_view kMiddle =
      "</title>\n"
      " </head>\n"
      " <body>\n"
      "  <h1>";
  constexpr std::string_view kTail =
      "</h1>\n"
      " </body>\n"
      "</html>\n";
  std::string title = std::to_string(status) + " - ";
  title += base::reason_phrase(status);

  std::string page;
  page.reserve(kHead.size() + kMiddle.size() + kTail.size() + 2 * title.size());
  page.append(kHead).append(title).append(kMiddle).append(title).append(kTail);
  return page;
}

}  // namespace imdsd::imds
