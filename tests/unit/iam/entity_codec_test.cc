// SPDX-License-Identifier: MIT
#include "iam/entity_codec.h"

#include <gtest/gtest.h>

#include "tests/support/sample_entities.h"

namespace imdsd::iam {
namespace {

using base::Errc;

AnyEntity round_trip(const AnyEntity& entity) {
  EntityDecoder decoder;
  auto decoded = decoder.decode(kind_of(entity), encode_entity(entity));
  EXPECT_TRUE(decoded) << decoded.error().message;
  return decoded ? *std::move(decoded) : entity;
}

template <class T>
std::shared_ptr<const T> round_trip_of(T entity) {
  return std::get<std::shared_ptr<const T>>(round_trip(sample::any(std::move(entity))));
}

base::Error error_of(std::string_view kind, std::string_view text) {
  EntityDecoder decoder;
  const auto decoded = decoder.decode(kind, text);
  EXPECT_FALSE(decoded) << kind << ": " << text;
  return decoded ? base::Error() : decoded.error();
}

void expect_same(const Grants& actual, const Grants& expected) {
  ASSERT_EQ(actual.inline_policies.size(), expected.inline_policies.size());
  for (std::size_t i = 0; i < expected.inline_policies.size(); ++i) {
    EXPECT_EQ(actual.inline_policies[i].name, expected.inline_policies[i].name);
    EXPECT_EQ(actual.inline_policies[i].origin, expected.inline_policies[i].origin);
    EXPECT_EQ(actual.inline_policies[i].document->text, expected.inline_policies[i].document->text);
    EXPECT_EQ(actual.inline_policies[i].document->statements.size(), 1U);
  }
  ASSERT_EQ(actual.attached.size(), expected.attached.size());
  for (std::size_t i = 0; i < expected.attached.size(); ++i) {
    EXPECT_EQ(actual.attached[i].policy_arn, expected.attached[i].policy_arn);
    EXPECT_EQ(actual.attached[i].origin, expected.attached[i].origin);
  }
}

TEST(EntityCodec, NamesTheKinds) {
  std::string kinds;
  for (const AnyEntity& entity : sample::every_kind()) {
    kinds.append(kind_of(entity)).append(" ");
  }
  EXPECT_EQ(kinds, "account group user role policy instance-profile mfa oidc saml ");
}

TEST(EntityCodec, WritesWhatItReadTheSame) {
  for (const AnyEntity& entity : sample::every_kind()) {
    EXPECT_EQ(encode_entity(round_trip(entity)), encode_entity(entity));
  }
}

TEST(EntityCodec, KeepsWhatAllShare) {
  const auto group = round_trip_of(sample::group());
  EXPECT_EQ(group->account, sample::kAccount);
  EXPECT_EQ(group->path, "/team/");
  EXPECT_EQ(group->name, "Devs");
  EXPECT_EQ(group->unique_id, "AGPA1");
  EXPECT_EQ(group->origin, Origin::config);
  EXPECT_EQ(group->created, sample::kTime);
  ASSERT_EQ(group->tags.size(), 3U);
  EXPECT_EQ(group->tags[0].key, "Team");
  EXPECT_EQ(group->tags[0].value, "blue");
  EXPECT_EQ(group->tags[0].origin, Origin::api);
  EXPECT_EQ(group->tags[1].value, "");
  EXPECT_EQ(group->tags[1].origin, Origin::config);
  EXPECT_EQ(group->tags[2].value, "Grün \"x\"\n");
  expect_same(group->grants, sample::grants());
}

TEST(EntityCodec, KeepsUsers) {
  const auto user = round_trip_of(sample::user());
  expect_same(user->grants, sample::grants());
  EXPECT_EQ(user->boundary, sample::kPolicyArn);
  ASSERT_EQ(user->access_keys.size(), 2U);
  EXPECT_EQ(user->access_keys[0].id, "AKIAEXAMPLE00000001");
  EXPECT_EQ(user->access_keys[0].secret.reveal(), "s3cr3t/+1");
  EXPECT_TRUE(user->access_keys[0].active);
  EXPECT_EQ(user->access_keys[0].created, sample::kTime);
  EXPECT_EQ(user->access_keys[0].origin, Origin::config);
  EXPECT_FALSE(user->access_keys[1].active);
  EXPECT_EQ(user->access_keys[1].origin, Origin::api);
  ASSERT_EQ(user->groups.size(), 1U);
  EXPECT_EQ(user->groups[0].group_id, "AGPA1");
  EXPECT_EQ(user->groups[0].origin, Origin::config);
  ASSERT_TRUE(user->login_profile);
  EXPECT_EQ(user->login_profile->password_hash, "$argon2id$v=19$m=1$abc");
  EXPECT_TRUE(user->login_profile->password_reset_required);
  EXPECT_EQ(user->login_profile->created, sample::kTime);
}

TEST(EntityCodec, KeepsRolesAndWhomTheyTrust) {
  const auto expected = sample::role();
  const auto role = round_trip_of(expected);
  expect_same(role->grants, sample::grants());
  EXPECT_EQ(role->trust_policy.name, kTrustPolicyName);
  EXPECT_EQ(role->trust_policy.document->text, expected.trust_policy.document->text);
  EXPECT_EQ(bindings_of(*role->trust_policy.document),
            (PrincipalBindings{{"arn:aws:iam::123456789012:user/team/Alice", "AIDA1"},
                               {"arn:aws:iam::123456789012:role/team/App", "AROA1"}}));
  EXPECT_EQ(role->boundary, sample::kPolicyArn);
  EXPECT_EQ(role->description, "what the app may");
  EXPECT_EQ(role->max_session_duration, std::chrono::hours(2));
  EXPECT_EQ(role->linked_service, "autoscaling.amazonaws.com");
}

TEST(EntityCodec, KeepsManagedPoliciesWithTheirVersions) {
  const auto policy = round_trip_of(sample::managed_policy());
  EXPECT_EQ(policy->description, "reads");
  ASSERT_EQ(policy->versions.size(), 2U);
  EXPECT_EQ(policy->versions[0].id, "v2");
  EXPECT_EQ(policy->versions[0].document->text, sample::allow("s3:Get*")->text);
  EXPECT_EQ(policy->versions[0].created, sample::kTime);
  EXPECT_EQ(policy->versions[0].origin, Origin::api);
  EXPECT_EQ(policy->versions[1].id, "v5");
  EXPECT_EQ(policy->versions[1].origin, Origin::config);
  EXPECT_EQ(policy->default_document().id, "v2");
  EXPECT_EQ(policy->last_version, 6U);
  EXPECT_EQ(policy->updated, sample::kTime + std::chrono::hours(2));
}

TEST(EntityCodec, KeepsDevicesAndProviders) {
  const auto device = round_trip_of(sample::mfa_device());
  EXPECT_EQ(device->seed.reveal(), std::string_view("\0\xFFseed", 6));
  EXPECT_EQ(device->user_id, "AIDA1");
  EXPECT_EQ(device->enabled, sample::kTime + std::chrono::seconds(5));
  EXPECT_EQ(device->last_step, 56'666'666);
  EXPECT_EQ(round_trip_of(sample::instance_profile())->role, "App");
  const auto oidc = round_trip_of(sample::oidc_provider());
  EXPECT_EQ(oidc->client_ids, sample::oidc_provider().client_ids);
  EXPECT_EQ(oidc->thumbprints, sample::oidc_provider().thumbprints);
  const auto saml = round_trip_of(sample::saml_provider());
  EXPECT_EQ(saml->metadata, sample::saml_provider().metadata);
  EXPECT_EQ(saml->uuid, "0b1c");
  EXPECT_EQ(saml->valid_until, sample::saml_provider().valid_until);
}

TEST(EntityCodec, KeepsAccounts) {
  const auto account = round_trip_of(sample::account());
  EXPECT_EQ(account->alias, "blue-team");
  EXPECT_TRUE(account->outbound_federation);
  EXPECT_EQ(account->issuer_id, "0a1b2c3d-0000-4000-8000-000000000001");
  ASSERT_TRUE(account->password_policy);
  const PasswordPolicy& policy = *account->password_policy;
  EXPECT_EQ(policy.minimum_length, 14U);
  EXPECT_TRUE(policy.require_symbols && policy.require_numbers && policy.require_uppercase &&
              policy.require_lowercase && policy.users_may_change);
  EXPECT_EQ(policy.max_age_days, 90U);
  EXPECT_EQ(policy.reuse_prevention, 5U);
  EXPECT_EQ(policy.hard_expiry, false);
}

TEST(EntityCodec, KeepsWhatIsEmpty) {
  const auto bare = [](auto entity) {
    entity.account = sample::kAccount;
    return entity;
  };
  const auto user = round_trip_of(bare(User()));
  EXPECT_TRUE(user->access_keys.empty() && user->groups.empty() && user->tags.empty());
  EXPECT_TRUE(user->boundary.empty());
  EXPECT_FALSE(user->login_profile);
  EXPECT_EQ(user->origin, Origin::api);
  EXPECT_FALSE(round_trip_of(bare(Account()))->password_policy);
  EXPECT_TRUE(round_trip_of(bare(OidcProvider()))->client_ids.empty());
  EXPECT_FALSE(round_trip_of(bare(MfaDevice()))->enabled);
}

TEST(EntityCodec, SharesEqualDocuments) {
  EntityDecoder decoder;
  const std::string text = encode_entity(sample::any(sample::role()));
  const auto first = decoder.decode("role", text), second = decoder.decode("role", text);
  ASSERT_TRUE(first && second);
  const auto& a = std::get<std::shared_ptr<const Role>>(*first);
  const auto& b = std::get<std::shared_ptr<const Role>>(*second);
  EXPECT_EQ(a->trust_policy.document, b->trust_policy.document);
  EXPECT_EQ(a->grants.inline_policies[0].document, b->grants.inline_policies[0].document);
}

TEST(EntityCodec, DoesNotShareTrustInOthersOfTheSameArn) {
  EntityDecoder decoder;
  const std::string text = encode_entity(sample::any(sample::role()));
  std::string other = text;
  for (std::size_t at = 0; (at = other.find("AIDA1", at)) != std::string::npos;) {
    other.replace(at, 5, "AIDA2");
  }
  const auto first = decoder.decode("role", text), second = decoder.decode("role", other);
  ASSERT_TRUE(first && second);
  const auto& role = std::get<std::shared_ptr<const Role>>(*second);
  EXPECT_EQ(role->trust_policy.document->statements[0].principals->at(0).unique_id, "AIDA2");
  EXPECT_NE(std::get<std::shared_ptr<const Role>>(*first)->trust_policy.document,
            role->trust_policy.document);
}

TEST(EntityCodec, RefusesEveryTruncation) {
  for (const AnyEntity& entity : sample::every_kind()) {
    const std::string text = encode_entity(entity);
    for (std::size_t size = 0; size < text.size(); ++size) {
      ASSERT_EQ(error_of(kind_of(entity), text.substr(0, size)).code, Errc::corrupt);
    }
  }
}

struct WrongCase {
  const char* name;
  std::string_view kind;
  const char* what;  // in the text of the sample, once
  const char* instead;
};

class EntityCodecWrong : public ::testing::TestWithParam<WrongCase> {};

TEST_P(EntityCodecWrong, IsRefusedWithoutSecrets) {
  const auto& [name, kind, what, instead] = GetParam();
  for (const AnyEntity& entity : sample::every_kind()) {
    if (kind_of(entity) != kind) continue;
    std::string text = encode_entity(entity);
    const auto at = text.find(what);
    ASSERT_NE(at, std::string::npos) << text;
    text.replace(at, std::string_view(what).size(), instead);
    const base::Error error = error_of(kind, text);
    EXPECT_EQ(error.code, Errc::corrupt);
    EXPECT_TRUE(error.message.starts_with(std::string(kind) + ": ")) << error.message;
    EXPECT_EQ(error.message.find("s3cr3t"), std::string::npos) << error.message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, EntityCodecWrong,
    ::testing::Values(
        WrongCase{"NoName", "group", "\"name\":\"Devs\",", ""},
        WrongCase{"NameOfAnotherType", "group", "\"Devs\"", "7"},
        WrongCase{"UnknownOrigin", "group", "\"config\"", "\"file\""},
        WrongCase{"CreatedIsText", "group", "1700000000", "\"1700000000\""},
        WrongCase{"CreatedIsAFraction", "group", "1700000000", "1700000000.5"},
        WrongCase{"CreatedIsTooLate", "group", "1700000000", "9223372036854775807"},
        WrongCase{"CreatedIsTooEarly", "group", "1700000000", "-9223372036854775807"},
        WrongCase{"TagWithoutValue", "group", "[\"Team\",\"blue\"]", "[\"Team\"]"},
        WrongCase{"TagsAreNoList", "group", "[[\"Team\"", "{\"a\":[\"Team\""},
        WrongCase{"SecretIsNumber", "user", "\"s3cr3t/+1\"", "1"},
        WrongCase{"ActiveIsText", "user", "true", "\"s3cr3t\""},
        WrongCase{"TrustIsNoPolicy", "role", "\\\"Principal\\\"", "\\\"Principals\\\""},
        WrongCase{"DurationIsNegative", "role", "7200", "-7200"},
        WrongCase{"NoSuchDefault", "policy", "\"default_version\":\"v2\"",
                  "\"default_version\":\"v3\""},
        WrongCase{"LastVersionIsNegative", "policy", "\"last_version\":6", "\"last_version\":-6"},
        WrongCase{"LastVersionIsTooLarge", "policy", "\"last_version\":6",
                  "\"last_version\":6000000000"},
        WrongCase{"SeedIsNotBase64", "mfa", "\"seed\":\"", "\"seed\":\"!"},
        WrongCase{"ClientIdIsNumber", "oidc", "\"other\"", "1"}),
    [](const auto& each) { return each.param.name; });

TEST(EntityCodec, RefusesAnUnknownKind) {
  const base::Error error = error_of("robot", "{}");
  EXPECT_EQ(error.code, Errc::corrupt);
  EXPECT_EQ(error.message, "kind `robot` is not known");
}

}  // namespace
}  // namespace imdsd::iam
