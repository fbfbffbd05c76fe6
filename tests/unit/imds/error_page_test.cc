// SPDX-License-Identifier: MIT
#include "imds/error_page.h"

#include <gtest/gtest.h>

namespace imdsd::imds {
namespace {

TEST(ErrorPage, OfNotFoundHasTheBytesOfEc2) {
  const std::string page = error_page(404);
  EXPECT_EQ(page.size(), 339u);
  EXPECT_EQ(page,
            "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n"
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n"
            "\t\t \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
            "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n"
            " <head>\n"
            "  <title>404 - Not Found</title>\n"
            " </head>\n"
            " <body>\n"
            "  <h1>404 - Not Found</h1>\n"
            " </body>\n"
            "</html>\n");
}

TEST(ErrorPage, NamesItsStatus) {
  EXPECT_NE(error_page(400).find("<h1>400 - Bad Request</h1>"), std::string::npos);
  EXPECT_NE(error_page(403).find("<title>403 - Forbidden</title>"), std::string::npos);
  EXPECT_NE(error_page(503).find("<h1>503 - Service Unavailable</h1>"), std::string::npos);
}

}  // namespace
}  // namespace imdsd::imds
