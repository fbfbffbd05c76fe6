// SPDX-License-Identifier: MIT
#include "daemon/mock_run.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <signal.h>
#include <stdlib.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/clock_real.h"
#include "base/log.h"
#include "base/task_group.h"
#include "daemon/app.h"
#include "daemon/config_parser.h"
#include "daemon/files.h"
#include "daemon/mock_audience.h"
#include "daemon/mock_plan.h"
#include "daemon/mock_settings.h"
#include "daemon/paths.h"

namespace imdsd::daemon {
namespace {

namespace fs = std::filesystem;
using base::Result;

void print(std::FILE* out, const std::string& text) {
  std::fprintf(out, "%s\n", text.c_str());
}

int fail(const std::string& message) {
  print(stderr, "ec2-metadata-mock: " + message);
  return 1;
}

/// State that nobody keeps: the mock's, while it runs.
class TemporaryFolder {
 public:
  static Result<std::unique_ptr<TemporaryFolder>> make(const base::Environment& environment) {
    std::string path =
        base::find_variable(environment, "TMPDIR").value_or("/tmp") + "/ec2-metadata-mock-XXXXXX";
    if (::mkdtemp(path.data()) != nullptr) {
      return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(std::move(path)));
    }
    return base::fail(base::Errc::unavailable,
                      "cannot make a folder `" + path + "`: " + system_error(errno));
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

/// What is needed to plan again when the settings change.
struct Mock {
  const MockArguments arguments;
  const base::Environment environment;
  const std::string folder;
  const base::SystemTime start;

  [[nodiscard]] std::string config_path() const { return folder + "/config.toml"; }
};

struct Prepared {
  MockPlan plan;
  Config config;
};

/// Writes the configuration. A value that it refuses is shown at its own path instead, with a
/// warning: the reference takes any text.
Result<Prepared> prepare(const Mock& mock, const MockSettings& settings) {
  std::set<std::string> as_they_are;
  while (true) {
    IMDSD_TRY(auto plan, make_mock_plan(settings, mock.folder, mock.start, as_they_are));
    IMDSD_TRY_VOID(write_file_atomically(mock.folder + "/user-data", plan.user_data));
    IMDSD_TRY_VOID(write_file_atomically(mock.config_path(), plan.config));
    ConfigInput input;
    input.environment = mock.environment;
    auto loaded = load_config(mock.config_path(), std::move(input));
    if (loaded) return Prepared{std::move(plan), std::move(loaded->config)};
    std::string lines;
    bool all_known = true;
    for (const auto& problem : loaded.error().problems) {
      const auto made_of = plan.made_of.find(problem.key);
      const bool known =
          made_of != plan.made_of.end() && as_they_are.insert(made_of->second).second;
      all_known = all_known && known;
      if (known) {
        print(stderr, "warning: metadata.values." + made_of->second + ": " + problem.message +
                          "; it is shown as it is, and nothing follows from it");
      } else {
        lines += "\n  " + problem.key + ": " + problem.message;
      }
    }
    if (!all_known) return base::fail(base::Errc::invalid_argument, "these do not work:" + lines);
  }
}

/// The same request that `imdsctl event play` sends.
Result<void> play(const App& app, const MockPlan& plan) {
  if (plan.scenario.empty()) return {};
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/v1/scenario?name=ec2-metadata-mock";
  request.body = plan.scenario;
  request.peer.unix_credentials = {
      .pid = static_cast<unsigned>(::getpid()), .uid = ::geteuid(), .gid = ::getegid()};
  const auto answer = app.ask(request);
  if (answer.status == 200) return {};
  return base::fail(base::Errc::unavailable, "the events: " + answer.body);
}

void save(const MockSettings& settings, const base::Environment& environment) {
  const std::string folder =
      base::find_variable(environment, "HOME").value_or(".") + "/.ec2-metadata-mock";
  const std::string path = folder + "/.aemm-config-used.json";
  auto saved = make_folders(folder, 0755);
  if (saved) saved = write_file_atomically(path, settings.json());
  print(saved ? stdout : stderr,
        saved ? "Saved the settings in " + path : "warning: not saved: " + saved.error().message);
}

/// The plan whose configuration a reload is about to take up. Thread-safe.
class NextPlan {
 public:
  void put(MockPlan plan) {
    const std::lock_guard lock(mutex_);
    plan_ = std::move(plan);
  }
  /// None, where no settings have changed.
  std::optional<MockPlan> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(plan_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::optional<MockPlan> plan_;
};

/// Takes up the settings file again when it changes; what is wrong leaves all as it was.
void watch(const Mock& mock, NextPlan& next, const std::string& file, const std::stop_token& stop) {
  constexpr std::chrono::seconds kInterval{1};
  base::RealClock clock;
  std::error_code error;
  auto seen = fs::last_write_time(file, error);
  while (!stop.stop_requested()) {
    clock.sleep_until(clock.monotonic() + kInterval, stop);
    const auto now = fs::last_write_time(file, error);
    if (error || now == seen) continue;
    seen = now;
    const auto settings = MockSettings::load(mock.arguments, mock.environment, read_file);
    auto prepared = settings ? prepare(mock, *settings) : tl::unexpected(settings.error());
    if (!prepared) {
      base::log_error("the settings are not taken up", {{"error", prepared.error().message}});
      continue;
    }
    next.put(std::move(prepared->plan));
    ::kill(::getpid(), SIGHUP);
  }
}

int serve(const Mock& mock, const MockSettings& settings, const std::string& program) {
  auto signals = Signals::block();
  if (!signals) return fail(signals.error().message);
  auto prepared = prepare(mock, settings);
  if (!prepared) return fail(prepared.error().message);
  for (const auto& warning : prepared->plan.warnings) print(stderr, "warning: " + warning);
  AppOptions options{mock.config_path(), mock.environment, {}, program, nullptr};
  std::shared_ptr<MockAudience> audience;
  if (prepared->plan.audience) {
    audience = std::make_shared<MockAudience>(*prepared->plan.audience);
    options.imds_filter = [audience](const base::HttpRequest& request, base::HttpResponse answer) {
      return audience->pass(request, std::move(answer));
    };
  }
  NextPlan next;
  App* running = nullptr;
  options.reloaded = [&next, &running] {
    const auto plan = next.take();
    if (!plan) return;
    if (const auto played = play(*running, *plan); !played) {
      base::log_error("the events are those of before", {{"error", played.error().message}});
    }
  };
  auto app = App::create(std::move(options), std::move(prepared->config));
  if (!app) {
    for (const auto& problem : app.error()) fail(problem.to_string());
    return 1;
  }
  running = app->get();
  if (auto played = play(*running, prepared->plan); !played) return fail(played.error().message);
  base::TaskGroup tasks;
  if (settings.flag("watch-config-file") && !settings.file().empty()) {
    tasks.spawn("watch",
                [&](const std::stop_token& stop) { watch(mock, next, settings.file(), stop); });
  }
  return (*app)->run(*signals);
}

}  // namespace

int run_mock(const std::vector<std::string>& argv, base::Environment environment) {
  auto arguments = parse_mock_arguments({argv.begin() + (argv.empty() ? 0 : 1), argv.end()});
  if (!arguments) {
    print(stderr, "ec2-metadata-mock: " + arguments.error().message + "\n\n" + mock_help());
    return 2;
  }
  if (arguments->action == MockArguments::Action::help) {
    std::fputs(mock_help().c_str(), stdout);
    return 0;
  }
  if (arguments->action == MockArguments::Action::version) {
    print(stdout, "imdsd " IMDSD_VERSION);
    return 0;
  }
  const auto settings = MockSettings::load(*arguments, environment, read_file);
  if (!settings) return fail(settings.error().message);
  if (settings->flag("save-config-to-file")) save(*settings, environment);
  const auto folder = TemporaryFolder::make(environment);
  if (!folder) return fail(folder.error().message);
  const Mock mock{*std::move(arguments), std::move(environment), (*folder)->path(),
                  base::RealClock().now()};
  return serve(mock, *settings, argv.empty() ? "ec2-metadata-mock" : argv[0]);
}

}  // namespace imdsd::daemon
