// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

using support::field;
using Texts = std::vector<std::string>;

struct Kind {
  const char *name, *noun;
  std::size_t max_size;
};

/// A policy whose size as quotas count it is `size`.
std::string policy_of_size(std::size_t size) {
  const std::string start =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::)";
  const std::string end = R"("}]})";
  return start + std::string(size - start.size() - end.size(), 'x') + end;
}

class InlinePolicies : public ::testing::TestWithParam<Kind> {
 protected:
  InlinePolicies() {
    iam_.call("Action=CreateUser&UserName=dev");
    iam_.call("Action=CreateRole&RoleName=dev" +
              field("AssumeRolePolicyDocument", support::kEc2Trust));
    (void)iam_.service.write([&](Transaction& transaction) {
      Group group;
      group.account = support::kIamAccount;
      group.name = "dev";
      group.unique_id = transaction.new_unique_id(aws::IdPrefix::AGPA, group.account);
      transaction.put(std::move(group));
      return true;
    });
  }

  support::IamWorld iam_{{inline_policy_operations(), user_operations(), role_operations()}};
  std::string name_ = GetParam().name;

  support::IamAnswer call(const std::string& verb, const std::string& what, const std::string& more,
                          const std::string& entity = "dev") {
    return iam_.call("Action=" + verb + name_ + what + "&" + name_ + "Name=" + entity + more);
  }
  support::IamAnswer put(const std::string& policy, std::string_view document,
                         const std::string& entity = "dev") {
    return call("Put", "Policy", "&PolicyName=" + policy + field("PolicyDocument", document),
                entity);
  }
};

TEST_P(InlinePolicies, AreReturnedByteForByte) {
  const std::string document =
      "{\"Version\" : \"2012-10-17\",\n \"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\","
      "\"Resource\":\"arn:aws:s3:::b/a+b%3Ac \\u00e9\xC3\xA9\"}}";
  EXPECT_EQ(put("p", document).status, 200);
  const auto got = call("Get", "Policy", "&PolicyName=p");
  EXPECT_EQ(base::percent_decode(got.text("PolicyDocument")).value(), document);
  EXPECT_EQ(got.text("PolicyDocument").find_first_of(" +\n"), std::string::npos);
  EXPECT_EQ(got.text("PolicyName"), "p");
  EXPECT_EQ(got.text(name_ + "Name"), "dev");
}

TEST_P(InlinePolicies, AreReplacedListedAndDeleted) {
  for (const char* name : {"b", "a", "c", "b"}) put(name, support::kAnyPolicy);
  const auto first = call("List", "Policies", "&MaxItems=2");
  EXPECT_EQ(first.texts("member"), (Texts{"a", "b"}));
  const auto second = call("List", "Policies", field("Marker", first.text("Marker")));
  EXPECT_EQ(second.texts("member"), Texts{"c"});
  EXPECT_EQ(second.text("IsTruncated"), "false");
  EXPECT_EQ(call("Delete", "Policy", "&PolicyName=b").status, 200);
  EXPECT_EQ(call("List", "Policies", "").texts("member"), (Texts{"a", "c"}));
}

TEST_P(InlinePolicies, ThatAreNotThereAreSaidSo) {
  for (const char* verb : {"Get", "Delete"}) {
    const auto missing = call(verb, "Policy", "&PolicyName=none");
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.code, "NoSuchEntity");
    EXPECT_EQ(missing.message,
              "The " + std::string(GetParam().noun) + " policy with name none cannot be found.");
  }
  const std::string nobody =
      "The " + std::string(GetParam().noun) + " with name none cannot be found.";
  EXPECT_EQ(put("p", "{", "none").message, nobody);
  EXPECT_EQ(call("Get", "Policy", "&PolicyName=p", "none").message, nobody);
  EXPECT_EQ(call("List", "Policies", "", "none").message, nobody);
  EXPECT_EQ(call("Delete", "Policy", "&PolicyName=p", "none").message, nobody);
}

TEST_P(InlinePolicies, ThatAreMalformedAreNotStored) {
  const auto refused = put("p", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.code, "MalformedPolicyDocument");
  EXPECT_EQ(refused.message, "Policy statement must contain actions.");
  EXPECT_TRUE(call("List", "Policies", "").texts("member").empty());
}

TEST_P(InlinePolicies, ShareOneQuotaThatDoesNotCountSpace) {
  const std::size_t most = GetParam().max_size;
  EXPECT_EQ(put("a", policy_of_size(most - 200) + std::string(500, ' ')).status, 200);
  EXPECT_EQ(put("b", policy_of_size(200)).status, 200);
  const auto more = put("b", policy_of_size(201));
  EXPECT_EQ(more.status, 409);
  EXPECT_EQ(more.code, "LimitExceeded");
  EXPECT_EQ(more.message, "Maximum policy size of " + std::to_string(most) +
                              " bytes exceeded for " + GetParam().noun + " dev");
  EXPECT_EQ(
      base::percent_decode(call("Get", "Policy", "&PolicyName=b").text("PolicyDocument")).value(),
      policy_of_size(200));
}

INSTANTIATE_TEST_SUITE_P(OfAllKinds, InlinePolicies,
                         ::testing::Values(Kind{"User", "user", 2048}, Kind{"Group", "group", 5120},
                                           Kind{"Role", "role", 10240}),
                         [](const auto& test) { return test.param.name; });

TEST(InlinePolicyRights, AreTheEngines) {
  support::IamWorld iam{{inline_policy_operations(), user_operations()}};
  iam.call("Action=CreateUser&UserName=dev");
  const std::string list = "Action=ListUserPolicies&UserName=dev";
  EXPECT_EQ(iam.call(list, iam.user("dev")).code, "AccessDenied");
  iam.call("Action=PutUserPolicy&UserName=dev&PolicyName=p" +
           field("PolicyDocument",
                 R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:List*",)"
                 R"("Resource":"arn:aws:iam::123456789012:user/${aws:username}"}})"));
  EXPECT_EQ(iam.call(list, iam.user("dev")).texts("member"), Texts{"p"});
}

}  // namespace
}  // namespace imdsd::iam::api
