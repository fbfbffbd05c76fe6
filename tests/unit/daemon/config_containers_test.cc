// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "config_fixture.h"

namespace imdsd::daemon {
namespace {

Config config(const std::string& text, std::map<std::string, std::string> files = {}) {
  return TestConfig{.text = text, .files = std::move(files)}.config();
}
std::string problems(const std::string& text, std::map<std::string, std::string> files = {}) {
  return TestConfig{.text = text, .files = std::move(files)}.problems();
}

TEST(ContainerConfig, TheDoorsAreClosedByDefault) {
  const Config closed = config(role_toml());
  EXPECT_TRUE(closed.ecs.listen.empty());
  EXPECT_TRUE(closed.ecs.tasks.empty());
  EXPECT_TRUE(closed.eks.listen.empty());
  EXPECT_TRUE(closed.eks.associations.empty());
}

TEST(ContainerConfig, AnOpenDoorGivesTheOnlyRole) {
  const std::string open = "[ecs]\nlisten = [\"127.0.0.1:0\"]\n[eks]\nlisten = [\"[::1]:0\"]\n";
  const Config one = config(open + role_toml());
  ASSERT_EQ(one.ecs.tasks.size(), 1U);
  EXPECT_EQ(one.ecs.tasks[0].role.name, "app-role");
  ASSERT_EQ(one.eks.associations.size(), 1U);
  EXPECT_EQ(one.eks.associations[0].role.name, "app-role");
  const Config two = config(open + role_toml() + role_toml("other"));
  EXPECT_EQ(two.ecs.tasks.at(0).role.name, "");
  EXPECT_TRUE(two.eks.associations.empty());
}

TEST(ContainerConfig, ReadsTasks) {
  const Config read = config(
      "[[instance]]\nid = \"i-0a1b2c3d\"\n[ecs]\ncluster = \"dev\"\n[[ecs.task]]\n"
      "family = \"shop\"\nrevision = 7\nid = \"0123456789abcdef0123456789abcdef\"\n"
      "role = \"app-role\"\ncredentials_id = \"shop\"\nservice = \"front\"\n"
      "launch_type = \"FARGATE\"\ninstance = \"i-0a1b2c3d\"\n"
      "tags = [{ key = \"team\", value = \"web\" }]\n"
      "[[ecs.task.container]]\nname = \"web\"\ncpu = 256\nmemory = 512\n" +
      role_toml());
  EXPECT_EQ(read.ecs.cluster, "dev");
  const TaskConfig& task = read.ecs.tasks.at(0);
  EXPECT_EQ(task.family, "shop");
  EXPECT_EQ(task.revision, 7);
  EXPECT_EQ(task.role.key, "ecs.task.0.role");
  EXPECT_EQ(task.credentials_id, "shop");
  EXPECT_EQ(task.launch_type, containers::LaunchType::fargate);
  EXPECT_EQ(task.tags, (containers::Tags{{"team", "web"}}));
  EXPECT_EQ(task.containers.at(0).image, "web:latest");
  EXPECT_EQ(task.containers.at(0).cpu, 256);
}

TEST(ContainerConfig, TheTokenIsTheWholeFile) {
  const std::string text = "[ecs]\nlisten = [\"0.0.0.0:1341\"]\nauthorization_token_file = \"t\"\n";
  const Config read = config(text, {{"conf/t", "secret-1"}});
  EXPECT_EQ(read.ecs.authorization_token.reveal(), "secret-1");
  EXPECT_EQ(read.ecs.authorization_token_file, "conf/t");
  for (const char* token : {"", "secret\n", "two words", "caf\xc3\xa9"}) {
    EXPECT_NE(problems(text, {{"conf/t", token}}).find("printf %s TOKEN > FILE"), std::string::npos)
        << token;
  }
  EXPECT_NE(problems(text).find("cannot read `conf/t`"), std::string::npos);
}

struct BadCase {
  std::string_view name, text, problem;
};
void PrintTo(const BadCase& c, std::ostream* out) {
  *out << c.name;
}
class BadContainerConfig : public testing::TestWithParam<BadCase> {};

TEST_P(BadContainerConfig, IsTold) {
  const auto told = problems(std::string(GetParam().text));
  EXPECT_NE(told.find(GetParam().problem), std::string::npos) << told;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadContainerConfig,
    testing::Values(
        BadCase{"Strangers", "[ecs]\nlisten = [\"127.0.0.1:1\", \"10.0.0.1:1341\"]\n",
                "config.toml:2:10: ecs.listen: `10.0.0.1:1341`, beyond loopback and link-local "
                "addresses, needs ecs.authorization_token_file"},
        BadCase{"PortOfImds", "[ecs]\nlisten = [\"127.0.0.1:1338\"]\n",
                "ecs.listen: `127.0.0.1:1338` is taken by [imds], too"},
        BadCase{"PortOfEcs",
                "[ecs]\nlisten = [\"127.0.0.1:1341\"]\n[eks]\nlisten = [\"127.0.0.1:1341\"]\n",
                "eks.listen: `127.0.0.1:1341` is taken by [ecs], too"},
        BadCase{"Family", "[[ecs.task]]\nfamily = \"a b\"\n",
                "ecs.task.0.family: must be 1 to 255 letters, digits, `-` and `_` (got `a b`)"},
        BadCase{"NoFamily", "[[ecs.task]]\nrevision = 1\n", "ecs.task.0.family: is required"},
        BadCase{"Id", "[[ecs.task]]\nfamily = \"a\"\nid = \"ABC\"\n",
                "ecs.task.0.id: must be 32 small hex digits (got `ABC`)"},
        BadCase{"CredentialsId", "[[ecs.task]]\nfamily = \"a\"\ncredentials_id = \"a/b\"\n",
                "ecs.task.0.credentials_id: must be letters, digits"},
        BadCase{"SameCredentialsId",
                "[[ecs.task]]\nfamily = \"a\"\ncredentials_id = \"c\"\n"
                "[[ecs.task]]\nfamily = \"b\"\ncredentials_id = \"c\"\n",
                "ecs.task.1.credentials_id: `c` is there twice"},
        BadCase{"NetworkMode", "[[ecs.task]]\nfamily = \"a\"\nnetwork_mode = \"none\"\n",
                "ecs.task.0.network_mode: must be `awsvpc`, `bridge` or `host` (got `none`)"},
        BadCase{"BridgeOfFargate",
                "[[ecs.task]]\nfamily = \"a\"\nlaunch_type = \"FARGATE\"\nnetwork_mode = "
                "\"bridge\"\n",
                "ecs.task.0.network_mode: must be `awsvpc`, the only one that FARGATE has"},
        BadCase{"LaunchType", "[[ecs.task]]\nfamily = \"a\"\nlaunch_type = \"ec2\"\n",
                "ecs.task.0.launch_type: must be `EC2` or `FARGATE` (got `ec2`)"},
        BadCase{"Instance", "[[ecs.task]]\nfamily = \"a\"\ninstance = \"i-0a1b2c3d4e5f60719\"\n",
                "there is no instance `i-0a1b2c3d4e5f60719`, did you mean `i-0a1b2c3d4e5f60718`?"},
        BadCase{"TwoContainers",
                "[[ecs.task]]\nfamily = \"a\"\n[[ecs.task.container]]\nname = \"w\"\n"
                "[[ecs.task.container]]\nname = \"w\"\n",
                "ecs.task.0.container.1.name: `w` is there twice"},
        BadCase{"Issuer", "[eks]\nissuers = [\"http://a.example\"]\n", "eks.issuers: "},
        BadCase{"Namespace",
                "[[eks.pod_identity_association]]\nnamespace = \"a.b\"\nrole = \"r\"\n",
                "must be a name of Kubernetes"},
        BadCase{"NoRole", "[[eks.pod_identity_association]]\nnamespace = \"a\"\n",
                "eks.pod_identity_association.0.role: is required"},
        BadCase{"SameServiceAccount",
                "[[eks.pod_identity_association]]\nrole = \"r\"\n"
                "[[eks.pod_identity_association]]\nrole = \"s\"\n",
                "`default/default` is there twice"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace imdsd::daemon
