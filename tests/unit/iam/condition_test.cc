// SPDX-License-Identifier: MIT
#include "iam/condition.h"

#include <map>

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

using Values = std::vector<std::string>;

struct Case {
  std::string name, op;
  Values policy;
  std::optional<Values> request;  // none: the key is absent
  bool expected;
};

class Conditions : public testing::TestWithParam<Case> {};

TEST_P(Conditions, Hold) {
  const Case& c = GetParam();
  ConditionKeys keys;
  keys.set("aws:username", std::string("ann"));
  keys.set("aws:PrincipalAccount", std::string("123456789012"));
  if (c.request) keys.set("ctx:Key", *c.request);
  const auto condition = Condition::make(c.op, "CTX:key", c.policy, true);
  ASSERT_TRUE(condition) << condition.error().message;
  EXPECT_EQ(condition->holds(keys), c.expected) << c.op;
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

const std::nullopt_t kAbsent = std::nullopt;

const Case kStrings[] = {
    {"Equals", "StringEquals", {"a"}, Values{"a"}, true},
    {"EqualsOther", "StringEquals", {"a"}, Values{"b"}, false},
    {"EqualsCase", "StringEquals", {"a"}, Values{"A"}, false},
    {"EqualsAnyOfValues", "StringEquals", {"a", "b"}, Values{"b"}, true},
    {"EqualsNoValues", "StringEquals", {}, Values{"b"}, false},
    {"EqualsAbsent", "StringEquals", {"a"}, kAbsent, false},
    {"EqualsEmptyValue", "StringEquals", {""}, Values{""}, true},
    {"EqualsStarIsCharacter", "StringEquals", {"*"}, Values{"a"}, false},
    {"EqualsVariable", "StringEquals", {"${aws:username}"}, Values{"ann"}, true},
    {"EqualsAbsentVariable", "StringEquals", {"${aws:userid}"}, Values{"ann"}, false},
    {"NotEquals", "StringNotEquals", {"a"}, Values{"b"}, true},
    {"NotEqualsSame", "StringNotEquals", {"a"}, Values{"a"}, false},
    {"NotEqualsOneOfValues", "StringNotEquals", {"a", "b"}, Values{"b"}, false},
    {"NotEqualsNoneOfValues", "StringNotEquals", {"a", "b"}, Values{"c"}, true},
    {"NotEqualsAbsent", "StringNotEquals", {"a"}, kAbsent, true},
    {"NotEqualsAbsentVariable", "StringNotEquals", {"${aws:userid}"}, Values{"ann"}, true},
    {"IgnoreCase", "StringEqualsIgnoreCase", {"aB"}, Values{"Ab"}, true},
    {"IgnoreCaseOther", "StringEqualsIgnoreCase", {"ab"}, Values{"abc"}, false},
    {"IgnoreCaseVariable", "StringEqualsIgnoreCase", {"${aws:username}"}, Values{"ANN"}, true},
    {"NotIgnoreCase", "StringNotEqualsIgnoreCase", {"ab"}, Values{"AB"}, false},
    {"NotIgnoreCaseAbsent", "StringNotEqualsIgnoreCase", {"ab"}, kAbsent, true},
    {"Like", "StringLike", {"a*c?"}, Values{"abbcd"}, true},
    {"LikeCase", "StringLike", {"A*"}, Values{"abc"}, false},
    {"LikeOther", "StringLike", {"b*", "c*"}, Values{"abc"}, false},
    {"LikeVariable", "StringLike", {"home/${aws:username}/*"}, Values{"home/ann/x"}, true},
    {"NotLike", "StringNotLike", {"b*", "c*"}, Values{"abc"}, true},
    {"NotLikeMatch", "StringNotLike", {"b*", "a*"}, Values{"abc"}, false},
    {"OperatorWithoutCase", "stringequals", {"a"}, Values{"a"}, true},
};
INSTANTIATE_TEST_SUITE_P(String, Conditions, testing::ValuesIn(kStrings), case_name);

const Case kNumbers[] = {
    {"Equals", "NumericEquals", {"10"}, Values{"10.0"}, true},
    {"EqualsOther", "NumericEquals", {"10"}, Values{"11"}, false},
    {"EqualsNegative", "NumericEquals", {"-1.5"}, Values{"-1.50"}, true},
    {"EqualsPlus", "NumericEquals", {"+3"}, Values{"3"}, true},
    {"EqualsAbsent", "NumericEquals", {"10"}, kAbsent, false},
    {"NotEquals", "NumericNotEquals", {"10"}, Values{"11"}, true},
    {"NotEqualsSame", "NumericNotEquals", {"9", "10"}, Values{"10"}, false},
    {"NotEqualsAbsent", "NumericNotEquals", {"10"}, kAbsent, true},
    {"NotEqualsUnreadable", "NumericNotEquals", {"10"}, Values{"ten"}, false},
    {"Less", "NumericLessThan", {"10"}, Values{"9"}, true},
    {"LessSame", "NumericLessThan", {"10"}, Values{"10"}, false},
    {"LessEquals", "NumericLessThanEquals", {"10"}, Values{"10"}, true},
    {"LessEqualsMore", "NumericLessThanEquals", {"10"}, Values{"10.5"}, false},
    {"Greater", "NumericGreaterThan", {"10"}, Values{"10.5"}, true},
    {"GreaterSame", "NumericGreaterThan", {"10"}, Values{"10"}, false},
    {"GreaterEquals", "NumericGreaterThanEquals", {"10"}, Values{"10"}, true},
    {"GreaterEqualsLess", "NumericGreaterThanEquals", {"10"}, Values{"9"}, false},
    {"Unreadable", "NumericLessThan", {"10"}, Values{"x"}, false},
    {"UnreadableTail", "NumericLessThan", {"10"}, Values{"5x"}, false},
    {"Infinity", "NumericGreaterThan", {"10"}, Values{"inf"}, false},
};
INSTANTIATE_TEST_SUITE_P(Numeric, Conditions, testing::ValuesIn(kNumbers), case_name);

const Case kDates[] = {
    {"Equals", "DateEquals", {"2026-01-02T03:04:05Z"}, Values{"2026-01-02T03:04:05Z"}, true},
    {"EqualsOtherZone",
     "DateEquals",
     {"2026-01-02T04:04:05+01:00"},
     Values{"2026-01-02T03:04:05Z"},
     true},
    {"EqualsEpoch", "DateEquals", {"1767323045"}, Values{"2026-01-02T03:04:05Z"}, true},
    {"EqualsAbsent", "DateEquals", {"2026-01-02"}, kAbsent, false},
    {"NotEquals", "DateNotEquals", {"2026-01-02"}, Values{"2026-01-03T00:00:00Z"}, true},
    {"NotEqualsSame", "DateNotEquals", {"2026-01-02"}, Values{"2026-01-02T00:00:00Z"}, false},
    {"NotEqualsUnreadable", "DateNotEquals", {"2026-01-02"}, Values{"yesterday"}, false},
    {"Less", "DateLessThan", {"2026-01-02T00:00:00Z"}, Values{"2026-01-01T23:59:59Z"}, true},
    {"LessSame", "DateLessThan", {"2026-01-02T00:00:00Z"}, Values{"2026-01-02T00:00:00Z"}, false},
    {"LessEqualsSame",
     "DateLessThanEquals",
     {"2026-01-02T00:00:00Z"},
     Values{"2026-01-02T00:00:00Z"},
     true},
    {"Greater",
     "DateGreaterThan",
     {"2026-01-02T00:00:00Z"},
     Values{"2026-01-02T00:00:00.5Z"},
     true},
    {"GreaterSame", "DateGreaterThan", {"2026-01-02"}, Values{"2026-01-02T00:00:00Z"}, false},
    {"GreaterEqualsSame",
     "DateGreaterThanEquals",
     {"2026-01-02"},
     Values{"2026-01-02T00:00:00Z"},
     true},
    {"GreaterEqualsLess",
     "DateGreaterThanEquals",
     {"2026-01-02"},
     Values{"2025-12-31T00:00:00Z"},
     false},
};
INSTANTIATE_TEST_SUITE_P(Date, Conditions, testing::ValuesIn(kDates), case_name);

const Case kOthers[] = {
    {"BoolTrue", "Bool", {"true"}, Values{"true"}, true},
    {"BoolWithoutCase", "Bool", {"True"}, Values{"TRUE"}, true},
    {"BoolFalse", "Bool", {"false"}, Values{"true"}, false},
    {"BoolAbsent", "Bool", {"false"}, kAbsent, false},
    {"BoolUnreadable", "Bool", {"true"}, Values{"yes"}, false},
    {"BoolIfExistsAbsent", "BoolIfExists", {"true"}, kAbsent, true},
    {"BoolIfExistsThere", "BoolIfExists", {"true"}, Values{"false"}, false},
    {"NullTrueAbsent", "Null", {"true"}, kAbsent, true},
    {"NullTrueThere", "Null", {"true"}, Values{"x"}, false},
    {"NullFalseAbsent", "Null", {"false"}, kAbsent, false},
    {"NullFalseThere", "Null", {"false"}, Values{"x"}, true},
    {"NullBoth", "Null", {"true", "false"}, Values{"x"}, true},
    {"NullEmptySet", "Null", {"true"}, Values{}, true},
    {"Binary", "BinaryEquals", {"QmluYXJ5"}, Values{"QmluYXJ5"}, true},
    {"BinaryOther", "BinaryEquals", {"QmluYXJ5"}, Values{"QmluYXJ6"}, false},
    {"BinaryUnreadable", "BinaryEquals", {""}, Values{"%%%"}, false},
};
INSTANTIATE_TEST_SUITE_P(Other, Conditions, testing::ValuesIn(kOthers), case_name);

const Case kAddresses[] = {
    {"In", "IpAddress", {"203.0.113.0/24"}, Values{"203.0.113.255"}, true},
    {"Out", "IpAddress", {"203.0.113.0/24"}, Values{"203.0.114.0"}, false},
    {"OneAddress", "IpAddress", {"203.0.113.7"}, Values{"203.0.113.7"}, true},
    {"OneAddressOther", "IpAddress", {"203.0.113.7"}, Values{"203.0.113.8"}, false},
    {"OddLength", "IpAddress", {"10.0.0.0/13"}, Values{"10.7.255.255"}, true},
    {"OddLengthOut", "IpAddress", {"10.0.0.0/13"}, Values{"10.8.0.0"}, false},
    {"All", "IpAddress", {"0.0.0.0/0"}, Values{"8.8.8.8"}, true},
    {"AllIsOneFamily", "IpAddress", {"0.0.0.0/0"}, Values{"2001:db8::1"}, false},
    {"V6", "IpAddress", {"2001:db8::/33"}, Values{"2001:db8:7fff::1"}, true},
    {"V6Out", "IpAddress", {"2001:db8::/33"}, Values{"2001:db8:8000::1"}, false},
    {"Mapped", "IpAddress", {"203.0.113.0/24"}, Values{"::ffff:203.0.113.1"}, true},
    {"MappedRange", "IpAddress", {"::ffff:203.0.113.0/120"}, Values{"203.0.113.1"}, true},
    {"AnyOf", "IpAddress", {"10.0.0.0/8", "192.168.0.0/16"}, Values{"192.168.1.1"}, true},
    {"Absent", "IpAddress", {"10.0.0.0/8"}, kAbsent, false},
    {"Unreadable", "IpAddress", {"10.0.0.0/8"}, Values{"localhost"}, false},
    {"NotOut", "NotIpAddress", {"10.0.0.0/8", "192.168.0.0/16"}, Values{"8.8.8.8"}, true},
    {"NotIn", "NotIpAddress", {"10.0.0.0/8", "192.168.0.0/16"}, Values{"192.168.1.1"}, false},
    {"NotAbsent", "NotIpAddress", {"10.0.0.0/8"}, kAbsent, true},
};
INSTANTIATE_TEST_SUITE_P(Ip, Conditions, testing::ValuesIn(kAddresses), case_name);

const Case kArns[] = {
    {"Equals",
     "ArnEquals",
     {"arn:aws:iam::123456789012:role/r"},
     Values{"arn:aws:iam::123456789012:role/r"},
     true},
    {"EqualsTakesWildcards",
     "ArnEquals",
     {"arn:aws:iam::*:role/*"},
     Values{"arn:aws:iam::123456789012:role/a/b"},
     true},
    {"Like",
     "ArnLike",
     {"arn:aws:iam::123456789012:role/app-?"},
     Values{"arn:aws:iam::123456789012:role/app-1"},
     true},
    {"LikeOther",
     "ArnLike",
     {"arn:aws:iam::123456789012:role/app-?"},
     Values{"arn:aws:iam::123456789012:role/app-12"},
     false},
    {"StarStaysInSegment",
     "ArnLike",
     {"arn:aws:iam:*:role/r"},
     Values{"arn:aws:iam::123456789012:role/r"},
     false},
    {"LastTakesColons",
     "ArnLike",
     {"arn:aws:sns:us-east-1:123456789012:*"},
     Values{"arn:aws:sns:us-east-1:123456789012:t:sub"},
     true},
    {"VariableInAnySegment",
     "ArnLike",
     {"arn:aws:iam::${aws:PrincipalAccount}:role/*"},
     Values{"arn:aws:iam::123456789012:role/r"},
     true},
    {"Star", "ArnLike", {"*"}, Values{"arn:aws:iam::123456789012:role/r"}, true},
    {"NotAnArn", "ArnLike", {"*"}, Values{"role/r"}, false},
    {"Absent", "ArnLike", {"*"}, kAbsent, false},
    {"NotEquals",
     "ArnNotEquals",
     {"arn:aws:iam::*:role/a"},
     Values{"arn:aws:iam::123456789012:role/b"},
     true},
    {"NotEqualsMatch",
     "ArnNotEquals",
     {"arn:aws:iam::*:role/a"},
     Values{"arn:aws:iam::123456789012:role/a"},
     false},
    {"NotLikeAbsent", "ArnNotLike", {"arn:aws:iam::*:role/a"}, kAbsent, true},
};
INSTANTIATE_TEST_SUITE_P(Arn, Conditions, testing::ValuesIn(kArns), case_name);

const Case kSets[] = {
    {"AllIn", "ForAllValues:StringEquals", {"a", "b", "c"}, Values{"a", "c"}, true},
    {"AllButOne", "ForAllValues:StringEquals", {"a", "b"}, Values{"a", "c"}, false},
    {"AllOfNone", "ForAllValues:StringEquals", {"a"}, Values{}, true},
    {"AllAbsent", "ForAllValues:StringEquals", {"a"}, kAbsent, true},
    {"AllNegated", "ForAllValues:StringNotEquals", {"a", "b"}, Values{"c", "d"}, true},
    {"AllNegatedOneIn", "ForAllValues:StringNotEquals", {"a", "b"}, Values{"c", "a"}, false},
    {"AnyIn", "ForAnyValue:StringEquals", {"a"}, Values{"c", "a"}, true},
    {"AnyNone", "ForAnyValue:StringEquals", {"a"}, Values{"c", "d"}, false},
    {"AnyAbsent", "ForAnyValue:StringEquals", {"a"}, kAbsent, false},
    {"AnyEmpty", "ForAnyValue:StringEquals", {"a"}, Values{}, false},
    {"AnyNegatedAbsent", "ForAnyValue:StringNotEquals", {"a"}, kAbsent, false},
    {"AnyNegated", "ForAnyValue:StringNotEquals", {"a"}, Values{"a", "b"}, true},
    {"AnyIfExistsAbsent", "ForAnyValue:StringLikeIfExists", {"a*"}, kAbsent, true},
    {"AllIfExists", "forallvalues:stringlikeifexists", {"a*"}, Values{"ab", "b"}, false},
    {"PlainOnSeveral", "StringEquals", {"a"}, Values{"a", "a"}, false},
    {"PlainNegatedOnSeveral", "StringNotEquals", {"c"}, Values{"a", "b"}, false},
    {"IfExistsThere", "StringEqualsIfExists", {"a"}, Values{"b"}, false},
    {"IfExistsAbsent", "StringEqualsIfExists", {"a"}, kAbsent, true},
    {"NotIfExistsAbsent", "StringNotEqualsIfExists", {"a"}, kAbsent, true},
};
INSTANTIATE_TEST_SUITE_P(Set, Conditions, testing::ValuesIn(kSets), case_name);

TEST(Condition, RefusesUnknownOperatorsByName) {
  for (const std::string op :
       {"StringEqual", "", "IfExists", "ForAllValues:", "NullIfExists", "ForAnyValue:Null",
        "BoolNot", "ForSomeValues:StringEquals", "StringEqualsIfExistsIfExists"}) {
    const auto condition = Condition::make(op, "aws:username", {"x"}, true);
    ASSERT_FALSE(condition) << op;
    EXPECT_EQ(condition.error().code, base::Errc::not_found);
    EXPECT_NE(condition.error().message.find("`" + op + "`"), std::string::npos);
  }
}

TEST(Condition, RefusesValuesItCannotRead) {
  const std::pair<std::string, std::string> cases[] = {
      {"NumericEquals", "ten"},
      {"NumericEquals", ""},
      {"NumericEquals", "nan"},
      {"NumericEquals", "1 "},
      {"NumericEquals", "1e999"},
      {"DateEquals", "today"},
      {"Bool", "yes"},
      {"Null", ""},
      {"BinaryEquals", "***"},
      {"IpAddress", "10.0.0.0/33"},
      {"IpAddress", "10.0.0"},
      {"IpAddress", "10.0.0.01"},
      {"IpAddress", "10.0.0.256"},
      {"IpAddress", "10.0.0.1.2"},
      {"IpAddress", "10..0.1"},
      {"IpAddress", "1234.0.0.1"},
      {"IpAddress", "::1/129"},
      {"IpAddress", "10.0.0.0/"},
      {"IpAddress", "10.0.0.0/-1"},
      {"ArnLike", "role/r"},
      {"StringLike", "${open"},
      {"ArnEquals", "arn:aws:s3:::${open"},
  };
  for (const auto& [op, value] : cases) {
    const auto condition = Condition::make(op, "k:k", {value}, true);
    ASSERT_FALSE(condition) << op << " " << value;
    EXPECT_EQ(condition.error().code, base::Errc::invalid_argument) << op << " " << value;
  }
}

TEST(Condition, OldVersionTakesVariablesLiterally) {
  ConditionKeys keys;
  keys.set("aws:username", std::string("ann"));
  keys.set("k:k", std::string("${aws:username}"));
  EXPECT_TRUE(Condition::make("StringEquals", "k:k", {"${aws:username}"}, false)->holds(keys));
  EXPECT_FALSE(Condition::make("StringEquals", "k:k", {"${aws:username}"}, true)->holds(keys));
}

TEST(Condition, KeepsItsOperatorAndKey) {
  const auto condition = Condition::make("StringLike", "AWS:UserName", {"x"}, true);
  EXPECT_EQ(condition->op(), "StringLike");
  EXPECT_EQ(condition->key(), "aws:username");
}

}  // namespace
}  // namespace imdsd::iam
