// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config_fixture.h"
#include "daemon/core.h"
#include "temp_dir.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::daemon {

/// A core without ports, on a state directory of its own.
class CoreTest : public testing::Test {
 protected:
  TempDir temp_;
  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_;
  std::unique_ptr<Core> core_ = make();

  [[nodiscard]] std::unique_ptr<Core> make() {
    auto state = StateDir::open(temp_.path()).value();
    auto ring = load_key_ring(state, random_, clock_.now()).value();
    auto iam = open_iam(state).value();
    return std::make_unique<Core>(clock_, random_, std::move(state), std::move(ring),
                                  std::move(iam));
  }

  /// All problems, one a line.
  [[nodiscard]] std::string apply(const std::string& text) {
    auto applied = core_->apply(TestConfig{text}.config());
    return applied ? "" : TestConfig::lines(applied.error());
  }

  [[nodiscard]] base::HttpResponse get(const std::string& path) const {
    return core_->handle_imds(fakes::HttpRequestBuilder("GET", path)
                                  .header("Host", "127.0.0.1")
                                  .from("127.0.0.1:5000")
                                  .build());
  }
  [[nodiscard]] nlohmann::json credentials() const {
    return nlohmann::json::parse(get("/latest/meta-data/iam/security-credentials/app-role").body,
                                 nullptr, false);
  }
  [[nodiscard]] std::string profile_id() const {
    return nlohmann::json::parse(get("/latest/meta-data/iam/info").body)["InstanceProfileId"];
  }
};

}  // namespace imdsd::daemon
