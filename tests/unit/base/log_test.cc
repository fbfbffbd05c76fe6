// SPDX-License-Identifier: MIT
#include "base/log.h"

#include <functional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imdsd::base {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kTimeLength = "2026-11-22T05:00:00.123Z"sv.size();

class Log : public testing::Test {
 protected:
  ~Log() override { configure_log(LogLevel::info, LogFormat::text); }

  static std::string written(const std::function<void()>& code) {
    testing::internal::CaptureStderr();
    code();
    return testing::internal::GetCapturedStderr();
  }
  static std::string behind_time(const std::function<void()>& code) {
    const std::string line = written(code);
    return line.size() < kTimeLength ? line : line.substr(kTimeLength);
  }
};

TEST_F(Log, TextStartsWithTimeInUtcAndMilliseconds) {
  const std::string line = written([] { log_info("x"); });
  ASSERT_GE(line.size(), kTimeLength);
  std::string shape = line.substr(0, kTimeLength);
  for (char& c : shape) c = c >= '0' && c <= '9' ? '9' : c;
  EXPECT_EQ(shape, "9999-99-99T99:99:99.999Z");
}

TEST_F(Log, TextHasLevelMessageAndFields) {
  configure_log(LogLevel::debug, LogFormat::text);
  EXPECT_EQ(behind_time([] {
              log_info("message", {{"key", "value"}, {"key2", "va lue"}});
            }),
            " info  message key=value key2=\"va lue\"\n");
  EXPECT_EQ(behind_time([] {
              log_debug("a b", {{"n", -3}, {"z", std::size_t{7}}, {"u", 5U}});
            }),
            " debug a b n=-3 z=7 u=5\n");
  EXPECT_EQ(behind_time([] { log_warn("w"); }), " warn  w\n");
  EXPECT_EQ(behind_time([] { log_error("e"); }), " error e\n");
}

TEST_F(Log, TextQuotesWhatWouldBeAmbiguous) {
  EXPECT_EQ(behind_time([] {
              log_info("m", {{"a", ""}, {"b", "x=y"}, {"c", "say \"hi\""}, {"d", "back\\slash"}});
            }),
            " info  m a=\"\" b=\"x=y\" c=\"say \\\"hi\\\"\" d=\"back\\\\slash\"\n");
}

TEST_F(Log, TextRecordIsOneLineWhateverItCarries) {
  EXPECT_EQ(
      behind_time([] {
        log_info("a\nb", {{"k", "x\r\n\t\x1B[31m\0\x7F"sv}, {"c1", "\xC2\x9B"}, {"bad", "\xFF"}});
      }),
      " info  a\\nb k=\"x\\r\\n\\t\\x1b[31m\\x00\\x7f\" c1=\"\\xc2\\x9b\" bad=\"\\xff\"\n");
  EXPECT_EQ(behind_time([] {
              log_info("{} %v", {{"k", "caf\xC3\xA9"}});
            }),
            " info  {} %v k=\"caf\xC3\xA9\"\n");
}

TEST_F(Log, JsonIsOneObjectALine) {
  configure_log(LogLevel::info, LogFormat::json);
  const std::string line = written([] {
    log_warn("a \"b\"\n", {{"k", "v\x01"}, {"n", 5}, {"bad", "\xFF"}, {"pattern", "%v{}"}});
  });
  ASSERT_EQ(line.find('\n'), line.size() - 1);
  const auto record = nlohmann::json::parse(line);
  EXPECT_EQ(record.at("time").get<std::string>().size(), kTimeLength);
  EXPECT_EQ(record.at("level"), "warn");
  EXPECT_EQ(record.at("message"), "a \"b\"\n");
  EXPECT_EQ(record.at("k"), "v\x01");
  EXPECT_EQ(record.at("n"), "5");
  EXPECT_EQ(record.at("bad"), "\xEF\xBF\xBD");
  EXPECT_EQ(record.at("pattern"), "%v{}");
  EXPECT_EQ(record.size(), 7U);
}

TEST_F(Log, LevelCutsOffWhatIsBelow) {
  configure_log(LogLevel::warn, LogFormat::text);
  EXPECT_FALSE(log_enabled(LogLevel::debug));
  EXPECT_FALSE(log_enabled(LogLevel::info));
  EXPECT_TRUE(log_enabled(LogLevel::warn));
  EXPECT_TRUE(log_enabled(LogLevel::error));
  EXPECT_EQ(written([] {
              log_debug("no");
              log_info("no");
            }),
            "");
  EXPECT_NE(written([] { log_warn("yes"); }), "");
}

TEST_F(Log, ParsesLevels) {
  EXPECT_EQ(parse_log_level("debug").value(), LogLevel::debug);
  EXPECT_EQ(parse_log_level("info").value(), LogLevel::info);
  EXPECT_EQ(parse_log_level("warn").value(), LogLevel::warn);
  EXPECT_EQ(parse_log_level("error").value(), LogLevel::error);
  for (const std::string_view bad : {"", "INFO", "warning", "info "}) {
    EXPECT_EQ(parse_log_level(bad).error().code, Errc::invalid_argument) << bad;
  }
}

TEST_F(Log, ThreadsWriteWholeRecordsWhileTheFormatChanges) {
  const std::string lines = written([] {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 50; ++i) log_info("m", {{"k", "v"}});
      });
    }
    for (int i = 0; i < 20; ++i) {
      configure_log(LogLevel::info, i % 2 == 0 ? LogFormat::json : LogFormat::text);
    }
  });
  std::size_t count = 0;
  for (std::size_t at = 0; at < lines.size(); ++count) {
    const std::size_t end = lines.find('\n', at);
    ASSERT_NE(end, std::string::npos);
    const std::string line = lines.substr(at, end - at);
    const std::string_view tail =
        line.front() == '{' ? R"("level":"info","message":"m","k":"v"})" : "Z info  m k=v";
    EXPECT_TRUE(line.ends_with(tail)) << line;
    at = end + 1;
  }
  EXPECT_EQ(count, 150U);
}

}  // namespace
}  // namespace imdsd::base
