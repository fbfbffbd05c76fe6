// SPDX-License-Identifier: MIT
// The settings of amazon-ec2-metadata-mock, as its users write them
// (https://github.com/aws/amazon-ec2-metadata-mock/blob/main/docs/configuration.md): flags,
// variables AEMM_…, a JSON file. docs/ec2-metadata-mock.md tells what becomes of them here.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/environment.h"
#include "base/result.h"

namespace imdsd::daemon {

/// What the command line says.
struct MockArguments {
  enum class Action { serve, help, version } action = Action::serve;
  std::string command;  // "spot", "events", "asglifecycle"; empty: all of them
  std::map<std::string, std::string, std::less<>> values;  // by key: "server.port"
};

/// Of pflag's syntax: `--port 80`, `--port=80`, `-p 80`, `-p80`, `-sI`. Errc::invalid_argument.
[[nodiscard]] base::Result<MockArguments> parse_mock_arguments(
    const std::vector<std::string>& arguments);
[[nodiscard]] std::string mock_help();

/// Every setting by its key in the JSON file, in lower case: "spot.action", "metadata.values.mac".
/// What the user does not set has its default, and so has what they set to nothing.
class MockSettings {
 public:
  using ReadFile = std::function<base::Result<std::string>(const std::string& path)>;

  /// Flags come before variables, those before the file. Errc::invalid_argument names the setting
  /// and where it was made.
  [[nodiscard]] static base::Result<MockSettings> load(const MockArguments& arguments,
                                                       const base::Environment& environment,
                                                       const ReadFile& read_file);

  [[nodiscard]] const std::string& command() const noexcept { return command_; }
  /// Empty: not set, and without a default.
  [[nodiscard]] const std::string& text(std::string_view key) const;
  /// True when the user has set it.
  [[nodiscard]] bool is_set(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key) const { return text(key) == "true"; }
  [[nodiscard]] long long number(std::string_view key) const;
  [[nodiscard]] std::optional<base::SystemTime> time(std::string_view key) const;
  /// The keys that the user has set below `prefix`.
  [[nodiscard]] std::vector<std::string> set_below(std::string_view prefix) const;

  /// Path of the file, whether it is there or not.
  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }
  /// All of them, as the JSON file has them.
  [[nodiscard]] std::string json() const;

 private:
  [[nodiscard]] base::Result<void> take(const std::string& key, std::string text,
                                        const std::string& origin);
  [[nodiscard]] base::Result<void> take_file(const base::Environment& environment,
                                             const ReadFile& read_file,
                                             const MockArguments& arguments);
  [[nodiscard]] base::Result<void> take_variables(const base::Environment& environment);

  std::string command_, file_;
  std::map<std::string, std::string, std::less<>> values_;  // that the user has set
  std::vector<std::string> warnings_;
};

/// A value of the metadata: "mac", where it is, and its default. In paths, `{mac}` stands for the
/// value of that name.
struct MockValue {
  std::string_view key, path, standard;
};
/// metadata.values.*, as far as each is text at one path.
[[nodiscard]] std::span<const MockValue> mock_values();

/// RFC 3339 with any offset, as Go's time.RFC3339 reads it.
[[nodiscard]] base::Result<base::SystemTime> parse_rfc3339(std::string_view text);

}  // namespace imdsd::daemon
