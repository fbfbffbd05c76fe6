// SPDX-License-Identifier: MIT
// config.toml and docs/configuration.md are part of the product: they say what the code does.
#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

#include "daemon/config_parser.h"
#include "daemon/config_schema.h"
#include "daemon/files.h"
#include "daemon/iam_state.h"

namespace imdsd::daemon {
namespace {

std::string root_file(const char* name) {
  return std::string(IMDSD_SOURCE_DIR) + "/" + name;
}

TEST(SampleConfig, IsValidAndComplete) {
  auto loaded = load_config(root_file("config.toml"), {});
  ASSERT_TRUE(loaded) << loaded.error().problems.front().to_string();
  EXPECT_TRUE(loaded->warnings.empty());
  base::RealRandom random;
  iam::Transaction transaction(iam::Directory(), {}, random);
  const auto ensured = ensure_declared(loaded->config, {}, transaction);
  ASSERT_TRUE(ensured) << ensured.error().front().to_string();
  EXPECT_TRUE(transaction.directory().find<iam::Role>("123456789012", "app-role"));
  EXPECT_TRUE(transaction.directory().find<iam::InstanceProfile>("123456789012", "app-role"));
}

/// What it shows uncommented are the defaults: deleting a line changes nothing. The console alone
/// is a port that nobody has to have.
TEST(SampleConfig, ShowsTheDefaults) {
  const auto sample = load_config(root_file("config.toml"), {});
  const auto empty = parse_config({});
  ASSERT_TRUE(sample && empty);
  const auto& a = sample->config;
  const auto& b = empty->config;
  EXPECT_EQ(a.state_dir, b.state_dir);
  EXPECT_EQ(a.log, b.log);
  EXPECT_EQ(a.imds.listen, b.imds.listen);
  EXPECT_EQ(a.imds.options.hop_limit, b.imds.options.hop_limit);
  EXPECT_EQ(a.imds.options.http_tokens, b.imds.options.http_tokens);
  EXPECT_EQ(a.imds.options.extended_credentials, b.imds.options.extended_credentials);
  EXPECT_EQ(a.aws.listen, b.aws.listen);
  EXPECT_EQ(a.aws.tls_listen, b.aws.tls_listen);
  EXPECT_EQ(a.aws.issuer_url, b.aws.issuer_url);
  EXPECT_EQ(a.aws.account_id, b.aws.account_id);
  EXPECT_EQ(a.aws.region, b.aws.region);
  EXPECT_EQ(a.admin, b.admin);
  EXPECT_EQ(a.auth.mode, b.auth.mode);
  EXPECT_EQ(a.credentials.lifetime, b.credentials.lifetime);
  EXPECT_EQ(a.instances[0].description.id, b.instances[0].description.id);
  EXPECT_EQ(a.instances[0].description.type, b.instances[0].description.type);
  EXPECT_EQ(a.instances[0].description.availability_zone,
            b.instances[0].description.availability_zone);
  EXPECT_EQ(a.ecs.listen, b.ecs.listen);
  EXPECT_EQ(a.ecs.cluster, b.ecs.cluster);
  EXPECT_EQ(a.s3.domains, b.s3.domains);
  EXPECT_EQ(a.eks.listen, b.eks.listen);
  EXPECT_EQ(a.eks.cluster, b.eks.cluster);
  EXPECT_EQ(a.eks.token_dir, b.eks.token_dir);
  EXPECT_EQ(a.http.limits.max_connections, b.http.limits.max_connections);
  EXPECT_EQ(a.http.limits.max_buffered_body_bytes, b.http.limits.max_buffered_body_bytes);
  EXPECT_EQ(a.http.event_threads, b.http.event_threads);
  EXPECT_EQ(a.http.worker_threads, b.http.worker_threads);
  EXPECT_EQ(a.http.limits.head_timeout, b.http.limits.head_timeout);
  EXPECT_EQ(a.http.limits.body_timeout, b.http.limits.body_timeout);
  EXPECT_EQ(a.http.limits.idle_timeout, b.http.limits.idle_timeout);
  EXPECT_EQ(a.http.limits.send_timeout, b.http.limits.send_timeout);
  EXPECT_EQ(a.http.limits.drain_timeout, b.http.limits.drain_timeout);
}

TEST(SampleConfig, ShowsEveryKey) {
  const auto text = read_file(root_file("config.toml")).value();
  for (const auto& info : config_keys()) {
    const auto name = std::string(info.key.substr(info.key.rfind('.') + 1));
    EXPECT_NE(text.find(name + " = "), std::string::npos) << info.key;
  }
}

TEST(ConfigurationDocument, HasOneRowForEveryKey) {
  const auto text = read_file(root_file("docs/configuration.md")).value();
  std::size_t rows = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) rows += line.starts_with("| `") ? 1 : 0;
  for (const auto& info : config_keys()) {
    const std::string shown =
        info.default_text.empty() ? "–" : "`" + std::string(info.default_text) + "`";
    const std::string start = "| `" + std::string(info.key) + "` | " +
                              std::string(to_string(info.type)) + " | " + shown + " | " +
                              (info.reloadable ? "yes" : "no") + " | ";
    EXPECT_NE(text.find(start), std::string::npos) << start;
  }
  EXPECT_EQ(rows, config_keys().size());
}

/// The defaults that the table of keys tells are those of the parser.
TEST(ConfigurationKeys, TellTheRealDefaults) {
  ConfigInput input;
  for (const auto& info : config_keys()) {
    // Of tables that need more than a default to be there.
    const bool declares = info.key.starts_with("iam.") || info.key.starts_with("ecs.task.") ||
                          info.key.starts_with("eks.pod_");
    if (info.default_text.empty() || declares) continue;
    auto key = std::string(info.key);
    std::replace(key.begin(), key.end(), '*', '0');
    input.sets.push_back(key + "=" + std::string(info.default_text));
  }
  const auto spelled_out = parse_config(input);
  ASSERT_TRUE(spelled_out) << spelled_out.error().problems.front().to_string();
  const auto empty = parse_config({});
  EXPECT_EQ(spelled_out->config.imds.listen, empty->config.imds.listen);
  EXPECT_EQ(spelled_out->config.http.limits.max_buffered_body_bytes,
            empty->config.http.limits.max_buffered_body_bytes);
  EXPECT_EQ(spelled_out->config.credentials.lifetime, empty->config.credentials.lifetime);
  EXPECT_EQ(spelled_out->config.instances[0].description.id,
            empty->config.instances[0].description.id);
}

}  // namespace
}  // namespace imdsd::daemon
