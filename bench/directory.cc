// SPDX-License-Identifier: MIT
// Fills a new database with roles and users, half and half, past the API and its quotas.
//   bench_directory PATH COUNT  prints of each pair: access key, its secret, the role's ARN
// A user has an access key; everyone has tags and an inline policy of three statements that names
// the resources of an application. An application has ten users and ten roles, so that there are
// 5,000 different policies among 100,000; half of the roles trust another account as well, by an
// external id of the application.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "aws/ids.h"
#include "base/random.h"
#include "iam/entities.h"
#include "store/sqlite_store.h"

namespace {

using namespace imdsd;

const std::string kAccount = "123456789012";
constexpr std::size_t kCommit = 5000;
constexpr std::size_t kPairsOfApplication = 10;

int fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 1;
}

std::shared_ptr<const iam::PolicyDocument> policy(const std::string& text, iam::PolicyKind kind) {
  auto parsed = iam::parse_policy(text, kind);
  if (!parsed) std::_Exit(fail(parsed.error().message));
  return std::make_shared<const iam::PolicyDocument>(std::move(parsed->document));
}

iam::Grants grants(const std::string& application) {
  const std::string text =
      R"({"Version":"2012-10-17","Statement":[
  {"Sid":"Objects","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],
   "Resource":"arn:aws:s3:::)" +
      application + R"(-data/*"},
  {"Sid":"Bucket","Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::)" +
      application +
      R"(-data",
   "Condition":{"StringLike":{"s3:prefix":["shared/*","home/${aws:username}/*"]}}},
  {"Sid":"Messages","Effect":"Allow","Action":["sqs:SendMessage","sqs:ReceiveMessage"],
   "Resource":"arn:aws:sqs:*:123456789012:)" +
      application + R"(-*"}]})";
  iam::InlinePolicy own;
  own.name = "application-resources";
  own.document = policy(text, iam::PolicyKind::identity);
  return {{std::move(own)}, {{"arn:aws:iam::aws:policy/ReadOnlyAccess", iam::Origin::api}}};
}

/// Of a pair of user and role.
struct Numbers {
  std::string own, application;
};

template <class T>
T entity(aws::IdPrefix prefix, const Numbers& numbers, base::Random& random) {
  T out;
  out.account = kAccount;
  out.name = std::string(T::kType) + "-" + numbers.own;
  out.unique_id = aws::make_unique_id(prefix, *aws::AccountId::parse(kAccount), random);
  out.tags = {{"team", "team-" + numbers.own.substr(numbers.own.size() - 1)},
              {"stage", "production"}};
  out.grants = grants("app-" + numbers.application);
  return out;
}

iam::User user(const Numbers& numbers, base::Random& random) {
  auto out = entity<iam::User>(aws::IdPrefix::AIDA, numbers, random);
  iam::AccessKey key;
  key.id = aws::make_access_key_id(aws::IdPrefix::AKIA, *aws::AccountId::parse(kAccount), random);
  key.secret = base::Secret(aws::make_secret_access_key(random));
  out.access_keys.push_back(std::move(key));
  return out;
}

iam::Role role(std::size_t i, const Numbers& numbers, base::Random& random) {
  auto out = entity<iam::Role>(aws::IdPrefix::AROA, numbers, random);
  const std::string statements =
      R"({"Effect":"Allow","Principal":{"AWS":")" + kAccount +
      R"(","Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"})" +
      (i % 2 == 0 ? ""
                  : R"(,{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":)"
                    R"("sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"x-)" +
                        numbers.application + R"("}}})");
  out.trust_policy = {iam::kTrustPolicyName, "",
                      policy(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}",
                             iam::PolicyKind::trust)};
  return out;
}

void add_pair(std::size_t i, base::Random& random, std::vector<iam::Change>& out) {
  const Numbers numbers{std::to_string(i), std::to_string(i / kPairsOfApplication)};
  auto a_user = std::make_shared<const iam::User>(user(numbers, random));
  auto a_role = std::make_shared<const iam::Role>(role(i, numbers, random));
  const iam::AccessKey& key = a_user->access_keys.front();
  std::printf("%s %s %s\n", key.id.c_str(), std::string(key.secret.reveal()).c_str(),
              iam::arn_of(*a_role).c_str());
  out.push_back({std::move(a_user)});
  out.push_back({std::move(a_role)});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return fail("bench_directory PATH COUNT");
  const auto store = store::SqliteStore::open(argv[1]);
  if (!store) return fail(store.error().message);
  const std::size_t pairs = std::strtoul(argv[2], nullptr, 10) / 2;
  base::RealRandom random;
  std::vector<iam::Change> changes;
  for (std::size_t i = 0; i < pairs; ++i) {
    add_pair(i, random, changes);
    if (changes.size() < kCommit && i + 1 < pairs) continue;
    if (auto done = (*store)->commit(changes); !done) return fail(done.error().message);
    changes.clear();
  }
  return 0;
}
