// SPDX-License-Identifier: MIT
#include "cli/policy.h"

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

TEST(PolicyCommand, AsksForAPrincipal) {
  const std::string target = "/v1/policy?principal=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr";
  EXPECT_EQ(policy_target({"generate", "--from-audit", "arn:aws:iam::1:role/r"}).value(), target);
  EXPECT_EQ(policy_target({"generate", "--denied", "--from-audit=arn:aws:iam::1:role/r", "--exact"})
                .value(),
            target + "&denied=true&exact=true");
}

TEST(PolicyCommand, RefusesWhatItDoesNotKnow) {
  const auto refusal = [](const std::vector<std::string>& arguments) {
    const auto target = policy_target(arguments);
    return target ? std::string() : target.error().message;
  };
  const std::string usage = "use `policy generate --from-audit PRINCIPAL`";
  EXPECT_EQ(refusal({}), usage);
  EXPECT_EQ(refusal({"make"}), usage);
  EXPECT_EQ(refusal({"generate"}), usage);
  EXPECT_EQ(refusal({"generate", "--from-audit"}), "`--from-audit` needs the ARN of a principal");
  EXPECT_EQ(refusal({"generate", "me"}), "unknown argument `me`");
}

TEST(PolicyCommand, PrintsThePolicyAloneAndNotesBeside) {
  const auto text =
      policy_text(R"({"principal":"p","policy":{"Version":"2012-10-17"},"notes":["a","b"]})");
  ASSERT_TRUE(text);
  EXPECT_EQ(text->document, "{\n  \"Version\": \"2012-10-17\"\n}\n");
  EXPECT_EQ(text->notes, "imdsctl: note: a\nimdsctl: note: b\n");
  const auto odd = policy_text("{\"policy\":{},\"notes\":[\"b/x\\u001b]0;owned\\u0007\"]}");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->notes, "imdsctl: note: b/x\\u001b]0;owned\\u0007\n")
      << "keys of objects may be anything";
  EXPECT_FALSE(policy_text("{}"));
  EXPECT_FALSE(policy_text("not JSON"));
}

}  // namespace
}  // namespace imdsd::cli
