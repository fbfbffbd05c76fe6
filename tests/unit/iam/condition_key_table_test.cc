// SPDX-License-Identifier: MIT
#include "iam/condition_key_table.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/codec.h"

namespace imdsd::iam {
namespace {

TEST(ConditionKeyTable, KnowsTheKeysOfConditionalWritesToS3) {
  for (const char* key : {"s3:if-match", "s3:if-none-match", "s3:x-amz-object-ownership",
                          "s3:x-amz-website-redirect-location", "s3:prefix", "s3:tlsversion"}) {
    EXPECT_FALSE(is_never_filled(key)) << key;
  }
}

TEST(ConditionKeyTable, TellsKeysThatNoRequestHas) {
  EXPECT_TRUE(is_never_filled("s3:dataaccesspointarn"));
  EXPECT_TRUE(is_never_filled("aws:nosuchkey"));
  // Only of sts:GetServiceBearerToken, which no API calls.
  EXPECT_TRUE(is_never_filled("sts:awsservicename"));
  EXPECT_TRUE(is_never_filled("username"));
}

/// The keys that the sources set: what stands in quotes behind `set(` and the like.
std::set<std::string> keys_in(const std::string& source) {
  std::set<std::string> out;
  for (const std::string_view call : {"set(\"", "set_unless_empty(\"", "emplace(\"", "add(\""}) {
    for (std::size_t at = 0; (at = source.find(call, at)) != std::string::npos;) {
      at += call.size();
      const std::string text = base::to_lower(source.substr(at, source.find('"', at) - at));
      const std::string prefix = text.substr(0, text.find(':') + 1);
      for (const char* ours : {"aws:", "ec2:", "iam:", "s3:", "saml:", "sts:"}) {
        if (prefix == ours) out.insert(text);
      }
    }
  }
  return out;
}

TEST(ConditionKeyTable, KnowsAllKeysThatTheSourcesSet) {
  std::set<std::string> set;
  for (const char* folder : {"console", "ec2", "gateway", "iam", "s3", "sts"}) {
    const auto below = std::filesystem::path(IMDSD_SOURCE_DIR) / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(below)) {
      if (entry.path().extension() != ".cc") continue;
      std::ifstream file(entry.path());
      set.merge(keys_in({std::istreambuf_iterator<char>(file), {}}));
    }
  }
  for (const char* known : {"aws:sourceip", "ec2:createaction", "s3:tlsversion", "saml:aud"}) {
    EXPECT_TRUE(set.contains(known)) << known;
  }
  for (const std::string& key : set) {
    if (key.ends_with(':')) continue;  // what stands behind it is made up when it runs
    EXPECT_FALSE(is_never_filled(key.ends_with('/') ? key + "x" : key)) << key;
  }
}

TEST(ConditionKeyTable, DoesNotJudgeOthersKeys) {
  EXPECT_FALSE(is_never_filled("accounts.google.com:aud"));
  EXPECT_FALSE(is_never_filled("dynamodb:leadingkeys"));
}

}  // namespace
}  // namespace imdsd::iam
