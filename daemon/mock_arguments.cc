// SPDX-License-Identifier: MIT
#include "daemon/mock_flags.h"
#include "daemon/mock_settings.h"

namespace imdsd::daemon {
namespace {

using base::Errc;
using base::fail;
using base::Result;

struct Command {
  std::string_view name;
  std::string_view aliases;  // between spaces
};
constexpr Command kCommands[] = {{"spot", " spot spotitn "},
                                 {"events", " events se scheduledevents "},
                                 {"asglifecycle", " asglifecycle autoscaling asg "}};

const Command* find_command(std::string_view word) {
  for (const auto& command : kCommands) {
    if (command.aliases.find(" " + std::string(word) + " ") != std::string_view::npos) {
      return &command;
    }
  }
  return nullptr;
}

/// Whether its flags come before or behind it, the subcommand decides what they mean.
std::string command_in(const std::vector<std::string>& arguments) {
  for (const auto& argument : arguments) {
    if (const auto* command = find_command(argument)) return std::string(command->name);
  }
  return {};
}

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& arguments) : arguments_(arguments) {
    out_.command = command_in(arguments);
  }

  Result<MockArguments> parse() {
    while (next_ < arguments_.size() && out_.action == MockArguments::Action::serve) {
      const std::string& argument = arguments_[next_++];
      if (argument.starts_with("--")) {
        IMDSD_TRY_VOID(take_long(argument));
      } else if (argument.size() > 1 && argument[0] == '-') {
        IMDSD_TRY_VOID(take_short(argument));
      } else if (argument == "help") {
        out_.action = MockArguments::Action::help;
      } else if (find_command(argument) == nullptr) {
        return fail(Errc::invalid_argument, "unknown command `" + argument + "`");
      }
    }
    return std::move(out_);
  }

 private:
  Result<void> take_long(std::string_view argument) {
    const auto equals = argument.find('=');
    const auto name = argument.substr(2, equals == std::string_view::npos ? equals : equals - 2);
    if (name == "help" || name == "version") {
      out_.action = name == "help" ? MockArguments::Action::help : MockArguments::Action::version;
      return {};
    }
    const MockFlag* const flag = find_mock_flag(name, out_.command);
    if (flag == nullptr) {
      return fail(Errc::invalid_argument, "unknown flag `--" + std::string(name) + "`");
    }
    if (equals != std::string_view::npos) return put(*flag, argument.substr(equals + 1));
    if (flag->type == MockFlag::Type::boolean) return put(*flag, "true");
    return take_value(*flag, argument);
  }

  /// `-p80`, `-p 80`, `-p=80`, and switches together: `-sI`.
  Result<void> take_short(std::string_view argument) {
    for (std::size_t at = 1; at < argument.size(); ++at) {
      const char letter = argument[at];
      if (letter == 'h') {
        out_.action = MockArguments::Action::help;
        return {};
      }
      const MockFlag* const flag = find_mock_flag(letter, out_.command);
      if (flag == nullptr) {
        return fail(Errc::invalid_argument, "unknown flag `-" + std::string(1, letter) + "` in `" +
                                                std::string(argument) + "`");
      }
      const auto rest = argument.substr(at + 1);
      if (rest.starts_with('=')) return put(*flag, rest.substr(1));
      if (flag->type == MockFlag::Type::boolean) {
        IMDSD_TRY_VOID(put(*flag, "true"));
        continue;
      }
      return rest.empty() ? take_value(*flag, argument) : put(*flag, rest);
    }
    return {};
  }

  Result<void> take_value(const MockFlag& flag, std::string_view argument) {
    if (next_ == arguments_.size()) {
      return fail(Errc::invalid_argument, "`" + std::string(argument) + "` needs a value");
    }
    return put(flag, arguments_[next_++]);
  }

  Result<void> put(const MockFlag& flag, std::string_view text) {
    out_.values[std::string(flag.key)] = text;
    return {};
  }

  const std::vector<std::string>& arguments_;
  std::size_t next_ = 0;
  MockArguments out_;
};

}  // namespace

Result<MockArguments> parse_mock_arguments(const std::vector<std::string>& arguments) {
  return Parser(arguments).parse();
}

std::string mock_help() {
  std::string out =
      "usage: ec2-metadata-mock [spot | events | asglifecycle] [flags]\n"
      "\n"
      "imdsd with the flags, variables (AEMM_…) and JSON file of amazon-ec2-metadata-mock.\n";
  std::string_view command = "?";
  for (const MockFlag& flag : mock_flags()) {
    if (flag.command != command) {
      command = flag.command;
      out += "\n" + (command.empty() ? std::string("flags") : "flags of " + std::string(command)) +
             ":\n";
    }
    std::string line = flag.letter == 0 ? "      --" : std::string("  -") + flag.letter + ", --";
    line += flag.name;
    line.resize(std::max<std::size_t>(line.size() + 1, 40), ' ');
    out.append(line).append(flag.help).append("\n");
  }
  return out;
}

}  // namespace imdsd::daemon
