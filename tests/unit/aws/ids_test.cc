// SPDX-License-Identifier: MIT
#include "aws/ids.h"

#include <set>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::aws {
namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

AccountId account(std::string_view text) {
  return AccountId::parse(text).value();
}

TEST(AccountId, IsTwelveDigits) {
  EXPECT_EQ(account("000000000001").text(), "000000000001");
  for (const std::string_view bad : {"", "1", "12345678901", "1234567890123", "12345678901a",
                                     "-12345678901", " 23456789012", "12345678901\n"}) {
    EXPECT_FALSE(AccountId::parse(bad)) << bad;
  }
}

struct PublishedId {
  std::string_view id, account;
};

class AccountInId : public testing::TestWithParam<PublishedId> {};

TEST_P(AccountInId, IsReadFromIdsThatAwsMade) {
  const auto found = account_in_id(GetParam().id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->text(), GetParam().account);
}

INSTANTIATE_TEST_SUITE_P(Published, AccountInId,
                         testing::Values(PublishedId{"ASIAY34FZKBOKMUTVV7A", "609629065308"},
                                         PublishedId{"AIDATQHCR4OM32DKQLQXJ", "240993297305"},
                                         PublishedId{"AROATQHCR4OMTVEPKT44Z", "240993297305"},
                                         PublishedId{"ASIAQNZGKIQY56JQ7WML", "029608264753"}),
                         [](const auto& test) { return std::string(test.param.id); });

struct NoAccountCase {
  std::string_view name, id;
};

class NoAccountInId : public testing::TestWithParam<NoAccountCase> {};

TEST_P(NoAccountInId, IsFound) {
  EXPECT_FALSE(account_in_id(GetParam().id));
}

INSTANTIATE_TEST_SUITE_P(
    Ids, NoAccountInId,
    testing::Values(NoAccountCase{"Empty", ""},
                    NoAccountCase{"OldStyle", "AKIAIOSFODNN7EXAMPLE"},  // its top bit is clear
                    NoAccountCase{"OtherPrefix", "XXIAY34FZKBOKMUTVV7A"},
                    NoAccountCase{"LowerCase", "asiay34fzkbokmutvv7a"},
                    NoAccountCase{"Short", "ASIAY34FZKBOKMUTVV7"},
                    NoAccountCase{"Long", "ASIAY34FZKBOKMUTVV7AA"},
                    NoAccountCase{"RoleIdOfKeyLength", "AROATQHCR4OMTVEPKT44"},
                    NoAccountCase{"NotBase32", "ASIAY34FZKBOKMUTVV71"},
                    NoAccountCase{"NotBase32AtTheEnd", "AROATQHCR4OMTVEPKT440"},
                    NoAccountCase{"AccountOver12Digits", "AKIA7777777777777777"}),
    [](const auto& test) { return std::string(test.param.name); });

class MadeIds : public testing::TestWithParam<std::string_view> {};

TEST_P(MadeIds, CarryTheirAccount) {
  fakes::ScriptedRandom random;
  const AccountId owner = account(GetParam());
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) {
    for (const IdPrefix prefix : {IdPrefix::AKIA, IdPrefix::ASIA}) {
      const std::string id = make_access_key_id(prefix, owner, random);
      EXPECT_EQ(id.size(), 20U);
      EXPECT_TRUE(id.starts_with(to_string(prefix)));
      EXPECT_EQ(id.substr(4).find_first_not_of(kBase32), std::string::npos) << id;
      EXPECT_EQ(account_in_id(id), owner) << id;
      EXPECT_TRUE(seen.insert(id).second);
    }
    for (const IdPrefix prefix :
         {IdPrefix::AROA, IdPrefix::AIDA, IdPrefix::AIPA, IdPrefix::AGPA, IdPrefix::ANPA}) {
      const std::string id = make_unique_id(prefix, owner, random);
      EXPECT_EQ(id.size(), 21U);
      EXPECT_TRUE(id.starts_with(to_string(prefix)));
      EXPECT_EQ(id.substr(4).find_first_not_of(kBase32), std::string::npos) << id;
      EXPECT_EQ(account_in_id(id), owner) << id;
      EXPECT_TRUE(seen.insert(id).second);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Accounts, MadeIds,
                         testing::Values("000000000000", "000000000001", "123456789012",
                                         "240993297305", "549755813888", "999999999999"));

TEST(MakeAccessKeyId, LaysOutOneAccountAndRandomBits) {
  fakes::ScriptedRandom random;
  random.script_u64(0);
  const std::string zeros = make_access_key_id(IdPrefix::AKIA, account("000000000001"), random);
  random.script_u64(~std::uint64_t{0});
  const std::string ones = make_access_key_id(IdPrefix::AKIA, account("000000000001"), random);
  EXPECT_EQ(base::hex_encode(base::base32_decode(zeros.substr(4)).value()), "80000000008000000000");
  EXPECT_EQ(base::hex_encode(base::base32_decode(ones.substr(4)).value()), "8000000000ffffffffff");
}

TEST(MakeUniqueId, DrawsItsLastLetter) {
  std::set<char> letters;
  fakes::ScriptedRandom random;
  for (int i = 0; i < 500; ++i) {
    letters.insert(make_unique_id(IdPrefix::AROA, account("123456789012"), random).back());
  }
  EXPECT_EQ(letters.size(), 32U);
}

TEST(IdPrefix, PrintsItsLetters) {
  EXPECT_EQ(to_string(IdPrefix::AKIA), "AKIA");
  EXPECT_EQ(to_string(IdPrefix::ASIA), "ASIA");
  EXPECT_EQ(to_string(IdPrefix::AROA), "AROA");
  EXPECT_EQ(to_string(IdPrefix::AIDA), "AIDA");
  EXPECT_EQ(to_string(IdPrefix::AIPA), "AIPA");
  EXPECT_EQ(to_string(IdPrefix::AGPA), "AGPA");
  EXPECT_EQ(to_string(IdPrefix::ANPA), "ANPA");
}

TEST(MakeSecretAccessKey, Is40CharactersOfBase64FromRandomBytes) {
  fakes::ScriptedRandom random;
  const std::string first = make_secret_access_key(random);
  EXPECT_EQ(random.drawn(), 30U);
  EXPECT_EQ(first.size(), 40U);
  EXPECT_EQ(
      first.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
      std::string::npos);
  EXPECT_NE(make_secret_access_key(random), first);
}

TEST(MakeResourceId, HasSeventeenDigits) {
  fakes::ScriptedRandom random;
  random.script_bytes(std::string(8, '\xAB'));
  EXPECT_EQ(make_resource_id("i-", random), "i-0abababababababab");
}

TEST(MakeUuid, HasVersion4AndVariant10) {
  fakes::ScriptedRandom random;
  random.script_bytes(std::string(16, '\0'));
  random.script_bytes(std::string(16, '\xFF'));
  EXPECT_EQ(make_uuid(random), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(make_uuid(random), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

}  // namespace
}  // namespace imdsd::aws
