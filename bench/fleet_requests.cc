// SPDX-License-Identifier: MIT
// What an answer costs without its way over the network, with many instances asked in turn and with
// one.
//   bench_fleet_requests [INSTANCES [ROUNDS]]  nanoseconds a request, medians; pages of memory that
//                                              only one instance's requests touch
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdlib.h>
#include <string>
#include <vector>

#include "base/clock_real.h"
#include "base/log.h"
#include "base/random.h"
#include "daemon/config_parser.h"
#include "daemon/core.h"
#include "imds/guards.h"

namespace {

using namespace imdsd;

constexpr const char* kRole = "app-role";
constexpr const char* kCredentials = "/latest/meta-data/iam/security-credentials/app-role";
constexpr const char* kLeaf = "/latest/meta-data/instance-id";

std::string configuration(std::size_t instances) {
  std::string text = "[imds]\ntrusted_proxies = [\"127.0.0.1\"]\n";
  for (std::size_t i = 0; i < instances; ++i) {
    text += "[[instance]]\nname = \"machine-" + std::to_string(i) + "\"\nprofile = \"" + kRole +
            "\"\npeers = [\"10." + std::to_string(i >> 8) + "." + std::to_string(i & 255) +
            ".0/24\"]\n";
  }
  return text + "[[iam.role]]\nname = \"" + kRole +
         "\"\ntrust_policy = '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
         "\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}'\n";
}

/// A core of so many instances, and a token of each.
class Fleet {
 public:
  Fleet(const std::string& folder, std::size_t instances) {
    auto state = daemon::StateDir::open(folder).value();
    auto ring = daemon::load_key_ring(state, random_, clock_.now()).value();
    auto iam = daemon::open_iam(state).value();
    core_ = std::make_unique<daemon::Core>(clock_, random_, std::move(state), std::move(ring),
                                           std::move(iam));
    daemon::ConfigInput input;
    input.text = configuration(instances);
    auto loaded = daemon::parse_config(input);
    if (!loaded || !core_->apply(std::move(loaded->config))) std::abort();
    for (std::size_t i = 0; i < instances; ++i) {
      names_.push_back("machine-" + std::to_string(i));
      base::HttpRequest request = make("PUT", "/latest/api/token", names_.back());
      request.headers.add(std::string(imds::kTokenTtlHeader), "21600");
      tokens_.push_back(core_->handle_imds(request).body);
    }
  }

  /// `count` requests of the instances in turn.
  void ask(const char* path, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = i % names_.size();
      base::HttpRequest request = make("GET", path, names_[at]);
      request.headers.add(std::string(imds::kTokenHeader), tokens_[at]);
      if (core_->handle_imds(request).status != 200) std::abort();
    }
  }
  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

 private:
  static base::HttpRequest make(const char* method, const char* path, const std::string& name) {
    base::HttpRequest request;
    request.method = method;
    request.target = path;
    request.peer.address = base::SocketAddress::parse("127.0.0.1:5000").value();
    request.headers.add("Host", "127.0.0.1");
    request.headers.add("X-Imdsd-Instance", name);
    return request;
  }

  base::RealClock clock_;
  base::RealRandom random_;
  std::unique_ptr<daemon::Core> core_;
  std::vector<std::string> names_, tokens_;
};

double nanoseconds(const Fleet& fleet, const char* path, std::size_t count) {
  const auto before = std::chrono::steady_clock::now();
  fleet.ask(path, count);
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - before;
  return took.count() / static_cast<double>(count);
}

/// Pages of this process that are touched while the work runs.
template <class Work>
double pages_touched(Work work) {
  std::ofstream("/proc/self/clear_refs") << '1' << std::flush;
  work();
  double kilobytes = 0;
  std::ifstream maps("/proc/self/smaps");
  for (std::string line; std::getline(maps, line);) {
    if (line.starts_with("Referenced:")) kilobytes += std::stod(line.substr(line.find(' ')));
  }
  return kilobytes / 4;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure(const char* what, const char* path, const Fleet& one, const Fleet& many,
             std::size_t rounds) {
  constexpr std::size_t kFew = 200;
  many.ask(path, many.size());  // makes what is made at the first time
  std::vector<double> ones, manies;
  for (std::size_t round = 0; round < rounds; ++round) {
    ones.push_back(nanoseconds(one, path, many.size()));
    manies.push_back(nanoseconds(many, path, many.size()));
  }
  const double of_one = pages_touched([&] { one.ask(path, kFew); });
  const double of_few = pages_touched([&] { many.ask(path, kFew); });
  std::printf("%-16s one %6.0f ns   many %6.0f ns   difference %6.0f ns   pages %.1f\n", what,
              median(ones), median(manies), median(manies) - median(ones),
              (of_few - of_one) / (kFew - 1));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t instances = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10000;
  const std::size_t rounds = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 15;
  base::configure_log(base::LogLevel::warn, base::LogFormat::text);
  char folder[] = "/tmp/imdsd-bench-XXXXXX";
  const std::string root = ::mkdtemp(folder);
  {
    const Fleet one(root + "/one", 1), many(root + "/many", instances);
    const std::string only = argc > 3 ? argv[3] : "";
    if (only != "instance-id") measure("credentials", kCredentials, one, many, rounds);
    if (only != "credentials") measure("instance-id", kLeaf, one, many, rounds);
  }
  std::filesystem::remove_all(root);
}
