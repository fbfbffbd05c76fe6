// SPDX-License-Identifier: MIT
#include "iam/principal_binding.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "iam/declarations.h"
#include "iam/directory_service.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::iam {
namespace {

const std::string kPolicy = R"({
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": ["arn:aws:iam::123456789012:user/dev", "210987654321"]},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::b/*"
  }]
})";

class PrincipalBinding : public testing::Test {
 protected:
  static PolicyDocument parse(const std::string& text) {
    return parse_policy(text, PolicyKind::resource).value().document;
  }

  std::shared_ptr<const Directory> with_dev(bool there) {
    Declarations declared;
    if (there) {
      declared.users.emplace_back();
      declared.users.back().account = "123456789012";
      declared.users.back().name = "dev";
    }
    EXPECT_TRUE(service_.write(
        [&](Transaction& transaction) { return ensure(declared, {}, transaction).has_value(); }));
    return service_.snapshot();
  }

 private:
  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_{3};
  fakes::MemoryStore store_;
  DirectoryService service_{store_, clock_, random_, std::make_shared<const Directory>()};
};

TEST_F(PrincipalBinding, ABoundTextMeansTheSameEntityAndShowsItsArnAgain) {
  auto document = parse(kPolicy);
  const auto before = with_dev(true);
  ASSERT_TRUE(bind_principals(document, *before));
  const std::string id = before->find<User>("123456789012", "dev")->unique_id;

  const auto kept = parse(bound_text(document));
  EXPECT_NE(kept.text.find("\"" + id + "\", \"210987654321\""), std::string::npos) << kept.text;
  EXPECT_EQ(kept.statements[0].principals->front().unique_id, id);
  EXPECT_EQ(current_text(kept, *before), kPolicy);
}

TEST_F(PrincipalBinding, WhatIsMadeAgainIsAnotherOne) {
  auto document = parse(kPolicy);
  ASSERT_TRUE(bind_principals(document, *with_dev(true)));
  const std::string kept = bound_text(document);
  with_dev(false);
  EXPECT_EQ(current_text(parse(kept), *with_dev(true)), kept);
}

TEST_F(PrincipalBinding, AnIdIsShownInThePartitionOfItsAccount) {
  auto document = parse(kPolicy);
  const auto directory = with_dev(true);
  ASSERT_TRUE(bind_principals(document, *directory));
  const std::string shown = current_text(parse(bound_text(document)), *directory, "aws-cn");
  EXPECT_NE(shown.find("\"arn:aws-cn:iam::123456789012:user/dev\""), std::string::npos) << shown;
}

}  // namespace
}  // namespace imdsd::iam
