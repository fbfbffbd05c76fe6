// SPDX-License-Identifier: MIT
// Condition blocks and the keys they look at
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "iam/condition_arn.h"
#include "iam/condition_binary.h"
#include "iam/condition_bool.h"
#include "iam/condition_date.h"
#include "iam/condition_ip.h"
#include "iam/condition_keys.h"
#include "iam/condition_null.h"
#include "iam/condition_numeric.h"
#include "iam/condition_string.h"

namespace imdsd::iam {

/// How a key with several values is taken. `none`: a key with more than one value does not match.
enum class Quantifier { none, for_all_values, for_any_value };

using ConditionTest = std::variant<StringCondition, NumericCondition, DateCondition, BoolCondition,
                                   BinaryCondition, IpCondition, ArnCondition, NullCondition>;

/// One key under one operator. Value type; its values were read when the policy was parsed.
class Condition {
 public:
  /// `op`: "ForAnyValue:StringNotLikeIfExists"; without case. Errc::not_found for an operator that
  /// there is not, Errc::invalid_argument for a value that the operator cannot read; both quote the
  /// text. `variables`: the policy's version has them.
  [[nodiscard]] static base::Result<Condition> make(std::string_view op, std::string_view key,
                                                    const std::vector<std::string>& values,
                                                    bool variables);

  [[nodiscard]] bool holds(const ConditionKeys& keys) const;
  /// In lower case.
  [[nodiscard]] const std::string& key() const noexcept { return key_.text(); }
  [[nodiscard]] const std::string& op() const noexcept { return op_; }

 private:
  [[nodiscard]] bool value_holds(std::string_view value, const ConditionKeys& keys) const;
  [[nodiscard]] bool holds_without_value() const;

  std::string op_;  // as it was written
  ConditionKeyName key_;
  Quantifier quantifier_ = Quantifier::none;
  bool negated_ = false;
  bool if_exists_ = false;
  ConditionTest test_;
};

}  // namespace imdsd::iam
