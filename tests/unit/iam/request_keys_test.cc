// SPDX-License-Identifier: MIT
#include "iam/request_keys.h"

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

TEST(RequestKeys, TellTheReferer) {
  base::HttpRequest request;
  ConditionKeys without;
  add_request_keys(request, "us-east-1", {}, without);
  EXPECT_EQ(without.find("aws:Referer"), nullptr);
  request.headers.add("referer", "https://www.example.com/page");
  ConditionKeys keys;
  add_request_keys(request, "us-east-1", {}, keys);
  ASSERT_NE(keys.find("aws:Referer"), nullptr);
  EXPECT_EQ(*keys.find("aws:Referer"), ConditionKeys::Values{"https://www.example.com/page"});
}

}  // namespace
}  // namespace imdsd::iam
