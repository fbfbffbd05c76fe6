// SPDX-License-Identifier: MIT
#include "daemon/command_line.h"

#include <optional>
#include <string_view>

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::Result;

/// Cuts `--name VALUE` or `--name=VALUE`; nothing when the argument is another flag.
class Arguments {
 public:
  explicit Arguments(const std::vector<std::string>& list) : list_(list) {}
  [[nodiscard]] bool done() const { return next_ == list_.size(); }
  [[nodiscard]] const std::string& current() const { return list_[next_]; }
  void skip() { ++next_; }

  [[nodiscard]] Result<std::optional<std::string>> value_of(const std::string& name) {
    const std::string& argument = current();
    if (argument.starts_with(name + "=")) {
      skip();
      return std::optional(argument.substr(name.size() + 1));
    }
    if (argument != name) return std::optional<std::string>();
    skip();
    if (done()) return base::fail(Errc::invalid_argument, "`" + name + "` needs a value");
    skip();
    return std::optional(list_[next_ - 1]);
  }

 private:
  const std::vector<std::string>& list_;
  std::size_t next_ = 0;
};

}  // namespace

Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine out;
  Arguments rest(arguments);
  while (!rest.done()) {
    IMDSD_TRY(auto config, rest.value_of("--config"));
    if (config) {
      if (config->empty()) return base::fail(Errc::invalid_argument, "`--config` needs a file");
      out.config = *std::move(config);
      continue;
    }
    IMDSD_TRY(auto set, rest.value_of("--set"));
    if (set) {
      out.sets.push_back(*std::move(set));
      continue;
    }
    const auto& flag = rest.current();
    if (flag == "--check-config") {
      out.action = CommandLine::Action::check_config;
    } else if (flag == "--version") {
      out.action = CommandLine::Action::version;
      return out;
    } else if (flag == "--help" || flag == "-h") {
      out.action = CommandLine::Action::help;
      return out;
    } else {
      return base::fail(Errc::invalid_argument, "unknown argument `" + flag + "`");
    }
    rest.skip();
  }
  return out;
}

std::string help_text() {
  return "usage: imdsd [--config FILE] [--set KEY=VALUE]... [--check-config]\n"
         "\n"
         "An EC2 instance metadata service with its own STS and IAM.\n"
         "\n"
         "  --config FILE      default: config.toml, then /etc/imdsd/config.toml\n"
         "  --set KEY=VALUE    overrides the file and IMDSD_ variables "
         "(imds.http_tokens=required)\n"
         "  --check-config     reports everything that is wrong, and ends\n"
         "  --version          prints the version, and ends\n"
         "  --help             prints this, and ends\n"
         "\n"
         "SIGHUP reloads the configuration, SIGTERM ends after the requests in progress.\n";
}

}  // namespace imdsd::daemon
