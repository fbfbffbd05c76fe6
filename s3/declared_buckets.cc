// SPDX-License-Identifier: MIT
#include "s3/declared_buckets.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "s3/bucket_policy.h"
#include "s3/public_policy.h"
#include "s3/tags.h"

namespace imdsd::s3 {
namespace {

using base::Errc;
using base::Error;
using Errors = std::vector<Error>;

void fail(const DeclaredBucket& bucket, const std::string& message, Errors& errors) {
  errors.push_back({Errc::invalid_argument, label_of(bucket) + ": " + message});
}

std::string message_of(const IndexError& error) {
  return error.code == IndexErrc::failed ? error.error.message
                                         : "it was made or deleted in the meantime";
}

/// A bucket as it is (null: there is none), and as it is to be.
struct Plan {
  const DeclaredBucket* declared = nullptr;
  std::shared_ptr<const Bucket> present;
  Bucket wanted;
};

Bucket wanted_of(const DeclaredBucket& declared, const std::shared_ptr<const Bucket>& present,
                 base::SystemTime now) {
  Bucket bucket = present ? *present : new_bucket(declared.name, declared.account, now);
  if (!present) bucket.region = declared.region;
  if (declared.tags) bucket.tags = *declared.tags;
  if (declared.public_access_block) {
    bucket.public_access_block =
        *declared.public_access_block ? std::optional(kBlockAll) : std::nullopt;
  }
  return bucket;
}

/// PRECONDITION: check_buckets() has found nothing.
std::optional<Plan> plan_of(const DeclaredBucket& declared, const iam::Directory& directory,
                            Index& index, base::SystemTime now, Errors& errors) {
  auto found = index.bucket(declared.name);
  if (!found && found.error().code != IndexErrc::no_such_bucket) {
    fail(declared, message_of(found.error()), errors);
    return std::nullopt;
  }
  Plan plan{&declared, found ? *found : nullptr, {}};
  if (plan.present && plan.present->owner != declared.account) {
    fail(declared,
         "it belongs to account " + plan.present->owner +
             "; delete it there, or declare another "
             "name or account",
         errors);
    return std::nullopt;
  }
  plan.wanted = wanted_of(declared, plan.present, now);
  if (!declared.policy) return plan;
  plan.wanted.policy = parse_bucket_policy(*declared.policy, declared.name, directory).value();
  const auto& block = plan.wanted.public_access_block;
  if (block && block->block_public_policy && is_public_policy(plan.wanted.policy)) {
    fail(declared,
         "its policy is public, and its public access block refuses such; public_access_block = "
         "false lets everybody in whom the policy names",
         errors);
    return std::nullopt;
  }
  return plan;
}

bool are_same(const Tags& a, const Tags& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.key == y.key && x.value == y.value;
  });
}

IndexResult<void> carry_out(const Plan& plan, Index& index) {
  const Bucket& wanted = plan.wanted;
  if (!plan.present) return index.create_bucket(wanted);
  const Bucket& present = *plan.present;
  if (wanted.public_access_block != present.public_access_block) {
    IMDSD_TRY_VOID(index.set_public_access_block(wanted.name, wanted.public_access_block));
  }
  if (wanted.policy != present.policy) {
    IMDSD_TRY_VOID(index.set_policy(wanted.name, wanted.policy));
  }
  if (!are_same(wanted.tags, present.tags)) {
    IMDSD_TRY_VOID(index.set_bucket_tags(wanted.name, wanted.tags));
  }
  return {};
}

}  // namespace

std::string label_of(const DeclaredBucket& bucket) {
  return "bucket `" + bucket.name + "`";
}

Errors check_buckets(std::span<const DeclaredBucket> declared, const iam::Directory& directory) {
  Errors errors;
  for (const DeclaredBucket& bucket : declared) {
    if (bucket.policy) {
      const auto policy = parse_bucket_policy(*bucket.policy, bucket.name, directory);
      if (!policy) fail(bucket, policy.error().message, errors);
    }
    if (bucket.tags) {
      const auto tags = check_tags(*bucket.tags, TagOwner::bucket);
      if (!tags) fail(bucket, tags.error().message, errors);
    }
  }
  return errors;
}

Errors ensure_buckets(std::span<const DeclaredBucket> declared, const iam::Directory& directory,
                      Index& index, base::SystemTime now) {
  Errors errors = check_buckets(declared, directory);
  if (!errors.empty()) return errors;
  std::vector<Plan> plans;
  for (const DeclaredBucket& bucket : declared) {
    if (auto plan = plan_of(bucket, directory, index, now, errors)) {
      plans.push_back(*std::move(plan));
    }
  }
  if (!errors.empty()) return errors;
  for (const Plan& plan : plans) {
    if (const auto done = carry_out(plan, index); !done) {
      fail(*plan.declared, message_of(done.error()), errors);
    }
  }
  return errors;
}

}  // namespace imdsd::s3
