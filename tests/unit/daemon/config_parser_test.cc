// SPDX-License-Identifier: MIT
#include "daemon/config_parser.h"

#include <gtest/gtest.h>

#include "config_fixture.h"

namespace imdsd::daemon {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

struct ErrorCase {
  std::string_view name;
  std::string_view text;
  std::string_view expected;  // all problems, one a line
};

void PrintTo(const ErrorCase& c, std::ostream* out) {
  *out << c.name;
}

class ConfigErrors : public testing::TestWithParam<ErrorCase> {};

TEST_P(ConfigErrors, NamesPlaceKeyAndReason) {
  EXPECT_EQ(TestConfig{std::string(GetParam().text)}.problems(), GetParam().expected);
}

constexpr ErrorCase kErrorCases[] = {
    {"OutOfRange", "\n[imds]\n  hop_limit = 99\n",
     "config.toml:3:15: imds.hop_limit: must be 1..64 (got 99)\n"},
    {"UnknownKeyNearest", "[imds]\nhoplimit = 3\n",
     "config.toml:2:1: imds.hoplimit: unknown key, did you mean `hop_limit`?\n"},
    {"UnknownKeyOfAnotherSection", "hop_limit = 3\n",
     "config.toml:1:1: hop_limit: unknown key, did you mean `imds.hop_limit`?\n"},
    {"UnknownKeyNothingNear", "[aws]\nwaldo_and_friends = 1\n",
     "config.toml:2:1: aws.waldo_and_friends: unknown key\n"},
    {"UnknownSection", "[imsd]\nhop_limit = 3\n",
     "config.toml:1:2: imsd: unknown key, did you mean `imds`?\n"},
    {"WrongType", "[imds]\nhop_limit = \"2\"\n",
     "config.toml:2:13: imds.hop_limit: must be an integer (got a string)\n"},
    {"WrongTypeOfList", "[imds]\nlisten = \"127.0.0.1:1\"\n",
     "config.toml:2:10: imds.listen: must be a list of strings (got a string)\n"},
    {"WrongTypeInList", "[aws]\nallowed_hosts = [1]\n",
     "config.toml:2:17: aws.allowed_hosts: must be a list of strings (got an array)\n"},
    {"NumberWithoutQuotes", "[aws]\naccount_id = 123456789012\n",
     "config.toml:2:14: aws.account_id: must be a string (got an integer): write it in quotes\n"},
    {"SectionIsNoTable", "imds = 3\n", "config.toml:1:8: imds: must be a table (got an integer)\n"},
    {"TableInsteadOfArray", "[instance]\nid = \"i-0a1b2c3d\"\n",
     "config.toml:1:1: instance: must be an array of tables (got a table), write `[[instance]]`\n"},
    {"BadWord", "[log]\nlevel = \"loud\"\n",
     "config.toml:2:9: log.level: must be `debug`, `info`, `warn` or `error` (got `loud`)\n"},
    {"BadTokens", "[imds]\nhttp_tokens = \"always\"\n",
     "config.toml:2:15: imds.http_tokens: must be `optional` or `required` (got `always`)\n"},
    {"BadEndpoint", "[imds]\nhttp_endpoint = \"on\"\n",
     "config.toml:2:17: imds.http_endpoint: must be `enabled` or `disabled` (got `on`)\n"},
    {"BadAddress", "[imds]\nlisten = [\"localhost:1338\"]\n",
     "config.toml:2:10: imds.listen: must be addresses such as \"127.0.0.1:1338\" or "
     "\"[::1]:1338\" (got `localhost:1338`)\n"},
    {"SameAddressTwice", "[imds]\nlisten = [\"127.0.0.1:1\", \"127.0.0.1:1\"]\n",
     "config.toml:2:10: imds.listen: names `127.0.0.1:1` twice\n"},
    {"PortsCollide",
     "[imds]\nlisten = [\"127.0.0.1:1339\"]\n[aws]\nlisten = [\"127.0.0.1:1339\"]\n",
     "config.toml:4:10: aws.listen: `127.0.0.1:1339` is taken by imds.listen, too\n"},
    {"TlsPortsCollide", "[aws]\ntls_listen = [\"127.0.0.1:1339\", \"127.0.0.1:1338\"]\n",
     "config.toml:2:14: aws.tls_listen: `127.0.0.1:1338` is taken by imds.listen, too\n"
     "config.toml:2:14: aws.tls_listen: `127.0.0.1:1339` is taken by aws.listen, too\n"},
    {"BadIssuer", "[aws]\nissuer_url = \"https://localhost/\"\n",
     "config.toml:2:14: aws.issuer_url: must be a URL such as \"https://localhost:1343\", without "
     "a "
     "slash at its end (got `https://localhost/`)\n"},
    {"BadHost", "[imds]\nallowed_hosts = [\"http://x\"]\n",
     "config.toml:2:17: imds.allowed_hosts: must be host names without scheme and port "
     "(got `http://x`)\n"},
    {"AccountTooShort", "[aws]\naccount_id = \"12345678901\"\n",
     "config.toml:2:14: aws.account_id: must be 12 digits (got `12345678901`)\n"},
    {"BadRegion", "[aws]\nregion = \"us_east_1\"\n",
     "config.toml:2:10: aws.region: must be a region name such as `us-east-1` (got `us_east_1`)\n"},
    {"BadDuration", "[credentials]\nlifetime = \"six hours\"\n",
     "config.toml:2:12: credentials.lifetime: must be a duration such as \"6h\" or \"20s\" "
     "(got `six hours`)\n"},
    {"LifetimeTooShort", "[credentials]\nlifetime = \"4s\"\n",
     "config.toml:2:12: credentials.lifetime: must be 5s..12h (got `4s`)\n"},
    {"LifetimeTooLong", "[credentials]\nlifetime = \"13h\"\n",
     "config.toml:2:12: credentials.lifetime: must be 5s..12h (got `13h`)\n"},
    {"LifetimeNotWhole", "[credentials]\nlifetime = \"6500ms\"\n",
     "config.toml:2:12: credentials.lifetime: must be a whole number of seconds (got `6500ms`)\n"},
    {"AuditRemote", "[aws]\nlisten = [\"0.0.0.0:1339\"]\n[auth]\nmode = \"audit\"\n",
     "config.toml:4:8: auth.mode: `audit` while aws.listen has `0.0.0.0:1339`, beyond loopback, "
     "needs auth.allow_remote = true\n"},
    {"OffRemoteTls", "[aws]\ntls_listen = [\"[::]:443\"]\n[auth]\nmode = \"off\"\n",
     "config.toml:4:8: auth.mode: `off` while aws.tls_listen has `[::]:443`, beyond loopback, "
     "needs auth.allow_remote = true\n"},
    {"OffLinkLocal", "[aws]\nlisten = [\"169.254.10.1:1339\"]\n[auth]\nmode = \"off\"\n",
     "config.toml:4:8: auth.mode: `off` while aws.listen has `169.254.10.1:1339`, beyond loopback, "
     "needs auth.allow_remote = true\n"},
    {"ConsoleRemote", "[console]\nlisten = [\"127.0.0.1:1340\", \"0.0.0.0:1340\"]\n",
     "config.toml:2:10: console.listen: `0.0.0.0:1340` is beyond loopback, where passwords would "
     "be "
     "typed in clear: that needs console.allow_remote = true\n"},
    {"ConsoleProxy", "[console]\ntrusted_proxies = [\"proxy.local\"]\n",
     "config.toml:2:19: console.trusted_proxies: `proxy.local` is not an IP address\n"},
    {"ConsolePortTaken", "[console]\nlisten = [\"127.0.0.1:1339\"]\n",
     "config.toml:2:10: console.listen: `127.0.0.1:1339` is taken by aws.listen, too\n"},
    {"BadInstanceId", "[[instance]]\nid = \"i-12345\"\n",
     "config.toml:2:6: instance.0.id: must be `i-` and 8 or 17 lower-case hex digits "
     "(got `i-12345`)\n"},
    {"ZoneOfAnotherRegion", "[[instance]]\navailability_zone = \"eu-west-1a\"\n",
     "config.toml:2:21: instance.0.availability_zone: must be a zone of aws.region `us-east-1`, "
     "such as `us-east-1a` (got `eu-west-1a`)\n"},
    {"BadType", "[[instance]]\ntype = \"big\"\n",
     "config.toml:2:8: instance.0.type: must be an instance type such as `t3.micro` (got `big`)\n"},
    {"BadMac", "[[instance]]\nmac = \"02:00:00:00:00\"\n",
     "config.toml:2:7: instance.0.mac: must be a MAC address in lower case, such as "
     "`02:00:00:00:00:01` (got `02:00:00:00:00`)\n"},
    {"BadIpv4", "[[instance]]\nlocal_ipv4 = \"10.0.0.256\"\n",
     "config.toml:2:14: instance.0.local_ipv4: must be an IPv4 address (got `10.0.0.256`)\n"},
    {"UserDataTwice", "[[instance]]\nuser_data = \"a\"\nuser_data_file = \"b\"\n",
     "config.toml:3:18: instance.0.user_data_file: cannot be combined with user_data\n"},
    {"RoleTagsThatAreNone",
     "[[iam.role]]\nname = \"app-role\"\ntrust_policy = "
     "'{\"Version\":\"2012-10-17\",\"Statement\":[{"
     "\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":"
     "\"sts:AssumeRole\"}]}'\ntags = [{ key = \"\", value = \"v\" }, { key = \"R&D\", value = "
     "\"🚀\" }]\n",
     "config.toml:4:17: iam.role.0.tags.0.key: must be 1 to 128 letters, digits, spaces and "
     "`_.:/=+-@` (got ``)\n"
     "config.toml:4:44: iam.role.0.tags.1.key: must be 1 to 128 letters, digits, spaces and "
     "`_.:/=+-@` (got `R&D`)\n"
     "config.toml:4:59: iam.role.0.tags.1.value: must be 0 to 256 letters, digits, spaces and "
     "`_.:/=+-@` (got `🚀`)\n"},
    {"RoleWithoutTrust", "[[iam.role]]\nname = \"r\"\n",
     "config.toml:1:1: iam.role.0.trust_policy: is required, or trust_policy_file\n"},
    {"RoleWithoutName", "[[iam.user]]\npath = \"/a/\"\n",
     "config.toml:1:1: iam.user.0.name: is required\n"},
    {"BadPath", "[[iam.user]]\nname = \"u\"\npath = \"a\"\n",
     "config.toml:3:8: iam.user.0.path: must be a path that begins and ends with `/` (got `a`)\n"},
    {"BadName", "[[iam.user]]\nname = \"a b\"\n",
     "config.toml:2:8: iam.user.0.name: must be 1 to 64 letters, digits and `_+=,.@-` (got `a "
     "b`)\n"},
    {"UserTwice", "[[iam.user]]\nname = \"dev\"\n[[iam.user]]\nname = \"Dev\"\n",
     "config.toml:4:8: iam.user.1.name: user `Dev` is declared twice in account 123456789012\n"},
    {"SecretMissing",
     "[[iam.user]]\nname = \"u\"\naccess_keys = [{ id = \"AKIAIOSFODNN7EXAMPLE\" }]\n",
     "config.toml:3:16: iam.user.0.access_keys.0.secret_env: is required, or secret_file\n"},
    {"SecretEnvUnset",
     "[[iam.user]]\nname = \"u\"\n"
     "access_keys = [{ id = \"AKIAIOSFODNN7EXAMPLE\", secret_env = \"DEV_SECRET\" }]\n",
     "config.toml:3:60: iam.user.0.access_keys.0.secret_env: environment variable `DEV_SECRET` is "
     "not set\n"},
    {"BadMemberAccount",
     "[organization]\nmanagement_account = \"123456789012\"\n"
     "member_accounts = [\"1\"]\n",
     "config.toml:3:19: organization.member_accounts: must be 12 digits (got `1`)\n"},
    {"OrganizationWithoutManagement", "[organization]\nmember_accounts = [\"210987654321\"]\n",
     "config.toml:1:1: organization.management_account: is required where there are other "
     "accounts\n"},
    {"TemporaryKeyId",
     "[[iam.user]]\nname = \"u\"\naccess_keys = [{ id = \"ASIAIOSFODNN7EXAMPLE\", secret_file = "
     "\"s\" }]\n",
     "config.toml:3:23: iam.user.0.access_keys.0.id: must not begin with `ASIA`: that marks "
     "temporary credentials (got `ASIAIOSFODNN7EXAMPLE`)\n"
     "config.toml:3:61: iam.user.0.access_keys.0.secret_file: cannot read `conf/s`: no such "
     "file\n"},
};

INSTANTIATE_TEST_SUITE_P(Table, ConfigErrors, testing::ValuesIn(kErrorCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ConfigParser, ReportsEverythingAtOnceInTheOrderOfTheFile) {
  const TestConfig config{
      "stat_dir = \"x\"\n[imds]\nhop_limit = 0\nhttp_tokens = 1\n[aws]\nregion = \"x\"\n"};
  EXPECT_EQ(config.problems(),
            "config.toml:1:1: stat_dir: unknown key, did you mean `state_dir`?\n"
            "config.toml:3:13: imds.hop_limit: must be 1..64 (got 0)\n"
            "config.toml:4:15: imds.http_tokens: must be a string (got an integer): write it in "
            "quotes\n"
            "config.toml:6:10: aws.region: must be a region name such as `us-east-1` (got `x`)\n");
}

TEST(ConfigParser, SyntaxErrorHasItsPlace) {
  const auto problems = TestConfig{"[imds]\nhop_limit = = 3\n"}.problems();
  EXPECT_TRUE(problems.starts_with("config.toml:2:13: ")) << problems;
}

TEST(ConfigParser, EmptyFileGivesTheDefaults) {
  const auto config = TestConfig{""}.config();
  ASSERT_EQ(config.instances.size(), 1U);
  EXPECT_EQ(config.instances[0].description.id, "i-0a1b2c3d4e5f60718");
  EXPECT_EQ(config.instances[0].description.type, "t3.micro");
  EXPECT_EQ(config.instances[0].description.availability_zone, "us-east-1a");
  EXPECT_EQ(config.instances[0].profile, "");
  EXPECT_EQ(config.imds.listen, std::vector{loopback(1338)});
  EXPECT_EQ(config.aws.listen, std::vector{loopback(1339)});
  EXPECT_EQ(config.imds.options.hop_limit, 2);
  EXPECT_EQ(config.imds.options.http_tokens, imds::HttpTokens::optional);
  EXPECT_TRUE(config.imds.options.http_endpoint_enabled);
  EXPECT_EQ(config.auth.mode, iam::AuthMode::enforce);
  EXPECT_EQ(config.credentials.lifetime, hours(6));
}

TEST(ConfigParser, ReadsWhatIsWritten) {
  const auto config =
      TestConfig{
          "state_dir = \"/s\"\n[log]\nlevel = \"debug\"\nformat = \"json\"\n"
          "[imds]\nlisten = [\"[::1]:0\", \"127.0.0.1:0\", \"127.0.0.1:0\"]\nhttp_tokens = "
          "\"required\"\n"
          "http_endpoint = \"disabled\"\nhop_limit = 64\nallowed_hosts = [\"IMDS.local\"]\n"
          "extended_credentials = true\n"
          "[aws]\naccount_id = \"210987654321\"\nregion = \"us-gov-west-1\"\n"
          "[admin]\nsocket = \"/run/a\"\ngroup = \"g\"\n[auth]\nmode = \"off\"\n"
          "[credentials]\nlifetime = \"5s\"\n"
          "[organization]\nmanagement_account = \"111122223333\"\n"
          "delegated_administrators = [\"444455556666\"]\nmember_accounts = "
          "[\"210987654321\"]\n[http]\nmax_connections = 7\nidle_timeout = \"1m\"\n"
          "[[instance]]\nuser_data = \"x\\u0000y\"\navailability_zone = \"us-gov-west-1-lax-1b\"\n"}
          .config();
  EXPECT_EQ(config.state_dir, "/s");
  EXPECT_EQ(config.log, (LogConfig{base::LogLevel::debug, base::LogFormat::json}));
  EXPECT_EQ(config.imds.listen.size(), 3U);
  EXPECT_EQ(config.imds.options.http_tokens, imds::HttpTokens::required);
  EXPECT_FALSE(config.imds.options.http_endpoint_enabled);
  EXPECT_EQ(config.imds.options.hop_limit, 64);
  EXPECT_EQ(config.imds.options.allowed_hosts, std::vector<std::string>{"imds.local"});
  EXPECT_TRUE(config.imds.options.extended_credentials);
  EXPECT_EQ(config.aws.account_id, "210987654321");
  EXPECT_EQ(config.admin,
            (AdminConfig{.socket = "/run/a", .group = "g", .listen = {}, .allowed_hosts = {}}));
  EXPECT_EQ(config.auth.mode, iam::AuthMode::off);
  EXPECT_EQ(config.credentials.lifetime, seconds(5));
  EXPECT_TRUE(config.organization.manages_root("111122223333"));
  EXPECT_TRUE(config.organization.manages_root("444455556666"));
  EXPECT_TRUE(config.organization.has_member("210987654321"));
  EXPECT_EQ(config.http.limits.max_connections, 7U);
  EXPECT_EQ(config.http.limits.idle_timeout, std::chrono::minutes(1));
  EXPECT_EQ(config.instances[0].description.user_data, std::string("x\0y", 3));
  EXPECT_EQ(config.instances[0].description.availability_zone, "us-gov-west-1-lax-1b");
}

TEST(ConfigParser, RemoteListenerNeedsNothingWhenPoliciesAreEnforced) {
  EXPECT_EQ(TestConfig{"[aws]\nlisten = [\"0.0.0.0:1339\"]\n"}.problems(), "");
  EXPECT_EQ(TestConfig{"[aws]\nlisten = [\"0.0.0.0:1339\"]\n"
                       "[auth]\nmode = \"off\"\nallow_remote = true\n"}
                .problems(),
            "");
}

TEST(ConfigParser, ZoneFollowsTheRegion) {
  EXPECT_EQ(TestConfig{"[aws]\nregion = \"eu-west-1\"\n"}
                .config()
                .instances[0]
                .description.availability_zone,
            "eu-west-1a");
}

TEST(ConfigParser, TheOnlyRoleIsTheInstances) {
  EXPECT_EQ(TestConfig{role_toml("web")}.config().instances[0].profile, "web");
  EXPECT_EQ(TestConfig{role_toml("web") + role_toml("db")}.config().instances[0].profile, "");
  EXPECT_EQ(
      TestConfig{"[[instance]]\nprofile = \"\"\n" + role_toml("web")}.config().instances[0].profile,
      "");
}

TEST(ConfigParser, DocumentsComeFromFilesBesideTheConfiguration) {
  TestConfig test{
      "[[iam.role]]\nname = \"r\"\ntrust_policy_file = \"trust.json\"\n"
      "[[instance]]\nuser_data_file = \"/abs/data.gz\"\n"};
  test.files["conf/trust.json"] = kTrust;
  test.files["/abs/data.gz"] = "\x1f\x8b";
  const auto config = test.config();
  EXPECT_EQ(config.iam.roles[0].trust_policy.text, kTrust);
  EXPECT_EQ(config.instances[0].description.user_data, "\x1f\x8b");
}

TEST(ConfigParser, MissingDocumentFileIsNamed) {
  EXPECT_EQ(
      (TestConfig{"[[iam.role]]\nname = \"r\"\ntrust_policy_file = \"trust.json\"\n"}.problems()),
      "config.toml:3:21: iam.role.0.trust_policy_file: cannot read `conf/trust.json`: no such "
      "file\n");
}

TEST(ConfigParser, PolicyErrorsPointIntoTheirText) {
  // Line 4 has an effect that does not exist.
  const std::string policy =
      "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    { \"Effect\": \"Maybe\" }\n  "
      "]\n}";
  const auto in_line =
      TestConfig{"[[iam.role]]\nname = \"r\"\ntrust_policy = '''\n" + policy + "\n'''\n"}
          .problems();
  EXPECT_TRUE(in_line.starts_with("config.toml:7:")) << in_line;
  EXPECT_NE(in_line.find(": iam.role.0.trust_policy: "), std::string::npos) << in_line;

  TestConfig in_file{"[[iam.role]]\nname = \"r\"\ntrust_policy_file = \"t.json\"\n"};
  in_file.files["conf/t.json"] = policy;
  const auto problems = in_file.problems();
  EXPECT_TRUE(problems.starts_with("conf/t.json:4:")) << problems;
}

TEST(ConfigParser, ManagedPoliciesAreOfTheNewVersion) {
  const std::string statement = R"("Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})";
  const std::string managed = "[[iam.policy]]\nname = \"p\"\ndocument = '{";
  EXPECT_EQ(TestConfig{managed + R"("Version":"2008-10-17",)" + statement + "'\n"}.problems(),
            "config.toml:3:24: iam.policy.0.document: Policy document must be version 2012-10-17 "
            "or greater. (only inline policies may be of version 2008-10-17)\n");
  EXPECT_EQ(TestConfig{managed + statement + "'\n"}.problems(),
            "config.toml:3:13: iam.policy.0.document: Policy document must be version 2012-10-17 "
            "or greater. (without a Version a policy is of version 2008-10-17)\n");
  const std::string in_user =
      "[[iam.user]]\nname = \"u\"\npolicies = [{ name = \"p\", document = '{";
  EXPECT_EQ(TestConfig{in_user + statement + "' }]\n"}.config().iam.users.size(), 1U);
}

TEST(ConfigParser, PoliciesInInlineTablesAndTheirNames) {
  const std::string document =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})";
  const auto config =
      TestConfig{
          "[[iam.user]]\nname = \"dev\"\npolicies = [\n{ name = \"p\", "
          "document = '" +
          document + "' },\n]\n"}
          .config();
  ASSERT_EQ(config.iam.users[0].policies.size(), 1U);
  EXPECT_EQ(config.iam.users[0].policies[0].name, "p");
  EXPECT_EQ(config.iam.users[0].policies[0].document->text, document);
  const std::string twice =
      "[[iam.user]]\nname = \"dev\"\n[[iam.user.policies]]\nname = \"p\"\n"
      "document = '" +
      document +
      "'\n[[iam.user.policies]]\nname = \"p\"\n"
      "document = '" +
      document + "'\n";
  EXPECT_EQ(TestConfig{twice}.problems(),
            "config.toml:7:8: iam.user.0.policies.1.name: policy `p` is there twice\n");
}

TEST(ConfigParser, AUserHasTwoAccessKeysAtMost) {
  std::string text = "[[iam.user]]\nname = \"u\"\n";
  for (const std::string id : {"AKIAIOSFODNN7EXAMPL1", "AKIAIOSFODNN7EXAMPL2",
                               "AKIAIOSFODNN7EXAMPL3", "AKIAIOSFODNN7EXAMPL4"}) {
    text += "[[iam.user.access_keys]]\nid = \"" + id + "\"\nsecret_file = \"key\"\n";
  }
  TestConfig test{text};
  test.files["conf/key"] = "secret\n";
  EXPECT_EQ(test.problems(),
            "config.toml:10:6: iam.user.0.access_keys.2.id: a user has at most 2 access keys\n");
}

TEST(ConfigParser, SecretsComeFromEnvironmentOrFile) {
  TestConfig test{
      "[[iam.user]]\nname = \"u\"\naccess_keys = [{ id = \"AKIAIOSFODNN7EXAMPLE\", secret_env = "
      "\"DEV_SECRET\" }, { id = \"AKIAIOSFODNN7EXAMPL2\", secret_file = \"key\" }]\n"};
  test.environment["DEV_SECRET"] = "from the environment";
  test.files["conf/key"] = "  from the file \nand not this\n";
  const auto config = test.config();
  ASSERT_EQ(config.iam.users[0].access_keys.size(), 2U);
  EXPECT_EQ(config.iam.users[0].access_keys[0].secret.reveal(), "from the environment");
  EXPECT_EQ(config.iam.users[0].access_keys[1].secret.reveal(), "from the file");
}

/// A secret in the place of the variable's name: told without it, wherever it was written.
TEST(ConfigParser, SecretPastedAsAVariableNameIsNotShown) {
  const std::string user =
      "[[iam.user]]\nname = \"u\"\naccess_keys = [{ id = \"AKIAIOSFODNN7EXAMPLE\", secret_env = ";
  const std::string slashed = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  const std::string lettered = "wJalrXUtnFEMIxK7MDENGxbPxRfiCYEXAMPLEKEY";
  EXPECT_EQ(TestConfig{user + "\"" + slashed + "\" }]\n"}.problems(),
            "config.toml:3:60: iam.user.0.access_keys.0.secret_env: must be the name of an "
            "environment variable\n");
  EXPECT_EQ(TestConfig{user + "\"" + lettered + "\" }]\n"}.problems(),
            "config.toml:3:60: iam.user.0.access_keys.0.secret_env: the environment variable that "
            "it names is not set\n");
  for (const std::string key :
       {"iam.user.0.access_keys.0.secret_env", "iam.user.0.access_keys.0.secret"}) {
    const TestConfig test{user + "\"S\" }]\n", {}, {key + "=" + slashed}};
    EXPECT_NE(test.problems(), "");
    EXPECT_EQ(test.problems().find("wJalr"), std::string::npos) << test.problems();
  }
}

TEST(ConfigParser, SecretsAreNeverPartOfAProblem) {
  TestConfig test{
      "[imds]\nhop_limit = 0\n[[iam.user]]\nname = \"u\"\naccess_keys = [{ id = "
      "\"AKIAIOSFODNN7EXAMPLE\", "
      "secret_env = \"S\", secret_file = \"key\" }]\n"};
  test.environment["S"] = "tomato";
  test.files["conf/key"] = "tomato";
  EXPECT_EQ(test.problems().find("tomato"), std::string::npos);
  EXPECT_NE(test.problems().find("secret_env: cannot be combined with secret_file"),
            std::string::npos);
}

TEST(ConfigParser, EveryTruncationIsAConfigurationOrAListOfProblems) {
  const std::string text = "[imds]\nlisten = [\"127.0.0.1:0\"]\n" + role_toml() +
                           "policies = [{ name = \"p\", document = '''{}''' }]\n";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto loaded = TestConfig{text.substr(0, size)}.parse();
    EXPECT_TRUE(loaded || !loaded.error().problems.empty()) << size;
  }
}

}  // namespace
}  // namespace imdsd::daemon
