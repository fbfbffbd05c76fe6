// SPDX-License-Identifier: MIT
#include "daemon/config_s3.h"

#include <set>
#include <string>
#include <utility>

#include "daemon/config_policy.h"
#include "daemon/config_tags.h"
#include "daemon/config_values.h"
#include "s3/address.h"

namespace imdsd::daemon {
namespace {

base::Result<std::string> bucket_name(const ConfigNode& node) {
  if (s3::is_bucket_name(node.string)) return node.string;
  return base::fail(base::Errc::invalid_argument,
                    "must be a bucket's name: 3 to 63 small letters, digits, `-` and `.`, with a "
                    "letter or digit at both ends" +
                        got(node.string));
}

void read_bucket(const ConfigSection& section, const ConfigContext& context, Config& out) {
  s3::DeclaredBucket bucket;
  bucket.account = out.aws.account_id;
  bucket.region = out.aws.region;
  section.read_required("name", bucket.name, bucket_name);
  section.read("account", bucket.account, account_id);
  if (section.has("policy") || section.has("policy_file")) {
    if (auto policy = read_policy(section, "policy", iam::PolicyKind::resource, context)) {
      bucket.policy = std::move(policy->text);
    }
  }
  if (section.has("tags")) bucket.tags = read_iam_tags(section);
  section.read("public_access_block", bucket.public_access_block,
               [](const ConfigNode& node) -> base::Result<bool> { return node.boolean; });
  if (bucket.name.empty()) return;
  out.iam_places.push_back({s3::label_of(bucket), section.find("name")->at, section.path_of("")});
  out.s3.buckets.push_back(std::move(bucket));
}

}  // namespace

void read_s3(const ConfigSection& s3, const ConfigContext& context, Config& out) {
  s3.read("domains", out.s3.domains, host_names);
  std::set<std::string> names;
  for (const auto& section : s3.sections("bucket")) {
    read_bucket(section, context, out);
    const ConfigNode* const name = section.find("name");
    if (name != nullptr && !names.insert(name->string).second) {
      section.add_problem("name", "bucket `" + name->string + "` is declared twice");
    }
  }
}

}  // namespace imdsd::daemon
