// SPDX-License-Identifier: MIT
#include "iam/condition.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/codec.h"

namespace imdsd::iam {
namespace {

enum class Family {
  string_equals,
  string_equals_ignore_case,
  string_like,
  numeric,
  date,
  boolean,
  binary,
  ip_address,
  arn,
  null,
};

struct Operator {
  std::string_view name;
  Family family;
  bool negated = false;
  Ordering ordering = Ordering::equal;
};

constexpr std::array<Operator, 27> kOperators{{
    {"StringEquals", Family::string_equals},
    {"StringNotEquals", Family::string_equals, true},
    {"StringEqualsIgnoreCase", Family::string_equals_ignore_case},
    {"StringNotEqualsIgnoreCase", Family::string_equals_ignore_case, true},
    {"StringLike", Family::string_like},
    {"StringNotLike", Family::string_like, true},
    {"NumericEquals", Family::numeric},
    {"NumericNotEquals", Family::numeric, true},
    {"NumericLessThan", Family::numeric, false, Ordering::less},
    {"NumericLessThanEquals", Family::numeric, false, Ordering::less_or_equal},
    {"NumericGreaterThan", Family::numeric, false, Ordering::greater},
    {"NumericGreaterThanEquals", Family::numeric, false, Ordering::greater_or_equal},
    {"DateEquals", Family::date},
    {"DateNotEquals", Family::date, true},
    {"DateLessThan", Family::date, false, Ordering::less},
    {"DateLessThanEquals", Family::date, false, Ordering::less_or_equal},
    {"DateGreaterThan", Family::date, false, Ordering::greater},
    {"DateGreaterThanEquals", Family::date, false, Ordering::greater_or_equal},
    {"Bool", Family::boolean},
    {"BinaryEquals", Family::binary},
    {"IpAddress", Family::ip_address},
    {"NotIpAddress", Family::ip_address, true},
    {"ArnEquals", Family::arn},
    {"ArnNotEquals", Family::arn, true},
    {"ArnLike", Family::arn},
    {"ArnNotLike", Family::arn, true},
    {"Null", Family::null},
}};

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (text.size() < prefix.size() ||
      !base::equals_ignoring_case(text.substr(0, prefix.size()), prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (text.size() < suffix.size() ||
      !base::equals_ignoring_case(text.substr(text.size() - suffix.size()), suffix)) {
    return false;
  }
  text.remove_suffix(suffix.size());
  return true;
}

const Operator* find_operator(std::string_view name) {
  const auto found = std::find_if(
      kOperators.begin(), kOperators.end(),
      [&](const Operator& candidate) { return base::equals_ignoring_case(candidate.name, name); });
  return found == kOperators.end() ? nullptr : &*found;
}

/// A family's Result as that of the variant.
template <class T>
base::Result<ConditionTest> as_test(base::Result<T> parsed) {
  IMDSD_TRY(T test, std::move(parsed));
  return ConditionTest(std::move(test));
}

base::Result<ConditionTest> parse_test(const Operator& op, const std::vector<std::string>& values,
                                       bool variables) {
  switch (op.family) {
    case Family::string_equals:
      return as_test(StringCondition::parse(values, {.wildcards = false, .variables = variables}));
    case Family::string_equals_ignore_case:
      return as_test(StringCondition::parse(
          values, {.wildcards = false, .variables = variables, .ignore_case = true}));
    case Family::string_like:
      return as_test(StringCondition::parse(values, {.variables = variables}));
    case Family::numeric:
      return as_test(NumericCondition::parse(values, op.ordering));
    case Family::date:
      return as_test(DateCondition::parse(values, op.ordering));
    case Family::boolean:
      return as_test(BoolCondition::parse(values));
    case Family::binary:
      return as_test(BinaryCondition::parse(values));
    case Family::ip_address:
      return as_test(IpCondition::parse(values));
    case Family::arn:
      return as_test(ArnCondition::parse(values, variables));
    case Family::null:
      return as_test(NullCondition::parse(values));
  }
  return base::fail(base::Errc::internal, "condition operator of no family");
}

}  // namespace

base::Result<Condition> Condition::make(std::string_view op, std::string_view key,
                                        const std::vector<std::string>& values, bool variables) {
  Condition condition;
  condition.op_ = op;
  condition.key_ = ConditionKeyName(key);
  std::string_view name = op;
  if (take_prefix(name, "ForAllValues:")) {
    condition.quantifier_ = Quantifier::for_all_values;
  } else if (take_prefix(name, "ForAnyValue:")) {
    condition.quantifier_ = Quantifier::for_any_value;
  }
  condition.if_exists_ = take_suffix(name, "IfExists");
  const Operator* found = find_operator(name);
  const bool plain = condition.quantifier_ == Quantifier::none && !condition.if_exists_;
  // Null asks whether a key exists: it knows neither IfExists nor a set of values.
  if (found == nullptr || (found->family == Family::null && !plain)) {
    return base::fail(base::Errc::not_found,
                      "there is no condition operator `" + std::string(op) + "`");
  }
  condition.negated_ = found->negated;
  IMDSD_TRY(condition.test_, parse_test(*found, values, variables));
  return condition;
}

bool Condition::holds_without_value() const {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_operators.html:
  // "IfExists", and the sets that are empty.
  if (if_exists_ || quantifier_ == Quantifier::for_all_values) return true;
  return quantifier_ == Quantifier::none && negated_;
}

bool Condition::value_holds(std::string_view value, const ConditionKeys& keys) const {
  struct Visitor {
    std::string_view value;
    const ConditionKeys& keys;
    bool negated;
    bool operator()(const StringCondition& test) const {
      return test.matches(value, keys) != negated;
    }
    bool operator()(const NumericCondition& test) const { return test.matches(value) == !negated; }
    bool operator()(const DateCondition& test) const { return test.matches(value) == !negated; }
    bool operator()(const BoolCondition& test) const { return test.matches(value); }
    bool operator()(const BinaryCondition& test) const { return test.matches(value); }
    bool operator()(const IpCondition& test) const { return test.matches(value) != negated; }
    bool operator()(const ArnCondition& test) const { return test.matches(value, keys) != negated; }
    bool operator()(const NullCondition& test) const { return test.matches(true); }
  };
  return std::visit(Visitor{value, keys, negated_}, test_);
}

bool Condition::holds(const ConditionKeys& keys) const {
  const std::vector<std::string>* values = keys.find(key_);
  const bool absent = values == nullptr || values->empty();
  if (const auto* null = std::get_if<NullCondition>(&test_)) return null->matches(!absent);
  if (absent) return holds_without_value();
  const auto one_holds = [&](const std::string& value) { return value_holds(value, keys); };
  switch (quantifier_) {
    case Quantifier::for_all_values:
      return std::all_of(values->begin(), values->end(), one_holds);
    case Quantifier::for_any_value:
      return std::any_of(values->begin(), values->end(), one_holds);
    case Quantifier::none:
      break;
  }
  return values->size() == 1 && one_holds(values->front());
}

}  // namespace imdsd::iam
