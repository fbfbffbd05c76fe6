// SPDX-License-Identifier: MIT
#include "iam/generate_policy.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "iam/action_table.h"
#include "iam/policy_literal.h"

namespace imdsd::iam {
namespace {

using Json = nlohmann::ordered_json;
using Texts = std::set<std::string>;

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: of a managed policy,
/// without white space.
constexpr std::size_t kMaxManagedPolicy = 6144;

/// Patterns that stand in one statement.
struct Use {
  std::string action, passed_to;
  friend auto operator<=>(const Use&, const Use&) = default;
};

std::string resource_pattern(const Permission& permission) {
  const bool has_resource = !permission.resource.empty() && permission.resource != "*";
  if (!has_resource || !supports_resource_level(permission.action)) return "*";
  return resource_literal(permission.action, permission.resource);
}

/// Up to the last slash that all have in common.
std::string common_folder(const Texts& texts) {
  std::string_view common = *texts.begin();
  for (const std::string& text : texts) {
    const auto differ = std::mismatch(common.begin(), common.end(), text.begin(), text.end());
    common = common.substr(0, static_cast<std::size_t>(differ.first - common.begin()));
  }
  const std::size_t slash = common.rfind('/');
  return std::string(common.substr(0, slash == std::string_view::npos ? 0 : slash + 1));
}

/// "arn:aws:s3:::bucket/" of an object in it; empty for what is no path in anything.
std::string bucket_of(const std::string& arn) {
  const std::size_t slash = arn.find('/');
  return arn.find(":s3:") == std::string::npos || slash == std::string::npos
             ? std::string()
             : arn.substr(0, slash + 1);
}

class Generator {
 public:
  explicit Generator(bool widen) : widen_(widen) {}

  GeneratedPolicy run(const std::set<Permission>& needed) {
    std::map<Use, Texts> resources;
    for (const Permission& each : needed) {
      resources[{each.action, each.passed_to}].insert(resource_pattern(each));
    }
    // Those of the same resources together; the services of a role as well.
    std::map<std::pair<std::string, Texts>, Texts> statements;
    for (auto& [use, texts] : resources) {
      if (widen_) texts = widened(use.action, std::move(texts));
      if (texts.contains("*")) texts = {"*"};
      statements[{use.passed_to, texts}].insert(use.action);
    }
    write(statements);
    return std::move(out_);
  }

 private:
  Texts widened(const std::string& action, Texts texts) {
    std::map<std::string, Texts> buckets;
    for (const std::string& text : texts) buckets[bucket_of(text)].insert(text);
    for (const auto& [bucket, objects] : buckets) {
      if (bucket.empty() || objects.size() < kMostListedResources) continue;
      const std::string folder = common_folder(objects);
      out_.notes.push_back(action + " was needed on " + std::to_string(objects.size()) +
                           " objects below " + folder + " and is allowed on " + folder + "*");
      for (const std::string& object : objects) texts.erase(object);
      texts.insert(folder + "*");
    }
    return texts;
  }

  static Json one_or_list(const Texts& texts) {
    if (texts.size() == 1) return *texts.begin();
    return Json(std::vector<std::string>(texts.begin(), texts.end()));
  }

  void write(const std::map<std::pair<std::string, Texts>, Texts>& statements) {
    Json list = Json::array();
    for (const auto& [where, actions] : statements) {
      const auto& [passed_to, texts] = where;
      Json statement{
          {"Effect", "Allow"}, {"Action", one_or_list(actions)}, {"Resource", one_or_list(texts)}};
      if (!passed_to.empty()) {
        statement["Condition"] = {{"StringEquals", {{"iam:PassedToService", passed_to}}}};
      }
      list.push_back(std::move(statement));
    }
    const Json document{{"Version", "2012-10-17"}, {"Statement", std::move(list)}};
    out_.document = document.dump(2, ' ', false, Json::error_handler_t::replace);
    const auto size = document.dump(-1, ' ', false, Json::error_handler_t::replace).size();
    if (size > kMaxManagedPolicy) {
      out_.notes.push_back("the policy has " + std::to_string(size) +
                           " characters, and a managed policy may have " +
                           std::to_string(kMaxManagedPolicy));
    }
  }

  const bool widen_;
  GeneratedPolicy out_;
};

}  // namespace

GeneratedPolicy generate_policy(const std::set<Permission>& needed, bool widen) {
  return Generator(widen).run(needed);
}

}  // namespace imdsd::iam
