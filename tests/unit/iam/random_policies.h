// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/iam/evaluation_case.h"

/// Random policies and requests that meet each other often: few actions, resources, keys and
/// values.
namespace imdsd::iam::random_policies {

using Json = nlohmann::ordered_json;

class Generator {
 public:
  explicit Generator(unsigned seed) : engine_(seed) {}

  std::size_t below(std::size_t limit) { return engine_() % limit; }
  bool one_in(std::size_t chances) { return below(chances) == 0; }

  template <std::size_t N>
  std::string pick(const std::string_view (&from)[N]) {
    return std::string(from[below(N)]);
  }

  /// A statement of an identity policy, or of a resource policy of 123456789012.
  Json statement(bool for_resource) {
    Json out{{"Effect", one_in(3) ? "Deny" : "Allow"}};
    if (for_resource) out["Principal"] = principal_element();
    out[one_in(6) ? "NotAction" : "Action"] = one_or_two([&] { return pick(kActions); });
    out[one_in(6) ? "NotResource" : "Resource"] = one_or_two([&] { return pick(kResources); });
    if (one_in(2)) out["Condition"] = condition();
    return out;
  }

  Json policy(bool for_resource, std::size_t most = 4) {
    Json statements = Json::array();
    for (std::size_t i = 1 + below(most); i > 0; --i) statements.push_back(statement(for_resource));
    return {{"Version", "2012-10-17"}, {"Statement", std::move(statements)}};
  }

  std::string action() { return pick(kRequestActions); }
  aws::Arn resource() { return *aws::Arn::parse(pick(kRequestResources)); }

  void set_keys(ConditionKeys& keys) {
    if (!one_in(3)) keys.set("aws:username", pick(kNames));
    if (!one_in(3)) keys.set("aws:SourceIp", pick(kAddresses));
    if (!one_in(3)) keys.set("aws:SecureTransport", std::string(one_in(2) ? "true" : "false"));
    if (!one_in(3)) keys.set("aws:MultiFactorAuthAge", std::to_string(below(4) * 100));
    if (!one_in(3)) keys.set("aws:CurrentTime", pick(kTimes));
    if (!one_in(3)) keys.set("aws:SourceArn", pick(kRequestResources));
    if (one_in(3)) return;
    std::vector<std::string> tag_keys;
    for (std::size_t i = below(3); i > 0; --i) tag_keys.push_back(pick(kNames));
    keys.set("aws:TagKeys", std::move(tag_keys));
  }

 private:
  template <class Make>
  Json one_or_two(Make make) {
    if (one_in(2)) return make();
    return Json::array({make(), make()});
  }

  Json principal_element() {
    switch (below(6)) {
      case 0:
        return "*";
      case 1:
        return {{"AWS", "123456789012"}};
      case 2:
        return {{"AWS", "arn:aws:iam::123456789012:user/team/u"}};
      case 3:
        return {{"AWS", "arn:aws:iam::123456789012:role/app/r"}};
      case 4:
        return {{"AWS", "arn:aws:sts::123456789012:assumed-role/r/s"}};
      default:
        return {{"AWS", "arn:aws:iam::999999999999:root"}};
    }
  }

  Json condition() {
    const std::string negation = one_in(3) ? "Not" : "";
    const std::string if_exists = one_in(4) ? "IfExists" : "";
    switch (below(9)) {
      case 0:
        return one("String" + negation + "Equals" + if_exists, "aws:username", kNames);
      case 1:
        return one("String" + negation + "Like" + if_exists, "aws:username", kNamePatterns);
      case 2:
        return one(negation + "IpAddress" + if_exists, "aws:SourceIp", kRanges);
      case 3:
        return one("Bool" + if_exists, "aws:SecureTransport", kBooleans);
      case 4:
        return one((one_in(2) ? "NumericLessThan" : "NumericGreaterThanEquals") + if_exists,
                   "aws:MultiFactorAuthAge", kNumbers);
      case 5:
        return one((one_in(2) ? "DateGreaterThan" : "DateLessThanEquals") + if_exists,
                   "aws:CurrentTime", kTimes);
      case 6:
        return one("Arn" + negation + "Like" + if_exists, "aws:SourceArn", kArnPatterns);
      case 7:
        return one("Null", "aws:username", kBooleans);
      default:
        return one((one_in(2) ? "ForAllValues:String" : "ForAnyValue:String") + negation + "Equals",
                   "aws:TagKeys", kNames);
    }
  }

  template <std::size_t N>
  Json one(const std::string& op, const std::string& key, const std::string_view (&values)[N]) {
    return {{op, {{key, one_or_two([&] { return pick(values); })}}}};
  }

  static constexpr std::string_view kActions[] = {
      "*", "s3:*", "s3:Get*", "s3:GetObject", "S3:putob*", "s3:?etO*", "iam:*", "iam:GetRole"};
  static constexpr std::string_view kRequestActions[] = {"s3:GetObject", "s3:PutObject",
                                                         "iam:GetRole"};
  static constexpr std::string_view kResources[] = {"*",
                                                    "arn:aws:s3:::b/*",
                                                    "arn:aws:s3:::b/ann/x",
                                                    "arn:aws:s3:::b/${aws:username}/*",
                                                    "arn:aws:s3:::*/x",
                                                    "arn:aws:s3:::b/a?n/x",
                                                    "arn:aws:iam::*:role/r",
                                                    "arn:aws:s3:::b/${aws:username, 'bob'}/x"};
  static constexpr std::string_view kRequestResources[] = {"arn:aws:s3:::b/ann/x",
                                                           "arn:aws:s3:::b/bob/x", "arn:aws:s3:::c",
                                                           "arn:aws:iam::123456789012:role/r"};
  static constexpr std::string_view kArnPatterns[] = {"arn:aws:s3:::*", "arn:aws:s3:::b/ann/x",
                                                      "arn:aws:iam::*:role/*", "arn:*:*:*:*:c"};
  static constexpr std::string_view kNames[] = {"ann", "bob", "Ann"};
  static constexpr std::string_view kNamePatterns[] = {"a*", "?nn", "*", "${aws:username}"};
  static constexpr std::string_view kAddresses[] = {"192.0.2.1", "198.51.100.7", "2001:db8::1"};
  static constexpr std::string_view kRanges[] = {"192.0.2.0/24", "198.51.100.7", "2001:db8::/32",
                                                 "0.0.0.0/0"};
  static constexpr std::string_view kBooleans[] = {"true", "false"};
  static constexpr std::string_view kNumbers[] = {"0", "100", "250"};
  static constexpr std::string_view kTimes[] = {"2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z",
                                                "2027-01-01T00:00:00Z"};

  std::mt19937 engine_;  // the same numbers everywhere, unlike the distributions
};

}  // namespace imdsd::iam::random_policies
