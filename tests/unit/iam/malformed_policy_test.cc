// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "iam/policy_document.h"
#include "tests/unit/iam/policy_text.h"

namespace imdsd::iam {
namespace {

using namespace policy_text;

struct Malformed {
  std::string name;
  PolicyKind kind;
  std::string text;
  std::string message;
};

class MalformedPolicies : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedPolicies, GetTheTextOfAws) {
  const auto parsed = parse_policy(GetParam().text, GetParam().kind);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message, GetParam().message) << parsed.error().detail;
}

const std::string kSyntax = "Syntax errors in policy.";
const std::string kLegacy = "The policy failed legacy parsing";
const std::string kIamPaths =
    "IAM resource path must either be \"*\", root, or start with user/, federated-user/, role/, "
    "group/, "
    "instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, "
    "oidc-provider/, report/, access-report/.";

const Malformed kIdentity[] = {
    {"Empty", PolicyKind::identity, "", kSyntax},
    {"NotJson", PolicyKind::identity, "{", kSyntax},
    {"NotAnObject", PolicyKind::identity, "[]", kSyntax},
    {"DuplicateKey", PolicyKind::identity,
     R"({"Version":"2012-10-17","Version":"2012-10-17","Statement":{)"
     R"("Effect":"Allow","Action":"*","Resource":"*"}})",
     kSyntax},
    {"UnknownTopElement", PolicyKind::identity, R"({"Statements":[]})", kSyntax},
    {"UnknownElement", PolicyKind::identity, statement(R"("Actions":"*","Resource":"*")"), kSyntax},
    {"ElementNamesHaveCase", PolicyKind::identity, statement(R"("action":"*","Resource":"*")"),
     kSyntax},
    {"Version", PolicyKind::identity,
     R"({"Version":"2012-10-18","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})",
     kSyntax},
    {"VersionIsText", PolicyKind::identity,
     R"({"Version":20121017,"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})", kSyntax},
    {"IdIsText", PolicyKind::identity,
     R"({"Id":1,"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})", kSyntax},
    {"NoStatement", PolicyKind::identity, R"({"Version":"2012-10-17"})", kSyntax},
    {"EmptyStatement", PolicyKind::identity, R"({"Statement":[]})", kSyntax},
    {"StatementIsText", PolicyKind::identity, R"({"Statement":"x"})", kSyntax},
    {"StatementOfText", PolicyKind::identity, R"({"Statement":["x"]})", kSyntax},
    {"NoEffect", PolicyKind::identity, R"({"Statement":{"Action":"*","Resource":"*"}})", kSyntax},
    {"Effect", PolicyKind::identity,
     R"({"Statement":{"Effect":"Permit","Action":"*","Resource":"*"}})", kSyntax},
    {"EffectCase", PolicyKind::identity,
     R"({"Statement":{"Effect":"allow","Action":"*","Resource":"*"}})", kLegacy},
    {"SidIsText", PolicyKind::identity, statement(R"("Sid":1,"Action":"*","Resource":"*")"),
     kSyntax},
    {"SidCharacters", PolicyKind::identity, statement(R"("Sid":"a b","Action":"*","Resource":"*")"),
     "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
     "expression [0-9A-Za-z]*"},
    {"SidTwice", PolicyKind::identity,
     R"({"Statement":[{"Sid":"a","Effect":"Allow","Action":"*",)"
     R"("Resource":"*"},{"Sid":"a","Effect":"Allow","Action":"*",)"
     R"("Resource":"*"}]})",
     "Statement IDs (SID) in a single policy must be unique."},
    {"NoAction", PolicyKind::identity, statement(R"("Resource":"*")"),
     "Policy statement must contain actions."},
    {"EmptyActions", PolicyKind::identity, with_action("[]"),
     "Policy statement must contain actions."},
    {"ActionIsText", PolicyKind::identity, with_action("1"), kSyntax},
    {"ActionsAreText", PolicyKind::identity, with_action("[{}]"), kSyntax},
    {"ActionAndNotAction", PolicyKind::identity,
     statement(R"("Action":"*","NotAction":"*","Resource":"*")"), kSyntax},
    {"ActionVendor", PolicyKind::identity, with_action(R"("invalid")"),
     "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
    {"ActionEmpty", PolicyKind::identity, with_action(R"("")"),
     "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
    {"ActionColons", PolicyKind::identity, with_action(R"(["s3:Get","a:b:c"])"),
     "Actions/Condition can contain only one colon."},
    {"ActionVendorText", PolicyKind::identity, with_action(R"("a a:b")"),
     "Vendor a a is not valid"},
    {"ActionVendorWildcard", PolicyKind::identity, with_action(R"("s*:b")"),
     "Vendor s* is not valid"},
    {"NoResource", PolicyKind::identity, statement(R"("Action":"*")"),
     "Policy statement must contain resources."},
    {"EmptyResources", PolicyKind::identity, statement(R"("Action":"*","NotResource":[])"),
     "Policy statement must contain resources."},
    {"ResourceIsText", PolicyKind::identity, statement(R"("Action":"*","Resource":{})"), kSyntax},
    {"ResourceAndNotResource", PolicyKind::identity,
     statement(R"("Action":"*","Resource":"*","NotResource":"*")"), kSyntax},
    {"ResourceArn", PolicyKind::identity, with_resource("invalid resource"),
     "Resource invalid resource must be in ARN format or \"*\"."},
    {"ResourcePartition", PolicyKind::identity, with_resource("arn:b:c:d:e:f:g:h"),
     "Partition \"b\" is not valid for resource \"arn:b:c:d:e:f:g:h\"."},
    {"ResourcePartitionShort", PolicyKind::identity, with_resource("arn:error"),
     "Partition \"error\" is not valid for resource \"arn:error:*:*:*:*\"."},
    {"ResourceService", PolicyKind::identity, with_resource("arn:aws"),
     "Resource vendor must be fully qualified and cannot contain regexes."},
    {"ResourceOfAnyService", PolicyKind::identity, with_resource("arn:aws:*:*:*:*"),
     "Resource vendor must be fully qualified and cannot contain regexes."},
    {"ResourceServiceWildcard", PolicyKind::identity, with_resource("arn:aws:s3*:::b"),
     "Resource vendor must be fully qualified and cannot contain regexes."},
    {"ResourceS3Region", PolicyKind::identity, with_resource("arn:aws:s3:us-east-1::x"),
     "Resource arn:aws:s3:us-east-1::x can not contain region information."},
    {"ResourceS3BucketInRegion", PolicyKind::identity,
     with_resource("arn:aws:s3:us-east-1:123456789012:bucket/x"),
     "Resource arn:aws:s3:us-east-1:123456789012:bucket/x can not contain region information."},
    {"ResourceOfOtherScheme", PolicyKind::identity, with_resource("urn:x:s3"),
     "Partition \"x\" is not valid for resource \"arn:x:s3:*:*:*\"."},
    {"ResourceWithoutScheme", PolicyKind::identity, with_resource("aws:sns:us-east-1:1:t"),
     "Partition \"sns\" is not valid for resource \"arn:sns:us-east-1:1:t:*\"."},
    {"ResourceOfOtherSchemeInAws", PolicyKind::identity, with_resource("urn:aws:s3:::x"), kLegacy},
    {"ResourceIamRegion", PolicyKind::identity, with_resource("arn:aws:iam:us-east-1::x"),
     "IAM resource arn:aws:iam:us-east-1::x cannot contain region information."},
    {"ResourceIamPath", PolicyKind::identity, with_resource("arn:aws:iam::123456789012:thing/x"),
     kIamPaths},
    {"ResourceDoubleColon", PolicyKind::identity, with_resource("arn:aws:s3::b"), kLegacy},
    {"ResourceUrn", PolicyKind::identity, with_resource("urn:aws:s3:::b"), kLegacy},
    {"ResourceOpenVariable", PolicyKind::identity, with_resource("arn:aws:s3:::b/${aws:username"),
     kLegacy},
    // As recorded from AWS: an earlier pass over the policy is first to tell.
    {"ResourceBeforeAction", PolicyKind::identity,
     statement(R"("Action":"s:3:ListBucket","Resource":"sdfsadf")"),
     "Resource sdfsadf must be in ARN format or \"*\"."},
    {"DoubleColonBeforeNoAction", PolicyKind::identity, statement(R"("Resource":"arn:aws:s3::x")"),
     kLegacy},
    {"DoubleColonBeforeOtherArn", PolicyKind::identity,
     statement(R"("Action":"*","Resource":["x","arn:aws:s3::x"])"), kLegacy},
    {"DateBeforeNoAction", PolicyKind::identity,
     statement(R"("Condition":{"DateGreaterThan":{"a":"sdfdsf"}})"), kLegacy},
    {"DateBeforePartition", PolicyKind::identity,
     statement(R"("Action":"*","Resource":"arn:error:s3:::b",)"
               R"("Condition":{"DateGreaterThan":{"a":"sdfdsf"}})"),
     kLegacy},
    {"SyntaxBeforeNoAction", PolicyKind::identity,
     statement(R"("Resource":"*","Condition":{"DateGreaterThan":{"a":{}}})"), kSyntax},
    {"SyntaxInALaterStatement", PolicyKind::identity,
     R"({"Statement":[{"Effect":"Allow"},{"Effect":"Allow","Actions":"*"}]})", kSyntax},
    {"SidBeforeNoAction", PolicyKind::identity,
     R"({"Statement":[{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"},)"
     R"({"Sid":"a","Effect":"Allow"}]})",
     "Statement IDs (SID) in a single policy must be unique."},
    {"EffectCaseBeforeSid", PolicyKind::identity,
     R"({"Statement":[{"Sid":"a","Effect":"aLLow","Action":"*","Resource":"*"},)"
     R"({"Sid":"a","Effect":"Allow"}]})",
     kLegacy},
    {"Principal", PolicyKind::identity, statement(R"("Principal":"*","Action":"*","Resource":"*")"),
     "Policy document should not specify a principal."},
    {"NotPrincipal", PolicyKind::session,
     statement(R"("NotPrincipal":{"AWS":"*"},"Action":"*","Resource":"*")"),
     "Policy document should not specify a principal."},
    {"ConditionIsObject", PolicyKind::identity, with_condition("[]"), kSyntax},
    {"OperatorIsObject", PolicyKind::identity, with_condition(R"({"StringEquals":"a"})"), kSyntax},
    {"ValueIsObject", PolicyKind::identity, with_condition(R"({"StringEquals":{"a:b":{}}})"),
     kSyntax},
    {"ValueIsNull", PolicyKind::identity, with_condition(R"({"StringEquals":{"a:b":[null]}})"),
     kSyntax},
    {"Operator", PolicyKind::identity, with_condition(R"({"StringEqual":{"a:b":"c"}})"), kSyntax},
    {"Number", PolicyKind::identity, with_condition(R"({"NumericEquals":{"a:b":"c"}})"), kSyntax},
    {"Date", PolicyKind::identity, with_condition(R"({"DateLessThan":{"a:b":"c"}})"), kLegacy},
};
// As recorded from AWS: before what is wrong in the statements, but behind what is no policy.
const std::string kOldVersion = "Policy document must be version 2012-10-17 or greater.";
const std::string kAllow = R"("Effect":"Allow","Action":"s3:ListBucket","Resource":"*")";
const Malformed kManaged[] = {
    {"NoVersion", PolicyKind::managed, R"({"Statement":{)" + kAllow + "}}", kOldVersion},
    {"OldVersion", PolicyKind::managed, R"({"Version":"2008-10-17","Statement":{)" + kAllow + "}}",
     kOldVersion},
    {"NoVersionAndSidTwice", PolicyKind::managed,
     R"({"Statement":[{"Sid":"sdf",)" + kAllow + R"(},{"Sid":"sdf","Effect":"Allow"}]})",
     kOldVersion},
    {"NoVersionAndDate", PolicyKind::managed,
     R"({"Statement":{)" + kAllow + R"(,"Condition":{"DateGreaterThan":{"a":"sdfdsf"}}}})",
     kOldVersion},
    {"NoVersionAndEffectCase", PolicyKind::managed,
     R"({"Statement":{"Effect":"denY","Action":"s3:ListBucket","Resource":"*"}})", kOldVersion},
    {"SyntaxBeforeNoVersion", PolicyKind::managed,
     R"({"Statement":{)" + kAllow + R"(,"Actions":"*"}})", kSyntax},
    {"UnknownVersion", PolicyKind::managed,
     R"({"Version":"2013-10-17","Statement":{)" + kAllow + "}}", kSyntax},
    {"NoStatement", PolicyKind::managed, "{}", kSyntax},
    {"NoAction", PolicyKind::managed, statement(R"("Resource":"*")"),
     "Policy statement must contain actions."},
};
INSTANTIATE_TEST_SUITE_P(Managed, MalformedPolicies, testing::ValuesIn(kManaged),
                         [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(Identity, MalformedPolicies, testing::ValuesIn(kIdentity),
                         [](const auto& test) { return test.param.name; });

const std::string kOnlySts = "AssumeRole policy may only specify STS AssumeRole actions.";
const std::string kAssume = R"("Action":"sts:AssumeRole")";

std::string trusting(const std::string& principal) {
  return statement(kAssume + R"(,"Principal":)" + principal);
}

std::string invalid_principal(const std::string& named) {
  return "Invalid principal in policy: " + named;
}

std::string of_github(const std::string& condition) {
  return statement(
      R"("Principal":{"Federated":)"
      R"("arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},)"
      R"("Action":"sts:AssumeRoleWithWebIdentity")" +
      condition);
}

const std::string kUnscopedGithub =
    "A condition on token.actions.githubusercontent.com:sub must be present for the provider "
    "token.actions.githubusercontent.com";

const Malformed kTrusts[] = {
    {"NotJson", PolicyKind::trust, "not json", "This policy contains invalid Json"},
    {"TrailingComma", PolicyKind::trust,
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{)"
     R"("AWS":["123456789012",]},"Action":"sts:AssumeRole"}]})",
     "This policy contains invalid Json"},
    {"NotAnObject", PolicyKind::trust, "7", "This policy contains invalid Json"},
    {"UnknownElement", PolicyKind::trust, statement(kPrincipal + "," + kAssume + R"(,"Foo":1)"),
     "Unknown field Foo"},
    {"Version", PolicyKind::trust,
     R"({"Version":"2012","Statement":{"Effect":"Allow","Principal":"*",)"
     R"("Action":"sts:AssumeRole"}})",
     "The policy must contain a valid version string"},
    {"NoStatement", PolicyKind::trust, "{}", "Missing required field Statement"},
    {"EmptyStatement", PolicyKind::trust, R"({"Statement":[]})",
     "Could not parse the policy: Statement is empty!"},
    {"StatementIsText", PolicyKind::trust, R"({"Statement":"x"})",
     "Could not parse the policy: Statement is not valid"},
    {"Resource", PolicyKind::trust, statement(kPrincipal + "," + kAssume + R"(,"Resource":"*")"),
     "Has prohibited field Resource"},
    {"NotResource", PolicyKind::trust,
     statement(kPrincipal + "," + kAssume + R"(,"NotResource":"*")"),
     "AssumeRole policy must not contain resources."},
    {"NoPrincipal", PolicyKind::trust, statement(kAssume), "Missing required field Principal"},
    {"EmptyPrincipal", PolicyKind::trust, trusting("{}"),
     "Missing required field Principal cannot be empty!"},
    {"EmptyPrincipalList", PolicyKind::trust, trusting(R"({"AWS":[]})"),
     "Missing required field Principal cannot be empty!"},
    {"PrincipalIsNumber", PolicyKind::trust, trusting("1"),
     "Could not parse the policy: Principal is not valid"},
    {"NoAction", PolicyKind::trust, statement(kPrincipal), "Missing required field Action"},
    {"NotAction", PolicyKind::trust, statement(kPrincipal + R"(,"NotAction":"sts:AssumeRole")"),
     "Missing required field Action"},
    {"NoEffect", PolicyKind::trust, R"({"Statement":{"Principal":"*","Action":"sts:AssumeRole"}})",
     "Missing required field Effect"},
    {"Effect", PolicyKind::trust,
     R"({"Statement":{"Effect":"X","Principal":"*","Action":"sts:AssumeRole"}})",
     "Invalid effect: X"},
    {"EffectCase", PolicyKind::trust,
     R"({"Statement":{"Effect":"allow","Principal":"*","Action":"sts:AssumeRole"}})",
     "Invalid effect: allow"},
    {"AllowNotPrincipal", PolicyKind::trust,
     statement(kAssume + R"(,"NotPrincipal":{"AWS":"123456789012"})"),
     "Allow with NotPrincipal is not allowed."},
    {"DenyNotPrincipal", PolicyKind::trust,
     R"({"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"123456789012"},)"
     R"("Action":"sts:AssumeRole"}})",
     "AssumeRole policy must not contain NotPrincipal field."},
    {"PrincipalAndNotPrincipal", PolicyKind::trust,
     statement(kAssume + "," + kPrincipal + R"(,"NotPrincipal":{"AWS":"123456789012"})"),
     "Could not parse the policy: NotPrincipal is not valid"},
    {"OtherAction", PolicyKind::trust,
     statement(kPrincipal + R"(,"Action":["sts:AssumeRole","s3:*"])"), kOnlySts},
    {"UnknownAction", PolicyKind::trust, statement(kPrincipal + R"(,"Action":"sts:InvalidAction")"),
     kOnlySts},
    {"PatternOfNoAction", PolicyKind::trust, statement(kPrincipal + R"(,"Action":"sts:Foo*")"),
     kOnlySts},
    {"EveryAction", PolicyKind::trust, statement(kPrincipal + R"(,"Action":"*")"), kOnlySts},
    {"SidTwice", PolicyKind::trust,
     R"({"Statement":[{"Sid":"a","Effect":"Allow","Principal":"*",)"
     R"("Action":"sts:AssumeRole"},{"Sid":"a","Effect":"Allow",)"
     R"("Principal":"*","Action":"sts:AssumeRole"}]})",
     "The Statement Ids in the policy are not unique"},
    {"Cognito", PolicyKind::trust, trusting(R"({"Federated":"cognito-identity.amazonaws.com"})"),
     "A condition block must be present for the Cognito provider"},
    {"SharedIssuer", PolicyKind::trust, of_github(""), kUnscopedGithub},
    {"SharedIssuerOtherKey", PolicyKind::trust,
     of_github(R"(,"Condition":{"StringEquals":{)"
               R"("token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}})"),
     kUnscopedGithub},
    {"SharedIssuerWildcards", PolicyKind::trust,
     of_github(R"(,"Condition":{"StringLike":{)"
               R"("token.actions.githubusercontent.com:sub":["repo:o/r:*","*?"]}})"),
     kUnscopedGithub},
    {"SharedIssuerNull", PolicyKind::trust,
     of_github(R"(,"Condition":{"Null":{"token.actions.githubusercontent.com:sub":"false"}})"),
     kUnscopedGithub},
    {"SharedIssuerOfAudiences", PolicyKind::trust,
     statement(R"("Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/)"
               R"(api.pulumi.com/oidc"},"Action":"sts:*","Condition":{"StringEquals":{)"
               R"("api.pulumi.com/oidc:sub":"x"}})"),
     "A condition on api.pulumi.com/oidc:aud must be present for the provider api.pulumi.com/oidc"},
    {"SharedIssuerOfSessionNames", PolicyKind::trust,
     statement(R"("Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/)"
               R"(sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d/"},)"
               R"("Action":"sts:AssumeRoleWithWebIdentity")"),
     "A condition on sts:RoleSessionName must be present for the provider "
     "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d"},
    {"Operator", PolicyKind::trust,
     statement(kPrincipal + "," + kAssume + R"(,"Condition":{"StringEqual":{"a:b":"c"}})"),
     "Invalid Condition type : StringEqual"},
    {"TwoColons", PolicyKind::trust,
     statement(kPrincipal + "," + kAssume +
               R"(,"Condition":{"StringEquals":{"https://oidc.example.com:sub":"c"}})"),
     "Condition can contain only one colon."},
    {"PrincipalText", PolicyKind::trust, trusting(R"("x")"), invalid_principal(R"("AWS":"x")")},
    {"PrincipalWildcard", PolicyKind::trust,
     trusting(R"({"AWS":"arn:aws:iam::123456789012:user/*"})"),
     invalid_principal(R"("AWS":"arn:aws:iam::123456789012:user/*")")},
    {"PrincipalGroup", PolicyKind::trust,
     trusting(R"({"AWS":"arn:aws:iam::123456789012:group/g"})"),
     invalid_principal(R"("AWS":"arn:aws:iam::123456789012:group/g")")},
    {"PrincipalShortAccount", PolicyKind::trust, trusting(R"({"AWS":"12345678901"})"),
     invalid_principal(R"("AWS":"12345678901")")},
    {"PrincipalRoleWithoutSession", PolicyKind::trust,
     trusting(R"({"AWS":"arn:aws:sts::123456789012:assumed-role/r"})"),
     invalid_principal(R"("AWS":"arn:aws:sts::123456789012:assumed-role/r")")},
    {"PrincipalService", PolicyKind::trust, trusting(R"({"Service":["ec2.amazonaws.com","ec2"]})"),
     invalid_principal(R"("SERVICE":"ec2")")},
    {"PrincipalServiceWildcard", PolicyKind::trust, trusting(R"({"Service":"*.amazonaws.com"})"),
     invalid_principal(R"("SERVICE":"*.amazonaws.com")")},
    {"PrincipalFederated", PolicyKind::trust,
     trusting(R"({"Federated":"arn:aws:iam::123456789012:user/u"})"),
     invalid_principal(R"("FEDERATED":"arn:aws:iam::123456789012:user/u")")},
    {"PrincipalCanonicalUser", PolicyKind::trust, trusting(R"({"CanonicalUser":"abc"})"),
     invalid_principal(R"("CANONICALUSER":"abc")")},
    {"PrincipalOfUnknownType", PolicyKind::trust, trusting(R"({"Aws":"123456789012"})"),
     invalid_principal(R"("AWS":"123456789012")")},
};
INSTANTIATE_TEST_SUITE_P(Trust, MalformedPolicies, testing::ValuesIn(kTrusts),
                         [](const auto& test) { return test.param.name; });

TEST(MalformedTrustPolicy, NamesTheActionThatMayBeMeant) {
  const auto parsed =
      parse_policy(statement(kPrincipal + R"(,"Action":"sts:AssumeRoles")"), PolicyKind::trust);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().detail, "action `sts:AssumeRoles`, did you mean `sts:AssumeRole`?");
}

const Malformed kBuckets[] = {
    {"NotJson", PolicyKind::resource, "x",
     "Policies must be valid JSON and the first byte must be '{'"},
    {"NoStatement", PolicyKind::resource, "{}", "Missing required field Statement"},
    {"NoPrincipal", PolicyKind::resource, statement(R"("Action":"s3:*","Resource":"*")"),
     "Missing required field Principal"},
    {"NoResource", PolicyKind::resource, statement(kPrincipal + R"(,"Action":"s3:*")"),
     "Missing required field Resource"},
    {"Resource", PolicyKind::resource,
     statement(kPrincipal + R"(,"Action":"s3:*","Resource":"bucket")"),
     "Policy has invalid resource"},
    {"Principal", PolicyKind::resource,
     statement(R"("Principal":{"AWS":"x"},"Action":"s3:*","Resource":"*")"),
     "Invalid principal in policy"},
    {"Operator", PolicyKind::resource,
     statement(kPrincipal + R"(,"Action":"s3:*","Resource":"*","Condition":{"X":{"a:b":"c"}})"),
     "Invalid Condition type : X"},
};
INSTANTIATE_TEST_SUITE_P(Bucket, MalformedPolicies, testing::ValuesIn(kBuckets),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace imdsd::iam
