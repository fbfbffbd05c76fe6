// SPDX-License-Identifier: MIT
#include "daemon/run.h"

#include <cstdio>
#include <unistd.h>
#include <utility>

#include "base/log.h"
#include "base/random.h"
#include "daemon/app.h"
#include "daemon/command_line.h"
#include "daemon/config_parser.h"
#include "daemon/iam_state.h"

namespace imdsd::daemon {
namespace {

using Problems = std::vector<ConfigProblem>;

void print_line(std::FILE* out, const std::string& line) {
  std::fprintf(out, "%s\n", line.c_str());
}

/// Positions speak for themselves; what has none is said in the program's name.
void print_problems(const Problems& problems, const char* label) {
  for (const auto& problem : problems) {
    const std::string prefix = problem.at.source.empty() ? "imdsd: " : "";
    print_line(stderr, prefix + label + problem.to_string());
  }
}

base::Result<std::string> find_config(const CommandLine& line) {
  if (!line.config.empty()) return line.config;
  for (const char* path : kDefaultConfigs) {
    if (::access(path, F_OK) == 0) return std::string(path);
  }
  return base::fail(base::Errc::not_found, std::string("there is neither ") + kDefaultConfigs[0] +
                                               " nor " + kDefaultConfigs[1] +
                                               ": name a file with --config FILE");
}

/// What the parser does not see: principals that must exist, for one. What the API may have made
/// is not looked at.
int check(const std::string& path, const Config& config) {
  base::RealRandom random;
  iam::Transaction transaction(iam::Directory(), base::RealClock().now(), random);
  if (const auto ensured = ensure_declared(config, {}, transaction); !ensured) {
    print_problems(ensured.error(), "");
    return 1;
  }
  print_line(stdout, path + ": ok");
  return 0;
}

int serve(AppOptions options, Config config) {
  auto signals = Signals::block();
  if (!signals) {
    print_line(stderr, "imdsd: " + signals.error().message);
    return 1;
  }
  auto app = App::create(std::move(options), std::move(config));
  if (!app) {
    print_problems(app.error(), "");
    return 1;
  }
  return (*app)->run(*signals);
}

}  // namespace

int run(const std::vector<std::string>& argv, base::Environment environment) {
  const auto line = parse_command_line({argv.begin() + (argv.empty() ? 0 : 1), argv.end()});
  if (!line) {
    print_line(stderr, "imdsd: " + line.error().message + "\n\n" + help_text());
    return 2;
  }
  if (line->action == CommandLine::Action::version) {
    print_line(stdout, "imdsd " IMDSD_VERSION);
    return 0;
  }
  if (line->action == CommandLine::Action::help) {
    std::fputs(help_text().c_str(), stdout);
    return 0;
  }
  const auto path = find_config(*line);
  if (!path) {
    print_line(stderr, "imdsd: " + path.error().message);
    return 1;
  }
  ConfigInput input;
  input.environment = environment;
  input.sets = line->sets;
  auto loaded = load_config(*path, std::move(input));
  if (!loaded) {
    print_problems(loaded.error().warnings, "warning: ");
    print_problems(loaded.error().problems, "");
    return 1;
  }
  print_problems(loaded->warnings, "warning: ");
  if (line->action == CommandLine::Action::check_config) return check(*path, loaded->config);
  return serve({*path, std::move(environment), line->sets, argv.empty() ? "imdsd" : argv[0]},
               std::move(loaded->config));
}

}  // namespace imdsd::daemon
